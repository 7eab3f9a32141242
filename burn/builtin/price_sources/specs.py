"""The price sources burn comes with."""

from __future__ import annotations

from dataclasses import dataclass

from burn.api import PriceSource, PriceSourceSpec, setting


@dataclass(frozen=True, slots=True)
class PriceTableSettings:
    """`[price_source.table]`."""

    files: tuple[str, ...] = setting(
        (), help="CSV or TOML files of your own rates; the first rate that fits counts"
    )


def _table(settings: PriceTableSettings) -> PriceSource:
    from burn.builtin.price_sources.table import PriceTable

    return PriceTable(settings)


def _files(settings: PriceTableSettings) -> tuple[str, ...]:
    return settings.files


PRICE_SOURCES = (
    PriceSourceSpec(
        name="table",
        summary="Rates of your own from CSV or TOML files: negotiated prices, nodes on premises",
        make=_table,
        settings=PriceTableSettings,
        files=_files,
    ),
)
