"""Prompts: what people come for, as steps through the tools."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import mcp_types as types
from mcp.shared.exceptions import MCPError

_LONGEST = 100
_RULES = (
    " Quote amounts exactly as the tools give them, rounded to cents at most, each with its citation; compute"
    " none yourself. Say whether the bill is final."
)


@dataclass(frozen=True, slots=True)
class Known:
    """A prompt.

    Attributes:
        arguments: name → what it is, and what it is when it is not given.
    """

    title: str
    text: str
    arguments: Mapping[str, tuple[str, str]]


_RUN = {"run": ("the report: latest, its name, or a window as 2026-10", "latest")}
PROMPTS = {
    "why_the_gap": Known(
        "Why the bill differs from the Kubernetes report",
        "Explain to an engineer and a finance partner why the cloud bill of run {run} differs from the Kubernetes"
        " cost report. Use `summary`, then `ledger` by driver, then `explain` for the three largest drivers, then"
        " `missing`. Walk from the report to the cluster's cost to what was billed; name each large reason once,"
        " why it is there and what to do about it.",
        _RUN,
    ),
    "chargeback_review": Known(
        "Review the chargeback",
        "Review the chargeback of run {run} by {by}. Use `allocation` by {by} at effective cost beside list price,"
        " page by page until nothing is omitted; `diff` by {by} against the report before it (see `reports`). Say"
        " who carries most, whose cost changed most and why, and how much nobody carries.",
        {**_RUN, "by": ("namespace, workload, owner, or a dimension such as team", "namespace")},
    ),
    "monthly_close": Known(
        "Close the month",
        "Prepare the monthly close of {month}. Use `summary` and `missing` for run {month} and stop if the bill is"
        " provisional or hours are missing, saying what to wait for. Then `invoice`, `diff` against the month"
        " before, `budgets`, `findings` and `forecast`. End with a table: report, cluster, billed, invoiced, the"
        " change on the month before, and the open points.",
        {"month": ("the month, as 2026-10", "latest")},
    ),
}


def listed() -> types.ListPromptsResult:
    """All of them."""
    return types.ListPromptsResult(
        prompts=[
            types.Prompt(
                name=name,
                title=known.title,
                description=known.title,
                arguments=[
                    types.PromptArgument(
                        name=word, description=f"{what}; without it: {default}", required=False
                    )
                    for word, (what, default) in known.arguments.items()
                ],
            )
            for name, known in PROMPTS.items()
        ]
    )


def got(name: str, arguments: Mapping[str, str]) -> types.GetPromptResult:
    """One of them, filled in.

    Raises:
        MCPError: there is none of this name, or an argument is not its own.
    """
    known = PROMPTS.get(name)
    if known is None:
        raise MCPError(types.INVALID_PARAMS, f"there is no prompt; there are {', '.join(PROMPTS)}")
    odd = set(arguments) - set(known.arguments)
    if odd or any(len(value) > _LONGEST or not value.isprintable() for value in arguments.values()):
        raise MCPError(
            types.INVALID_PARAMS, f"{name} takes {', '.join(known.arguments)}, short texts"
        )
    filled = {word: default for word, (_, default) in known.arguments.items()} | dict(arguments)
    text = known.text.format(**filled) + _RULES
    message = types.PromptMessage(role="user", content=types.TextContent(text=text))
    return types.GetPromptResult(description=known.title, messages=[message])
