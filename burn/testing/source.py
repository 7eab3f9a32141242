"""What every metrics source must do, wherever it looks."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from burn.api import (
    AccessError,
    BurnError,
    CheckRequest,
    MetricsSource,
    MetricsSourceSpec,
    Observation,
    ObserveRequest,
    Scope,
    Window,
    schemas,
)
from burn.api.containers import FACTS
from burn.testing.gaps import Conformance
from burn.testing.plugin import PluginChecks

if TYPE_CHECKING:
    import pandas as pd

AMOUNTS = ["hours", "cpu_request", "cpu_used", "memory_request", "memory_used", "gpu_request"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCase:
    """A source on recorded or served data.

    Attributes:
        day: a whole UTC day with at least one node and one pod.
        unreachable: makes the source where nothing answers or may be read.
    """

    source: MetricsSource
    day: Window
    scope: Scope = field(default_factory=Scope)
    unreachable: Callable[[], MetricsSource] | None = None


class MetricsSourceConformance(PluginChecks, Conformance):
    """Subclass, set `plugin`, implement `make_case` (or override the `case` fixture)."""

    check_group = "frames"
    kind = MetricsSourceSpec
    contract = MetricsSource

    @pytest.fixture(autouse=True)
    def _made(self, case: SourceCase) -> None:
        self._source = case.source

    def made(self) -> MetricsSource:
        """See `PluginChecks`."""
        return self._source

    def make_case(self) -> SourceCase:
        """The data the checks run on; called once a class."""
        raise NotImplementedError

    @pytest.fixture(scope="class")
    @classmethod
    def case(cls) -> SourceCase:
        """The subclass's case, made once; override it for a case that must be closed again."""
        return cls().make_case()

    @pytest.fixture(scope="class")
    @classmethod
    def seen(cls, case: SourceCase) -> Observation:
        """The whole day."""
        return case.source.observe(ObserveRequest(scope=case.scope, window=case.day))

    def test_check_says_what_is_reachable(self, case: SourceCase) -> None:
        """Every check has a name and a detail; one that failed has a next step."""
        checks = list(case.source.check(CheckRequest()))
        assert checks
        assert all(c.name and c.detail and (c.ok or c.hint) for c in checks)

    def test_the_frames_are_valid(self, seen: Observation) -> None:
        """Each frame as its schema has it, the optional ones if given; at least a node and a pod."""
        for frame, schema in (
            (seen.inventory, schemas.INVENTORY),
            (seen.presence, schemas.PRESENCE),
            (seen.pods, schemas.PODS),
            (seen.usage, schemas.USAGE),
            (seen.mounts, schemas.MOUNTS),
        ):
            schema.validate(frame, author=self.plugin)
        if seen.containers is not None:
            schemas.CONTAINERS.validate(seen.containers, author=self.plugin)
        if seen.workloads is not None:
            schemas.WORKLOADS.validate(seen.workloads, author=self.plugin)
            told = seen.workloads["x_known"].dropna().unique()
            odd = {fact for text in told for fact in json.loads(text)} - set(FACTS)
            assert not odd, f"x_known names {sorted(odd)}; it may name {FACTS}"
        assert (seen.inventory["kind"] == "node").any()
        assert len(seen.usage)

    def test_everything_lies_within_the_day(self, case: SourceCase, seen: Observation) -> None:
        """Hours on the hour, between the window's borders."""
        for hour in (seen.presence["hour"], seen.usage["hour"]):
            assert (hour >= case.day.start).all()
            assert (hour < case.day.end).all()
            assert (hour.dt.minute == 0).all()

    def test_nothing_is_there_for_more_than_an_hour_an_hour(self, seen: Observation) -> None:
        """Presence is a share of the hour; and no amount is negative."""
        for hours in (seen.presence["hours"], seen.usage["hours"]):
            assert hours.between(0, 1 + 1e-9).all()
        assert (seen.usage[AMOUNTS] >= 0).all(axis=None)

    def test_what_is_not_measured_is_null_and_not_nothing(self, seen: Observation) -> None:
        """A percentile of 0 all day is a column filled up, and would be advice to ask for 0."""
        for name in ("cpu_p95", "memory_p95", "memory_max"):
            values = seen.usage[name].dropna()
            assert values.empty or (values > 0).any(), f"{name} is 0 throughout; unknown is null"

    def test_every_pod_has_a_workload(self, seen: Observation) -> None:
        """A pod without an owner is its own: kind `Pod` and its name."""
        assert (seen.pods["workload_kind"] != "").all()
        assert (seen.pods["workload"] != "").all()

    def test_an_assets_hours_are_its_presence(self, seen: Observation) -> None:
        """The inventory's hours are the presence frame's, added up."""
        added = seen.presence.groupby("asset_id")["hours"].sum()
        hours = seen.inventory.set_index("asset_id")["hours"]
        assert (abs(hours - added.reindex(hours.index, fill_value=0.0)) < 1e-6).all()

    def test_frames_refer_to_each_other(self, seen: Observation) -> None:
        """No pod without identity, no usage on an unknown node, no mount of an unknown volume."""
        assets = set(seen.inventory["asset_id"])
        assert set(seen.usage["asset_id"]) | set(seen.mounts["asset_id"]) <= assets
        assert set(seen.usage["pod_uid"]) | set(seen.mounts["pod_uid"]) <= set(seen.pods["pod_uid"])

    def test_the_same_question_gives_the_same_answer(
        self, case: SourceCase, seen: Observation
    ) -> None:
        """Row for row, in one order."""
        again = case.source.observe(ObserveRequest(scope=case.scope, window=case.day))
        for name in ("inventory", "presence", "pods", "usage", "mounts"):
            assert getattr(again, name).equals(getattr(seen, name)), name

    def test_an_outline_is_of_what_is_observed(self, case: SourceCase, seen: Observation) -> None:
        """Of a source that stores what it saw: the same inventory, and a count of the usage."""
        outline = getattr(case.source, "outline", None)
        if outline is None:
            return
        found = outline(ObserveRequest(scope=case.scope, window=case.day))
        inventory = schemas.INVENTORY.validate(found.inventory, author=self.plugin)
        assert inventory.equals(schemas.INVENTORY.validate(seen.inventory, author=self.plugin))
        assert found.coverage == seen.coverage
        assert found.rows == (len(seen.usage),)

    def test_two_halves_are_the_whole(self, case: SourceCase, seen: Observation) -> None:
        """Hours and amounts of the morning and the afternoon are the day's."""
        noon = case.day.start + timedelta(hours=case.day.hours // 2)
        halves = [
            case.source.observe(ObserveRequest(scope=case.scope, window=w))
            for w in (Window(case.day.start, noon), Window(noon, case.day.end))
        ]
        whole = self._sums(seen)
        parts = self._sums(halves[0]).add(self._sums(halves[1]), fill_value=0.0)
        assert (abs(whole - parts) < 1e-6).all(), whole - parts

    def test_only_the_labels_that_were_asked_for(self, case: SourceCase, seen: Observation) -> None:
        """Labels are many and may hold anything; a run names those it needs."""
        wanted = {*case.scope.label_keys, *case.scope.node_label_keys}
        for labels in (seen.pods["labels"], seen.inventory["labels"].dropna()):
            assert all(set(json.loads(text)) <= wanted for text in labels.unique())

    def test_a_day_long_ago_is_empty_or_an_error(self, case: SourceCase) -> None:
        """Never somebody else's day."""
        long_ago = Window(
            case.day.start - timedelta(days=4000), case.day.end - timedelta(days=4000)
        )
        try:
            seen = case.source.observe(ObserveRequest(scope=case.scope, window=long_ago))
        except BurnError as refused:
            assert refused.message  # noqa: PT017
        else:
            assert seen.inventory.empty
            assert seen.usage.empty

    def test_what_cannot_be_reached_is_an_access_error(self, case: SourceCase) -> None:
        """Exit 4 with a next step, and never an empty day that looks like a cheap one."""
        assert case.unreachable, "give SourceCase.unreachable, or declare a gap"
        with pytest.raises(AccessError) as caught:
            case.unreachable().observe(ObserveRequest(scope=case.scope, window=case.day))
        assert caught.value.hint

    def _sums(self, seen: Observation) -> pd.Series[Any]:
        sums = seen.usage[AMOUNTS].sum()
        sums["assets"] = seen.presence["hours"].sum()
        return sums
