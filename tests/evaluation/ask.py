"""Asks a real model the questions of `cases.py`, and counts how many it answers right. By hand:

    burn run --provider aws --sample --output october.txt
    python -m tests.evaluation.ask model=openai url=http://localhost:11434/v1 name=qwen3:14b [limit=20]

The key comes from BURN_MODEL__OPENAI__KEY. `right`: accepted, and each expected figure is in it.
`other`: accepted, without one of them. `refused`: burn would have answered by rules.
"""

from __future__ import annotations

import sys
from collections import Counter
from decimal import Decimal

from burn.cli import answers
from burn.cli.ask_model import model_of
from burn.cli.options import Flags
from burn.questions.talk.conversation import Talk, Talked
from tests.evaluation.cases import Case, Sample

CENT, TENTH = Decimal("0.01"), Decimal("0.1")


def right(case: Case, talked: Talked) -> bool:
    """Whether an accepted text states all that is expected, within a cent or a tenth of a percent."""
    if case.unit == "%":
        return all(f"{one:.1f}" in talked.text for one in case.expects)
    said = [one.money.amount for one in talked.used]
    wanted = [Decimal(repr(one)) for one in case.expects]
    return all(any(abs(one - amount) <= CENT for amount in said) for one in wanted)


def main(given: dict[str, str]) -> None:
    """Ask all, a line each, then the counts."""
    name = given.get("model", "openai")
    words = {"url": given.get("url"), "model": given.get("name")}
    sets = [f"ask.model={name}"]
    sets += [f"model.{name}.{key}={value}" for key, value in words.items() if value]
    flags = Flags(sets=sets, sample=True)
    config = answers.configured(flags)
    desk, counted, spent = answers.over(config, flags), Counter[str](), 0
    for case in Sample.kept().cases[: int(given.get("limit", 1_000))]:
        talked = Talk(desk, model_of(config), config.ask).answer(case.question, case.month)
        how = ("right" if right(case, talked) else "other") if talked.text else "refused"
        counted[how] += 1
        spent += talked.spent.tokens
        print(f"{how:8} {case.question}\n         {talked.text or talked.why}", flush=True)
    print(dict(counted), f"{spent:,} tokens")


if __name__ == "__main__":
    main(dict(word.split("=", 1) for word in sys.argv[1:]))
