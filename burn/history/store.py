"""Keeps finished reports and gives them again. Nothing is rewritten, so nobody needs a lock.

Below the place: `v1/cluster=…/window=…/run=…/` with a Parquet file for each frame, `facts.json.gz`,
and `run.json`, the marker, written last. A folder without a marker is no kept report: a writer was
killed, and the next one removes what it left.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from burn.api import DataError, Report, schemas
from burn.history import facts
from burn.history.frames import from_parquet, rows, to_parquet
from burn.history.kept import BESIDE, MARKER, PLACE, Kept, describe, from_json, to_json
from burn.history.place import Place
from burn.place import arrow_errors

FACTS = "facts.json.gz"
ABANDONED = timedelta(hours=1)
"""After which files without a marker are left over: nobody writes so long."""
_AT_A_TIME = 16
PLACES = (f"{PLACE}/", f"{BESIDE}/")


class History:
    """All kept reports of one place."""

    def __init__(self, place: Place) -> None:
        self.place = place

    def keep(
        self, report: Report, settings: Sequence[str] = (), now: datetime | None = None
    ) -> Kept:
        """Keep a finished report.

        Args:
            report: any; the same one twice is kept twice.
            settings: what is set of the run that made it, `key=value`, no secrets.
            now: when that is; by the clock if nobody says.

        Raises:
            AccessError: the place cannot be written.
        """
        contents = {
            f"{name}.parquet": to_parquet(getattr(report, name))
            for name in facts.FRAMES
            if getattr(report, name) is not None
        }
        contents[FACTS] = gzip.compress(facts.to_json(report, tuple(settings)), mtime=0)
        sizes = {name: len(content) for name, content in contents.items()}
        kept = describe(report, now or datetime.now(UTC), sizes)
        for name, content in contents.items():
            self.place.write(f"{kept.place}/{name}", content)
        self.place.write(f"{kept.place}/{MARKER}", to_json(kept))
        return kept

    def adopt(self, other: History, now: datetime) -> int:
        """Take over what another place keeps and this one does not; the number of reports.

        They are kept anew, so that what is kept after them is newer.

        Raises:
            AccessError: the place cannot be written.
        """
        here = {one.name for one in self.all()}
        missing = [one for one in other.all() if one.name not in here]
        for one in missing:
            for name in one.files:
                self.place.write(f"{one.place}/{name}", other.place.read(f"{one.place}/{name}"))
            self.place.write(f"{one.place}/{MARKER}", to_json(replace(one, kept_at=now)))
        return len(missing)

    def all(self, warn: Callable[[str], None] = lambda _: None) -> list[Kept]:
        """Every kept report, the newest first.

        Args:
            warn: told of each one that cannot be read; the others are given all the same.
        """
        from concurrent.futures import ThreadPoolExecutor

        ends = f"/{MARKER}"
        names = [
            name for name in self.place.files() if name.endswith(ends) and name.startswith(PLACES)
        ]
        with ThreadPoolExecutor(_AT_A_TIME) as pool:
            found = list(pool.map(self._marker, names))
        for one in found:
            if isinstance(one, DataError):
                warn(one.message)
        kept = [one for one in found if isinstance(one, Kept)]
        return sorted(kept, key=lambda one: (one.kept_at, one.name), reverse=True)

    def load(self, kept: Kept) -> Report:
        """The report as it was, to the last bit.

        Raises:
            DataError: a file is missing or damaged.
        """
        found = self.facts(kept)
        frames = {
            name: self.frame(kept, name) for name in facts.FRAMES if f"{name}.parquet" in kept.files
        }
        values = {name: getattr(found, name) for name in facts.OF_REPORT}
        return Report(**values, **frames)

    def facts(self, kept: Kept) -> facts.Facts:
        """What it has beside its frames."""
        return self._read(kept, FACTS, lambda content: facts.from_json(gzip.decompress(content)))  # type: ignore[no-any-return]

    def frame(self, kept: Kept, name: str) -> Any:
        """One of its frames alone; a report of which only the ledger is needed is read quickly."""
        frame = self._read(kept, f"{name}.parquet", from_parquet)
        if name == "allocation" and "dimensions" not in frame:  # kept before there were any
            at = list(frame.columns).index("owner") + 1
            frame.insert(at, "dimensions", frame["labels"])  # `{}`, as a report has them
        schema = next((one for one in schemas.SCHEMAS if one.name == name), None)
        if schema and any(one.optional and one.name not in frame for one in schema.columns):
            return schema.completed(frame)  # kept before they were known: unknown
        return frame

    def rows(
        self, kept: Kept, name: str, columns: Sequence[str], **wanted: str
    ) -> list[dict[str, Any]]:
        """Some rows of one of its frames, as `frames.rows` reads them."""
        found: list[dict[str, Any]] = self._read(
            kept, f"{name}.parquet", lambda content: rows(content, columns, **wanted)
        )
        return found

    def remove(self, kept: Kept) -> None:
        """Remove one: the marker first, so that no reader sees a part."""
        for name in (MARKER, *kept.files):
            self.place.remove(f"{kept.place}/{name}")
        self.place.remove_folder(kept.place)

    def sweep(self, now: datetime | None = None) -> int:
        """Remove what killed writers left; the number of files."""
        before = (now or datetime.now(UTC)) - ABANDONED
        files = self.place.files()
        whole = {name.rpartition("/")[0] for name in files if name.endswith(f"/{MARKER}")}
        left = [
            name
            for name, (_, changed) in files.items()
            if name.startswith(PLACES)
            and "/run=" in name
            and name.rpartition("/")[0] not in whole
            and changed < before
        ]
        for name in left:
            self.place.remove(name)
        for folder in {name.rpartition("/")[0] for name in left}:
            self.place.remove_folder(folder)
        return len(left)

    def _marker(self, name: str) -> Kept | DataError | None:
        try:
            return from_json(self.place.read(name), name.removesuffix(f"/{MARKER}"))
        except FileNotFoundError:
            return None  # removed just now
        except DataError as error:
            return error

    def _read(self, kept: Kept, name: str, decode: Callable[[bytes], Any]) -> Any:
        import zlib

        try:
            content = self.place.read(f"{kept.place}/{name}")
            if len(content) != kept.files[name]:
                raise ValueError(f"{len(content):,} bytes where {kept.files[name]:,} were written")
            return decode(content)
        except Exception as error:
            if not isinstance(error, (OSError, ValueError, EOFError, zlib.error, *arrow_errors())):
                raise
            raise DataError(
                f"kept report {kept.name} cannot be read: {name}: {error}",
                hint="remove it with `burn history prune`, and run burn again for its window",
            ) from error
