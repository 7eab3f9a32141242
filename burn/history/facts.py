"""What a report has beside its frames, as JSON and back: exact decimals, floats to the last bit."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from burn.api import ControlTotal, Coverage, DataError, Finding, Report, RunInfo, Totals

FRAMES = (
    "ledger",
    "prices",
    "allocation",
    "namespace_split",
    "daily",
    "assets",
    "use",
    "sizes",
    "plan",
    "spot",
    "commitments",
    "offers",
)
"""Fields of a report that are frames; each that is there is a file of its own."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Every other field of a report, and the settings that made it."""

    info: RunInfo
    totals: Totals
    control: ControlTotal | None
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    coverage: Coverage = field(default_factory=Coverage)
    settings: tuple[str, ...] = ()

    @property
    def counted(self) -> ControlTotal:
        """What the bill was counted as.

        Raises:
            DataError: the report has none.
        """
        if self.control is None:
            raise DataError(f"report {self.info.run_id} is one without a bill")
        return self.control


OF_REPORT = tuple(one.name for one in fields(Facts) if one.name != "settings")


def to_json(report: Report, settings: tuple[str, ...]) -> bytes:
    """All of it; findings, files and invoices may be thousands."""
    values = {name: _plain(getattr(report, name)) for name in OF_REPORT}
    return json.dumps({**values, "settings": settings}, default=_text).encode()


def from_json(content: bytes) -> Facts:
    """The facts; fields that a later burn added are left out, those that an older lacked are default.

    Raises:
        ValueError: it is damaged.
    """
    from pydantic import TypeAdapter

    return TypeAdapter(Facts).validate_python(json.loads(content))


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return asdict(value) if hasattr(value, "__dataclass_fields__") else value


def _text(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if hasattr(value, "item"):
        return value.item()  # a NumPy number
    raise TypeError(f"a report cannot be kept with a {type(value).__name__} in it")
