"""`burn ask` with a model: its answer with burn's figures under it, or the answer by rules and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from burn.api import Message, QuestionSpec, UsageError
from burn.cli import console
from burn.cli.ask import by_rules, records, show
from burn.plugin.registry import Registry
from burn.questions.talk.conversation import Talk, Talked
from burn.questions.talk.pseudonyms import Pseudonyms
from burn.text.clean import clean

if TYPE_CHECKING:
    from burn.api import Model
    from burn.cli.options import Flags
    from burn.config.load import Config
    from burn.questions.desk import Desk

_CHECKED = (
    "Worded by model `{}`. Each figure in it is one of burn's; whether the sentences around them are right is"
    " for you to judge. {}"
)
_REFUSED = "the answer of model `{}` is not shown: {}"


def by_model(
    flags: Flags,
    config: Config,
    desk: Desk,
    question: str,
    run: str,
    *,
    as_json: bool,
    show_prompt: bool,
) -> None:
    """Ask the model that is set, and print its answer, or that of the rules.

    Raises:
        AccessError: the model cannot be reached.
        UsageError: its answer is not accepted, and no rule fits.
    """
    settings, cluster = config.ask, flags.cluster or ""
    talk = Talk(
        desk,
        model_of(config),
        settings,
        _printed if show_prompt else lambda _: None,
        _pseudonyms() if settings.redact else None,
    )
    talked = talk.answer(question, run, cluster)
    if talked.text:
        _answered(talked, desk, settings.model, as_json=as_json)
        return
    why = _REFUSED.format(settings.model, talked.why)
    try:
        given = by_rules(desk, question, run, cluster)
    except UsageError as error:
        raise UsageError(f"{why}; and {error.message}", hint=error.hint) from None
    console.warn(f"{why}. What follows is the answer by rules")
    if as_json:
        console.data_json(
            {"by": "rules", "why": why, "answers": records(given), "spent": _spent(talked)}
        )
        return
    show(given)


def model_of(config: Config) -> Model:
    """The model that is set, made."""
    name = config.ask.model
    offer = Registry.discover(config.block).model(name)
    return offer.make(config.plugin("model", name, offer.spec.settings).settings).made


def _answered(talked: Talked, desk: Desk, model: str, *, as_json: bool) -> None:
    from burn.questions.cited import cited

    numbered: dict[str, int] = {}
    for one in talked.used:
        numbered.setdefault(one.money.cite, len(numbered) + 1)
    found = {cite: cited(desk, cite) for cite in numbered}
    if as_json:
        figures = [
            {
                "amount": str(one.figure.amount),
                "currency": one.figure.currency,
                "basis": one.figure.basis,
                "window": one.figure.window,
                "cite": cite,
                "title": one.title,
            }
            for cite, one in found.items()
        ]
        asked = [{"question": name, "params": params} for name, params in talked.asked]
        console.data_json(
            {
                "by": "model",
                "model": model,
                "text": talked.text,
                "figures": figures,
                "asked": asked,
                "spent": _spent(talked),
            }
        )
        return
    text = talked.text
    for one in reversed(talked.used):
        text = f"{text[: one.end]} [{numbered[one.money.cite]}]{text[one.end :]}"
    for line in text.splitlines():
        console.prose(line)
    if found:
        console.data("")
        console.table(
            ("", "exact", "", "basis", "window", "of"),
            [
                (
                    f"[{numbered[cite]}]",
                    f"{one.figure.amount:,f}",
                    clean(one.figure.currency),
                    one.figure.basis,
                    one.figure.window,
                    one.title,
                )
                for cite, one in found.items()
            ],
            right=("exact",),
        )
        console.data("")
    for cite, number in numbered.items():
        console.data(f"[{number}] {cite}")
    spent = talked.spent
    cost = "" if spent.cost is None else f", {spent.cost:.4f} USD"
    took = f"{spent.turns} turns, {spent.calls} questions, {spent.tokens:,} tokens{cost}."
    console.prose(_CHECKED.format(model, took))


def _spent(talked: Talked) -> dict[str, Any]:
    spent = talked.spent
    cost = None if spent.cost is None else str(spent.cost)
    return {"turns": spent.turns, "calls": spent.calls, "tokens": spent.tokens, "cost": cost}


def _pseudonyms() -> Pseudonyms:
    from burn.questions.ledger import LANDINGS

    return Pseudonyms([*LANDINGS, *(title for _, title in LANDINGS.values())])


def _printed(sent: Message | Sequence[QuestionSpec]) -> None:
    """What is sent, to standard error."""
    if not isinstance(sent, Message):
        for tool in sent:
            console.talk(
                f"tool {tool.name}({', '.join(tool.parameters['properties'])}): {tool.about}"
            )
        return
    body = [clean(line) for line in sent.text.splitlines()]
    calls = [f"{call.name} {dict(call.arguments)}" for call in sent.calls]
    for line in (*body, *map(clean, calls)):
        console.talk(f"{sent.role}: {line}")
