"""Table: dimensions from files that people keep by hand. What cannot be meant is refused, by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from burn.api import (
    DRIVERS,
    Check,
    CheckRequest,
    DataError,
    Enrichment,
    EnrichRequest,
    UsageError,
    dimensions,
    schemas,
)
from burn.api.tables import closest, read_table
from burn.builtin.enrichers.specs import TableSettings

if TYPE_CHECKING:
    import pandas as pd

SUBJECT = ("cluster", "namespace", "workload_kind", "workload", "shared")
FROM = "valid_from"
HINT = "docs/how-to/group-by-team.md has an example"


class TableEnricher:
    """See the module."""

    def __init__(self, settings: TableSettings) -> None:
        if not settings.files:
            raise UsageError(
                "enricher `table` has no files", hint='set [enricher.table] files = ["teams.csv"]'
            )
        self._settings = settings

    def check(self, request: CheckRequest) -> Iterable[Check]:  # noqa: ARG002
        """Whether every file can be read and says nothing twice."""
        rows = self._rows()
        names = ", ".join(dict.fromkeys(rows["dimension"].astype(str)))
        yield Check(name="tables", ok=True, detail=f"{len(self._settings.files)} read: {names}")

    def enrich(self, request: EnrichRequest) -> Enrichment:  # noqa: ARG002
        """All rows of all files."""
        return Enrichment(rows=schemas.DIMENSIONS.validate(self._rows(), author="burn"))

    def _rows(self) -> pd.DataFrame:
        import pandas as pd

        tables = pd.concat([self._read(Path(name).expanduser()) for name in self._settings.files])
        tables = tables.reset_index(drop=True)
        _require_once(tables)
        long = tables.drop(columns="where").melt(
            [*schemas.DIMENSIONS.names[:-2]], var_name="dimension", value_name="value"
        )
        return long.assign(value=long["value"].fillna(""))

    def _read(self, path: Path) -> pd.DataFrame:
        """The subject's columns of frame `dimensions`, a column a dimension, and `where` it stands."""
        import pandas as pd

        table = read_table(path)
        found = list(_dimensions(list(table.columns), self._settings.dimensions, path))
        subject = table.reindex(columns=list(SUBJECT), fill_value="")
        where = pd.Series([f"{path.name}, row {n}" for n in table.index], index=table.index)
        shared, space, work = (subject[name] != "" for name in ("shared", "namespace", "workload"))
        _refuse(~(shared | space), where, "names no namespace and no shared cost")
        _refuse(
            shared & (space | work), where, "is of shared cost and of a namespace: take two rows"
        )
        _refuse(
            (subject["workload_kind"] != "") & ~work, where, "has workload_kind and no workload"
        )
        for driver in subject["shared"][shared].unique():
            if driver not in DRIVERS:
                hint = closest(driver, DRIVERS) or "docs/reference/drivers.md lists them"
                _refuse(subject["shared"] == driver, where, f"has no driver: `{driver}`", hint)
        kind = pd.Series("namespace", index=table.index).mask(work, "workload")
        return subject.drop(columns="shared").assign(
            kind=kind.mask(shared, "shared"),
            name=subject["shared"],
            valid_from=_days(table, where),
            where=where,
            **{name: table[name] for name in found},
        )


def _dimensions(columns: list[str], wanted: Iterable[str], path: Path) -> Iterator[str]:
    """The columns that are dimensions; every other one must be known."""
    known, wanted = [*SUBJECT, FROM], list(wanted)
    for name in wanted:
        if name not in columns:
            raise DataError(
                f"{path.name} has no column `{name}`, which enricher.table.dimensions names",
                hint=closest(name, columns) or f"it has {', '.join(columns)}",
            )
    if not {"namespace", "shared"} & set(columns):
        raise DataError(
            f"{path.name} has no column `namespace`, nor `shared`",
            hint=closest("namespace", columns) or f"it has {', '.join(columns)}; {HINT}",
        )
    found = [name for name in columns if name not in known]
    for name in found:
        near = "" if name in wanted else closest(name, known, slip=True)
        why = near or dimensions.problem(name)
        if why or (wanted and name not in wanted):
            raise DataError(
                f"{path.name} has a column `{name}`, which is no dimension",
                hint=why or f"dimensions are {', '.join(wanted)} (enricher.table.dimensions)",
            )
    if not found:
        raise DataError(f"{path.name} has no column that is a dimension, e.g. `team`", hint=HINT)
    yield from found


def _days(table: pd.DataFrame, where: pd.Series[Any]) -> pd.Series[Any]:
    """From which day each row holds; null: always."""
    import pandas as pd

    if FROM not in table:
        return pd.Series(pd.NaT, index=table.index, dtype="datetime64[us, UTC]")
    text = table[FROM]
    days: pd.Series[Any] = pd.to_datetime(
        text.mask(text == ""), format="%Y-%m-%d", utc=True, errors="coerce"
    )
    odd = days.isna() & (text != "")
    if odd.any():
        what = f"`{text[odd].iloc[0]}` in {FROM} is no date"
        _refuse(odd, where, what, "write it as 2026-10-31; it holds from that day on, in UTC")
    return days


def _require_once(tables: pd.DataFrame) -> None:
    keys = [name for name in schemas.DIMENSIONS.key if name != "dimension"]
    twice = tables[tables.duplicated(keys, keep=False)]
    if twice.empty:
        return
    number = twice.groupby(keys, dropna=False, sort=False).ngroup()
    same = twice[number == 0]
    first = same.iloc[0]
    words = (first["namespace"], first["workload"], first["name"])
    day = "" if first[[FROM]].isna().any() else f" from {first[FROM]:%Y-%m-%d} on"
    raise DataError(
        f"`{'/'.join(filter(None, words))}` is named twice{day}: {' and '.join(same['where'][:2])}",
        hint="keep one of them, or say in valid_from from which day the later one holds",
    )


def _refuse(bad: pd.Series[Any], where: pd.Series[Any], what: str, hint: str = HINT) -> None:
    if bad.any():
        more = f" ({int(bad.sum()):,} such rows)" if bad.sum() > 1 else ""
        raise DataError(f"{where[bad].iloc[0]} {what}{more}", hint=hint)
