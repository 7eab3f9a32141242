"""What every enricher must do, wherever it knows from."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from burn.api import (
    AllocationFrame,
    CheckRequest,
    Enricher,
    EnricherSpec,
    Enrichment,
    EnrichRequest,
    Scope,
    Window,
    dimensions,
    schemas,
)
from burn.plugin.chosen import Chosen
from burn.stages.enrich import enrich, statements
from burn.testing.gaps import Conformance
from burn.testing.plugin import PluginChecks
from burn.testing.tiny import tiny_allocation
from burn.work.events import Silent

if TYPE_CHECKING:
    import pandas as pd

DAY = Window(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 2, tzinfo=UTC))


class EnricherConformance(PluginChecks, Conformance):
    """Subclass, set `plugin`, implement `make`; say in `expected` what it must know."""

    check_group = "frames"
    kind = EnricherSpec
    contract = Enricher
    window: ClassVar[Window] = DAY
    """The day on which `expected` holds."""
    expected: ClassVar[Mapping[str, Mapping[str, str]]] = {}
    """Dimensions of some namespaces, e.g. `{"shop": {"team": "store"}}`; at least one."""

    def made(self) -> Enricher:
        """See `PluginChecks`."""
        return self.make()

    def make(self) -> Enricher:
        """A fresh enricher."""
        raise NotImplementedError

    def _rows(self) -> AllocationFrame:
        """The tiny cluster's rows, once in each namespace that is expected."""
        import pandas as pd

        tiny = tiny_allocation(self.window, allocated=True)
        shop = tiny[tiny["namespace"] == "shop"]
        rows = [tiny, *(shop.assign(namespace=name) for name in self.expected)]
        return schemas.ALLOCATION.validate(pd.concat(rows), author="burn.testing")

    def _enriched(self) -> AllocationFrame:
        chosen = Chosen(self.plugin, "burn.testing", self.make())
        return enrich([chosen], self._rows(), Scope(), self.window, Silent())[0]

    def _said(self, subjects: bool = True) -> Enrichment:
        names = [name for name in schemas.DIMENSIONS.names if name in ("kind", *_SUBJECT)]
        asked: pd.DataFrame = schemas.DIMENSIONS.empty()[names]
        if subjects:
            spaces = self._rows()[["cluster", "namespace"]].drop_duplicates().astype("str")
            spaces = spaces[spaces["namespace"] != ""].assign(kind="namespace")
            asked = spaces.reindex(columns=names, fill_value="")
        return self.make().enrich(EnrichRequest(scope=Scope(), window=self.window, subjects=asked))

    def test_it_can_be_asked_whether_it_works(self) -> None:
        """`burn doctor` has something to show: each check with its texts."""
        checks = list(self.make().check(CheckRequest(window=self.window)))
        assert all(one.name and one.detail for one in checks)
        assert all(one.ok or one.hint for one in checks)

    def test_its_statements_are_valid(self) -> None:
        """Frame, names of dimensions, days, and what each kind of row needs."""
        assert len(statements(self._said(), self.plugin)), "it knows nothing"

    def test_it_knows_what_it_must(self) -> None:
        """The expected namespaces have their dimensions on that day."""
        assert self.expected, "say in `expected` what it must know"
        rows = self._enriched()
        for namespace, wanted in self.expected.items():
            mine = rows.loc[rows["namespace"] == namespace, "dimensions"]
            found = {name: set(dimensions.values(mine, name).astype(str)) for name in wanted}
            assert found == {name: {value} for name, value in wanted.items()}, namespace

    def test_no_cent_moves(self) -> None:
        """As many rows as before, each with its cost."""
        before, after = self._rows(), self._enriched()
        assert after["cost"].tolist() == before["cost"].tolist()
        assert math.fsum(after["cost"]) == math.fsum(before["cost"])

    def test_the_same_question_has_the_same_answer(self) -> None:
        """Two fresh enrichers say the same, in one order."""
        assert self._said().rows.equals(self._said().rows)

    def test_of_nothing_it_may_be_asked(self) -> None:
        """A window without pods is no error."""
        statements(self._said(subjects=False), self.plugin)


_SUBJECT = ("cluster", "namespace", "workload_kind", "workload", "name")
