"""What every allocation policy must do, whatever it shares by."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from burn.api import (
    AllocationFrame,
    AllocationPolicy,
    AllocationPolicySpec,
    ApplyRequest,
    ContractError,
    Observation,
    UsageFrame,
    Window,
    joined,
    schemas,
)
from burn.testing.gaps import Conformance
from burn.testing.plugin import PluginChecks
from burn.testing.tiny import tiny_allocation, tiny_observation

if TYPE_CHECKING:
    import pandas as pd

DAY = Window(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 2, tzinfo=UTC))


class AllocationPolicyConformance(PluginChecks, Conformance):
    """Subclass, set `plugin`, implement `make`."""

    check_group = "frames"
    kind = AllocationPolicySpec
    contract = AllocationPolicy

    def made(self) -> AllocationPolicy:
        """See `PluginChecks`."""
        return self.make()

    def make(self) -> AllocationPolicy:
        """A fresh policy."""
        raise NotImplementedError

    @pytest.fixture(params=["start of the chain", "after a share policy"])
    def before(self, request: pytest.FixtureRequest) -> AllocationFrame:
        """What the policy is handed: it must cope with both ends of a chain."""
        return tiny_allocation(DAY, allocated=request.param != "start of the chain")

    def _checked(self, after: AllocationFrame) -> AllocationFrame:
        return schemas.ALLOCATION.validate(after, author=self.plugin)

    def _apply(self, before: AllocationFrame) -> AllocationFrame:
        return self._checked(self.make().apply(_request(before, tiny_observation(DAY))))

    def test_money_is_conserved(self, before: AllocationFrame) -> None:
        """Σ cost is the same before and after, per basis and day."""
        keys = ["basis", "day"]
        was = before.groupby(keys)["cost"].sum()
        now = self._apply(before).groupby(keys)["cost"].sum()
        assert set(was.index) == set(now.index)
        assert (abs(now - was) <= 1e-9 * abs(was) + 1e-9).all(), now - was

    def test_the_frame_is_valid_and_finite(self, before: AllocationFrame) -> None:
        """Every column, kind and allowed value of schema `allocation`."""
        assert self._apply(before)["cost"].notna().all()

    def test_nobody_pays_less_than_nothing(self, before: AllocationFrame) -> None:
        """From costs that are not negative come costs that are not negative."""
        assert (self._apply(before)["cost"] >= -1e-12).all()

    def test_a_credit_is_conserved_too(self, before: AllocationFrame) -> None:
        """A refund can make an asset's cost negative; it is still the same money."""
        turned = before.assign(cost=-before["cost"])
        after = self._apply(schemas.ALLOCATION.validate(turned, author="burn.testing"))
        assert abs(after["cost"].sum() - turned["cost"].sum()) <= 1e-9 * before["cost"].sum()

    def test_a_day_without_pods_is_no_error(self) -> None:
        """A cluster that only idles still costs, and somebody or nobody carries it."""
        seen = tiny_observation(DAY)
        bare = replace(
            seen,
            pods=schemas.PODS.empty(),
            usage=schemas.USAGE.empty(),
            mounts=schemas.MOUNTS.empty(),
        )
        before = tiny_allocation(DAY)
        after = schemas.ALLOCATION.validate(
            self.make().apply(_request(before, bare)), author=self.plugin
        )
        assert abs(after["cost"].sum() - before["cost"].sum()) <= 1e-9 * before["cost"].sum()

    def test_the_input_is_left_alone(self, before: AllocationFrame) -> None:
        """The chain's own frame must not change under it."""
        copy = before.copy(deep=True)
        self._apply(before)
        assert before.equals(copy)

    def test_the_same_input_gives_the_same_output(self, before: AllocationFrame) -> None:
        """Two fresh policies, one answer, in one order."""
        assert self._apply(before).equals(self._apply(before))

    def test_row_order_does_not_matter(self, before: AllocationFrame) -> None:
        """Turned upside down, the input gives the same owners the same cost."""
        turned = schemas.ALLOCATION.validate(before.iloc[::-1], author="burn.testing")
        assert _owners(self._apply(before)).equals(_owners(self._apply(turned)))

    def test_an_empty_allocation_stays_empty(self) -> None:
        """A day without cost is not an error."""
        assert self._apply(schemas.ALLOCATION.empty()).empty

    def test_a_bad_frame_is_refused_before_it_reaches_a_policy(self) -> None:
        """The core, not the policy, checks what comes in: a null cost never arrives."""
        bad = tiny_allocation(DAY).assign(cost=float("nan"))
        with pytest.raises(ContractError, match="`cost`"):
            schemas.ALLOCATION.validate(bad, author="someone")

    @pytest.mark.parametrize(
        "allocated", [False, True], ids=["at the start", "after a share policy"]
    )
    def test_many_days_at_once_are_each_day_alone(self, allocated: bool) -> None:
        """Cost stays on its day and at its basis, whatever else is in the frame."""
        import pandas as pd

        days = [
            Window(DAY.start + n * (DAY.end - DAY.start), DAY.end + n * (DAY.end - DAY.start))
            for n in range(3)
        ]
        seen = [tiny_observation(day) for day in days]
        # Each day has other cost, and other pods: `job` runs on the first, and asks for more on the third.
        usage = seen[1].usage
        seen[1] = replace(seen[1], usage=UsageFrame(usage[usage["pod_uid"] != "job"]))
        seen[2] = replace(
            seen[2],
            usage=UsageFrame(seen[2].usage.assign(cpu_request=seen[2].usage["cpu_request"] * 1.5)),
        )
        rows = [
            _two_bases(tiny_allocation(day, allocated=allocated), n) for n, day in enumerate(days)
        ]
        alone = pd.concat(
            [
                self._checked(self.make().apply(_request(*one)))
                for one in zip(rows, seen, strict=True)
            ]
        )
        at_once = schemas.ALLOCATION.validate(pd.concat(rows), author="burn.testing")
        found = _owners(self._checked(self.make().apply(_request(at_once, joined(seen)))))
        wanted = _owners(AllocationFrame(alone))
        assert (abs(found.sub(wanted, fill_value=0.0)) <= 1e-9).all()


def _request(allocation: AllocationFrame, observed: Observation) -> ApplyRequest:
    return ApplyRequest(allocation=allocation, observed=observed)


def _two_bases(rows: AllocationFrame, day: int) -> AllocationFrame:
    import pandas as pd

    listed = rows.assign(cost=rows["cost"] * (1 + day))
    paid = rows.assign(cost=rows["cost"] / (2 + day), basis="effective")
    return schemas.ALLOCATION.validate(pd.concat([listed, paid]), author="burn.testing")


def _owners(frame: AllocationFrame) -> pd.Series[float]:
    keys = [name for name in schemas.ALLOCATION.names if name != "cost"]
    return frame.groupby(keys)["cost"].sum().round(9).sort_index()
