"""JSON: the whole report, versioned; described by docs/reference/report.schema.json."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from burn.api import AlertRequest, WriteRequest
from burn.api.dimensions import names
from burn.api.headline import headline
from burn.api.vocabulary import OBSERVABLE
from burn.builtin.sinks.frames import DECIMALS, table
from burn.builtin.sinks.rows import rows
from burn.builtin.sinks.settings import JsonSettings
from burn.builtin.sinks.target import write_text
from burn.view.analysis import detail, sentence
from burn.view.waterfall import known

if TYPE_CHECKING:
    import pandas as pd

    from burn.api import Coverage, Report

SCHEMA_VERSION = "1.3"
"""Major: something was renamed or removed. Minor: something was added."""
WORDS = ("name", "group", "title", "why", "advice")
"""What a reader gets of a driver."""
OMITTED = ("asset_id", "labels")
"""Columns of the allocation that a report leaves empty."""


class JsonSink:
    """See the module."""

    def __init__(self, settings: JsonSettings) -> None:
        self._daily = settings.daily

    def write(self, request: WriteRequest) -> None:
        """Write the document; the same report gives the same bytes."""
        report, target = request.report, request.target
        write_text(text(document(report, daily=self._daily)), target)

    def alert(self, request: AlertRequest) -> None:
        """Write what `burn check` found, as a list."""
        found = [plain({**asdict(one), "new": one.told is None}) for one in request.alerts]
        write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", request.target)


def document(report: Report, *, daily: bool = True) -> dict[str, Any]:
    """The report as JSON values and frames: money in `info.currency`, times in ISO 8601, UTC.

    What a source cost its server (queries, bytes) is left out: it may differ between two runs
    over the same input.
    """
    ledger = table(report, "ledger")
    drivers = dict.fromkeys(zip(ledger["group"], ledger["driver"], strict=True))
    split = report.namespace_split
    alone = report.control is None
    held = report.commitments is not None
    return {
        "schema_version": SCHEMA_VERSION,
        "headline": list(_headline(report)),
        "info": plain(asdict(report.info)),
        "totals": plain(asdict(report.totals)),
        "control": None if report.control is None else plain(asdict(report.control)),
        "drivers": [_driver(str(group), str(name)) for group, name in drivers],
        "ledger": ledger,
        "allocation": _allocation(table(report, "allocation", flat=False), daily=daily),
        "prices": table(report, "prices"),
        "findings": [plain(asdict(finding)) for finding in report.findings],
        "namespace_split": None if split is None else split.sort_values("namespace"),
        "notes": list(report.notes),
        "coverage": _coverage(report.coverage),
        **({"commitments": table(report, "commitments")} if held else {}),
        **({"assets": table(report, "assets"), "use": table(report, "use")} if alone else {}),
    }


def _headline(report: Report) -> tuple[str, str]:
    if report.control is None:
        return sentence(report), detail(report)
    words = headline(report)
    return words.sentence, words.detail


def text(values: dict[str, Any]) -> Iterator[str]:
    """The document in pieces, one record a line: two reports differ line by line."""
    for number, (key, value) in enumerate(values.items()):
        yield f"{',' if number else '{'}\n  {dumps(key)}: "
        yield from _value(value)
    yield "\n}\n"


def dumps(value: Any) -> str:
    """One line. ASCII only: no terminal, pager or diff can be fooled by what a name holds."""
    return json.dumps(value, ensure_ascii=True, allow_nan=False)


def plain(value: Any) -> Any:
    """A JSON value: floats rounded to `DECIMALS`, what is not a number as null, instants as text."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, DECIMALS) + 0.0
    return value


def _value(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        members = (f"{dumps(name)}: {dumps(member)}" for name, member in value.items())
        yield from _lines(members, "{}")
    elif isinstance(value, list):
        yield from _lines(map(dumps, value), "[]")
    elif isinstance(value, (str, type(None))):
        yield dumps(value)
    else:
        members = (f"{dumps(name).replace('%', '%%')}: %s" for name in value.columns)
        told = {"dimensions": _as_object}
        yield from _lines(rows(value, f"{{{', '.join(members)}}}", dumps, "null", told), "[]")


def _as_object(text: str) -> str:
    """JSON text as the object that it is, in ASCII."""
    return dumps(json.loads(text or "{}"))


def _lines(items: Iterable[str], brackets: str) -> Iterator[str]:
    """Items one a line between brackets; nothing between them when there are none."""
    some = False
    for item in items:
        yield f",\n    {item}" if some else f"{brackets[0]}\n    {item}"
        some = True
    yield f"\n  {brackets[1]}" if some else brackets


def _driver(group: str, name: str) -> dict[str, str]:
    words = asdict(known(name, group)) | {"group": group}
    return {word: words[word] for word in WORDS}


def _allocation(frame: pd.DataFrame, *, daily: bool) -> pd.DataFrame:
    frame = frame.drop(columns=list(OMITTED))
    if not names(frame["dimensions"]):
        frame = frame.drop(columns="dimensions")
    if daily:
        return frame
    keys = [name for name in frame.columns if name not in ("day", "cost")]
    return frame.groupby(keys, as_index=False, sort=True, observed=True)[["cost"]].sum()


def _coverage(coverage: Coverage) -> dict[str, Any]:
    gaps = [{"start": plain(start), "end": plain(end)} for start, end in coverage.gaps]
    return {
        "hours_missing": plain(coverage.hours_missing),
        "gaps": gaps,
        "notes": list(coverage.notes),
        "sees": {kind: coverage.sees.get(kind) for kind in OBSERVABLE},
    }
