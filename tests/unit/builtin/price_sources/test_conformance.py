"""Burn's own price source passes the kit."""

from __future__ import annotations

from pathlib import Path

import pytest

from burn.api import PriceSource
from burn.builtin.price_sources.specs import PriceTableSettings
from burn.builtin.price_sources.table import PriceTable
from burn.testing import PriceSourceConformance

TABLE = """kind,cpu_hour,memory_hour,gib_month
node,0.03,0.004,
volume,,,0.08
"""


class TestPriceTable(PriceSourceConformance):
    plugin = "table"
    about = "CSV, nodes and volumes"

    @pytest.fixture(autouse=True)
    def here(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        Path("prices.csv").write_text(TABLE)

    def make(self) -> PriceSource:
        return PriceTable(PriceTableSettings(files=("prices.csv",)))
