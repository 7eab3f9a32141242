"""The questions, by name, each with the JSON schemas of what it takes and gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import cached_property
from typing import TYPE_CHECKING, Any

from burn.api import QuestionSpec, UsageError
from burn.plugin.messages import did_you_mean
from burn.questions import (
    allocation,
    budgets,
    calculate,
    diff,
    explain,
    findings,
    forecast,
    invoice,
    jobs,
    ledger,
    missing,
    over_time,
    reports,
    summary,
)
from burn.questions.kind import Kind

if TYPE_CHECKING:
    from burn.questions.desk import Desk


class Question:
    """One question: validates what it is asked with, and writes what it answers.

    Args:
        kind: its name, words and types.
    """

    def __init__(self, kind: Kind[Any, Any]) -> None:
        self.kind = kind

    @property
    def run(self) -> Callable[[Desk, Any], Any]:
        """Answers it."""
        return self.kind.run

    @cached_property
    def spec(self) -> QuestionSpec:
        """What an interface needs to know of it."""
        takes = _bare(self._takes.json_schema())
        for field in fields(self.kind.takes):
            takes["properties"][field.name]["description"] = field.metadata["help"]
        takes["additionalProperties"] = False
        return QuestionSpec(
            name=self.kind.name,
            title=self.kind.title,
            about=self.kind.about,
            parameters=takes,
            answer=self._gives.json_schema(mode="serialization"),
            read_only=self.kind.reads,
        )

    def read(self, params: Mapping[str, Any]) -> Any:
        """The typed parameters.

        Raises:
            UsageError: one is unknown, or of the wrong kind.
        """
        from pydantic import ValidationError

        known = [field.name for field in fields(self.kind.takes)]
        for name in params:
            if name not in known:
                meant = did_you_mean(str(name), known)
                listed = ", ".join(known) or "nothing"
                raise UsageError(
                    f"question `{self.kind.name}` has no parameter `{str(name)[:60]}`",
                    hint=f"{meant} it takes {listed}".strip(),
                )
        try:
            return self._takes.validate_python(dict(params))
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False)[0]
            where = ".".join(map(str, first["loc"]))
            raise UsageError(
                f"`{where}` of question `{self.kind.name}` is {str(first['input'])[:60]!r}",
                hint=first["msg"][:1].lower() + first["msg"][1:],
            ) from None

    def plain(self, answer: Any) -> dict[str, Any]:
        """The answer as JSON."""
        made: dict[str, Any] = self._gives.dump_python(answer, mode="json")
        return made

    @cached_property
    def _takes(self) -> Any:
        from pydantic import TypeAdapter

        return TypeAdapter(self.kind.takes)

    @cached_property
    def _gives(self) -> Any:
        from pydantic import TypeAdapter

        return TypeAdapter(self.kind.gives)


QUESTIONS = {
    kind.name: Question(kind)
    for kind in (
        reports.KIND,
        summary.KIND,
        ledger.KIND,
        explain.KIND,
        allocation.KIND,
        findings.KIND,
        diff.KIND,
        over_time.KIND,
        forecast.KIND,
        budgets.KIND,
        invoice.KIND,
        missing.KIND,
        calculate.KIND,
        jobs.START,
        jobs.JOB,
    )
}


def question(name: str) -> Question:
    """By name.

    Raises:
        UsageError: there is none of this name.
    """
    found = QUESTIONS.get(name)
    if found is None:
        meant = did_you_mean(name, list(QUESTIONS))
        hint = f"{meant} questions are {', '.join(QUESTIONS)}".strip()
        raise UsageError(f"there is no question `{name[:60]}`", hint=hint)
    return found


def _bare(schema: dict[str, Any]) -> dict[str, Any]:
    """Without titles, which only repeat names: a list of tools is read by a model each time."""
    schema.pop("title", None)
    for one in schema.setdefault("properties", {}).values():
        one.pop("title", None)
    return schema
