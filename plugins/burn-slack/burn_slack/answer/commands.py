"""What stands behind `/burn`: which view is meant, and of what."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from burn.api import UsageError

HELP = (
    ("/burn", "the report in a few lines"),
    (
        "/burn why [DRIVER or RESOURCE]",
        "the walk from the report to the bill, and what is behind a line",
    ),
    ("/burn ns [NAME]", "namespaces, or one by its workloads"),
    ("/burn team [OWNER]", "owners, or one by its workloads"),
    ("/burn diff [BEFORE [AFTER]]", "what changed, e.g. /burn diff 2026-09 2026-10"),
    ("/burn forecast", "where the month lands"),
    ("/burn plan", "what to do about it"),
    ("/burn budgets", "what is spent of each, and what is reached"),
    ("/burn trend, /burn missing", "cost by period; what a report does not know"),
    ("/burn ask QUESTION", "a question in your words"),
    ("/burn run [WINDOW]", "read the metrics and the bill anew, if you may"),
)
_RUN = re.compile(
    r"latest|\d{4}-\d{2}(-\d{2})?(\.\.\d{4}-\d{2}-\d{2})?|[0-9a-f]{8,12}(\.[0-9a-f]{1,6})?"
)
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """A view, and the parameters of its question."""

    view: str
    params: Mapping[str, Any] = field(default_factory=dict)


def parse(text: str) -> Wanted:
    """Understand what follows `/burn`.

    Raises:
        UsageError: it is no command.
    """
    if len(text) > _LONGEST:
        raise UsageError(f"the command has {len(text):,} characters", hint="type a shorter one")
    word, _, rest = text.strip().partition(" ")
    rest = rest.strip()
    name = word.lower()
    if name in _OTHER:
        return _OTHER[name](rest)
    if _RUN.fullmatch(word) and not rest:
        return Wanted("summary", {"run": word})
    raise UsageError(
        "this is no command of /burn", hint="/burn help lists them; /burn ask takes a sentence"
    )


def _of_run(view: str) -> Callable[[str], Wanted]:
    return lambda rest: Wanted(view, {"run": rest} if rest else {})


def _why(rest: str) -> Wanted:
    if not rest or _RUN.fullmatch(rest):
        return _of_run("why")(rest)
    of, run = _last(rest)
    return Wanted("explain", {"of": of, **run})


def _namespace(rest: str) -> Wanted:
    if not rest or _RUN.fullmatch(rest):
        return _of_run("allocation")(rest)
    of, run = _last(rest)
    return Wanted("explain", {"of": of, "what": "namespace", **run})


def _team(rest: str) -> Wanted:
    if not rest or _RUN.fullmatch(rest):
        return Wanted("allocation", {"by": "owner", **({"run": rest} if rest else {})})
    of, run = _last(rest)
    return Wanted("allocation", {"by": "workload", "where": {"owner": of}, **run})


def _diff(rest: str) -> Wanted:
    words = rest.split()
    if len(words) > 2:
        raise UsageError(
            "/burn diff takes two reports at most", hint="e.g. /burn diff 2026-09 2026-10"
        )
    return Wanted("diff", dict(zip(("before", "after"), words, strict=False)))


def _ask(rest: str) -> Wanted:
    if not rest:
        raise UsageError(
            "/burn ask needs a question", hint="e.g. /burn ask why is the bill higher?"
        )
    return Wanted("ask", {"text": rest})


def _last(rest: str) -> tuple[str, dict[str, str]]:
    """A name, and the report after it if one is named."""
    name, _, last = rest.rpartition(" ")
    return (name.strip(), {"run": last}) if name and _RUN.fullmatch(last) else (rest, {})


_OTHER: dict[str, Callable[[str], Wanted]] = {
    "": _of_run("summary"),
    "summary": _of_run("summary"),
    "analyze": _of_run("summary"),
    "why": _why,
    "reconcile": _why,
    "explain": _why,
    "ns": _namespace,
    "namespace": _namespace,
    "team": _team,
    "owner": _team,
    "diff": _diff,
    "forecast": lambda _: Wanted("forecast"),
    "plan": _of_run("plan"),
    "budgets": lambda _: Wanted("budgets"),
    "trend": lambda _: Wanted("trend"),
    "missing": _of_run("missing"),
    "run": lambda rest: Wanted("run", {"window": rest}),
    "ask": _ask,
    "help": lambda _: Wanted("help"),
}
