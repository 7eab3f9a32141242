"""One kept report: what its marker says of it, enough to list it and to choose it."""

from __future__ import annotations

import json
import math
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from burn.api import DataError, Report, Window

FORMAT = 1
"""Raised when a reader of before would misread; fields may be added without."""
PLACE = f"v{FORMAT}"
BESIDE = f"without-bill/v{FORMAT}"
"""Where reports without a bill lie: a burn that does not know them sees none, and mixes none in."""
MARKER = "run.json"


MONEY = ("report", "cluster_effective", "billed", "residual")


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept report's marker.

    Attributes:
        name: unique: the run's id, a dot, and a few random digits.
        kept_at: when, in UTC.
        provisional_from: as in `RunInfo`.
        files: sizes in bytes, by file name, without the marker.
        place: its folder, below the place of all.
    """

    name: str
    run_id: str
    kept_at: datetime
    burn_version: str
    cluster: str | None
    provider: str
    window: Window
    basis: str
    currency: str
    report: float
    cluster_effective: float
    billed: float
    residual: float
    provisional_from: datetime | None
    files: dict[str, int]
    place: str = ""
    bill: bool = True
    """False: of `burn analyze`, which reads no bill; what only a bill says is not a number."""

    @property
    def final(self) -> bool:
        """Whether the bill of the whole window could no longer change."""
        return self.provisional_from is None

    @property
    def billed_by(self) -> str:
        """The provider whose bill it has; empty: none."""
        return self.provider if self.bill else ""

    @property
    def size(self) -> int:
        """Bytes, without the marker."""
        return sum(self.files.values())

    @property
    def subject(self) -> tuple[str, str]:
        """Whose report it is: cluster and provider."""
        return self.cluster or "", self.provider

    def final_on(self, day: datetime) -> bool:
        """Whether that day's bill could no longer change."""
        return self.provisional_from is None or day < _midnight(self.provisional_from)


def describe(report: Report, now: datetime, files: dict[str, int]) -> Kept:
    """The marker of a report that is being kept."""
    info, totals = report.info, report.totals
    name = f"{info.run_id}.{secrets.token_hex(3)}"
    cluster = quote(info.cluster or "", safe="")
    span = f"{info.window.start:%Y-%m-%dT%H}..{info.window.end:%Y-%m-%dT%H}"
    return Kept(
        name=name,
        run_id=info.run_id,
        kept_at=now,
        burn_version=info.burn_version,
        cluster=info.cluster,
        provider=info.provider,
        window=info.window,
        basis=info.basis,
        currency=info.currency,
        report=totals.report,
        cluster_effective=totals.cluster_effective,
        billed=totals.billed,
        residual=totals.residual,
        provisional_from=info.provisional_from,
        files=files,
        place=f"{BESIDE if report.control is None else PLACE}/cluster={cluster}/window={span}/run={name}",
        bill=report.control is not None,
    )


def to_json(kept: Kept) -> bytes:
    """The marker's content."""
    values: dict[str, Any] = {"format": FORMAT, **asdict(kept)}
    del values["place"]
    values |= {name: None for name in MONEY if math.isnan(values[name])}
    return (json.dumps(values, indent=1, default=datetime.isoformat) + "\n").encode()


def from_json(content: bytes, place: str) -> Kept:
    """Read a marker.

    Raises:
        DataError: it is of a later format, or damaged.
    """
    try:
        values = json.loads(content)
        if values["format"] > FORMAT:
            raise DataError(
                f"kept report {place} has format {values['format']}; this burn reads {FORMAT}",
                hint="read it with the version of burn that wrote it",
            )
        window = Window(*(_instant(values["window"][end]) for end in ("start", "end")))
        since = values["provisional_from"]
        plain = ("name", "run_id", "burn_version", "cluster", "provider", "basis", "currency")
        fields_: dict[str, Any] = {name: values[name] for name in plain}
        bill = bool(values.get("bill", True))
        fields_ |= {
            name: math.nan if values[name] is None and not bill else float(values[name])
            for name in MONEY
        }
        return Kept(
            **fields_,
            kept_at=_instant(values["kept_at"]),
            window=window,
            provisional_from=None if since is None else _instant(since),
            files={str(name): int(size) for name, size in values["files"].items()},
            place=place,
            bill=bill,
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(
            f"kept report {place} is damaged: {type(error).__name__} in {MARKER}",
            hint="remove its folder, and run burn again for its window",
        ) from error


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _midnight(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)
