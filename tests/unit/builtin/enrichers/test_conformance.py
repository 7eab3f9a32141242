"""Burn's own enricher passes the kit."""

from __future__ import annotations

from pathlib import Path

import pytest

from burn.api import Enricher
from burn.builtin.enrichers.specs import TableSettings
from burn.builtin.enrichers.table import TableEnricher
from burn.testing import EnricherConformance

TABLE = """namespace,workload,team,product,valid_from
shop,,store,web shop,
shop,,old,,2026-10-02
batch,job,night,,
kube-system,,platform,,2026-09-01
"""


class TestTable(EnricherConformance):
    plugin = "table"
    expected = {
        "shop": {"team": "store", "product": "web shop"},
        "kube-system": {"team": "platform"},
    }

    @pytest.fixture(autouse=True)
    def here(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        Path("teams.csv").write_text(TABLE)

    def make(self) -> Enricher:
        return TableEnricher(TableSettings(files=("teams.csv",)))
