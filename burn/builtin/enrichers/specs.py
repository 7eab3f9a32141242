"""The enrichers burn comes with."""

from __future__ import annotations

from dataclasses import dataclass

from burn.api import Enricher, EnricherSpec, setting


@dataclass(frozen=True, slots=True)
class TableSettings:
    """`[enricher.table]`."""

    files: tuple[str, ...] = setting(
        (),
        help="CSV or Parquet files: namespace, or shared (a driver of shared cost); cluster, workload_kind,"
        " workload and valid_from where they are needed; and a column for each dimension",
    )
    dimensions: tuple[str, ...] = setting(
        (), help="columns that are dimensions; empty: all that are not named above"
    )


def _table(settings: TableSettings) -> Enricher:
    from burn.builtin.enrichers.table import TableEnricher

    return TableEnricher(settings)


def _files(settings: TableSettings) -> tuple[str, ...]:
    return settings.files


ENRICHERS = (
    EnricherSpec(
        name="table",
        summary="Dimensions of namespaces, workloads and shared cost, from CSV or Parquet files",
        make=_table,
        settings=TableSettings,
        files=_files,
    ),
)
