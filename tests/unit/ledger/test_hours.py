"""A node billed for more hours than a day has, or fewer than it ran, is named or refused."""

from __future__ import annotations

import pandas as pd
import pytest

from burn.api import DataError
from burn.ledger.checks.hours import fewer_hours, require_possible
from burn.ledger.landing import land
from tests.unit.ledger.frames import bill, identities, prices

KNOWN = identities(a="n-1")
PRICED = prices({"asset_id": "node/a", "quantity": 24.0, "unit_price": 1.0})
NODE = {"resource_key": "n-1", "in_cluster": True, "match_method": "resource id"}


def landed(*hours: float) -> pd.DataFrame:
    return land(bill(*({**NODE, "quantity": each} for each in hours)), KNOWN)


def test_a_day_and_the_hour_of_a_restart() -> None:
    assert require_possible(landed(24.0, 1.0), KNOWN, PRICED) is None


def test_a_fifth_of_the_lines_twice() -> None:
    note = require_possible(landed(24.0, 4.8), KNOWN, PRICED)
    assert note is not None
    assert "node/a is billed 28.8 hours on 2026-10-01 (1 such day of 1 node)" in note


def test_all_lines_twice() -> None:
    with pytest.raises(DataError, match=r"48.0 hours on 2026-10-01 .* more than once"):
        require_possible(landed(24.0, 24.0), KNOWN, PRICED)


def test_a_month_on_one_line_and_a_shared_resource_say_nothing() -> None:
    month = land(bill({**NODE, "quantity": 744.0}).assign(x_hours=744.0), KNOWN)
    assert require_possible(month, KNOWN, PRICED) is None
    shared = KNOWN.assign(method="shared: scale set")
    assert require_possible(landed(72.0), shared, PRICED) is None
    assert fewer_hours(landed(8.0), shared, PRICED, None) is None
    # A node of a scale set has lines of its own, beside those that name the set alone.
    both = pd.concat([KNOWN, shared.assign(resource_key="set")], ignore_index=True)
    with pytest.raises(DataError, match=r"48\.0 hours"):
        require_possible(landed(24.0, 24.0), both, PRICED)
    assert "12 of 24" in str(fewer_hours(landed(12.0), both, PRICED, None))
    rows = bill({**NODE, "quantity": 12.0}, {**NODE, "quantity": 12.0, "resource_key": "set"})
    assert fewer_hours(land(rows, both), both, PRICED, None) is None


def test_what_is_counted_in_other_units() -> None:
    pods = PRICED.assign(unit="vCPU-hours")
    assert require_possible(landed(96.0), KNOWN, pods) is None


def test_fewer_hours_than_the_node_was_seen() -> None:
    """The lab's cloud bills a node as long as it is seen; half of the lines are not there."""
    assert fewer_hours(landed(24.0), KNOWN, PRICED, None) is None
    assert fewer_hours(landed(23.0), KNOWN, PRICED, None) is None
    note = fewer_hours(landed(8.0, 4.0), KNOWN, PRICED, None)
    assert note is not None
    assert "fewer hours than the metrics show for 1 node: 12 of 24 on 1 day" in note
    missing = PRICED["day"].min().to_pydatetime()
    assert fewer_hours(landed(12.0), KNOWN, PRICED, missing) is None, "said already"


def test_the_newest_day_may_be_there_in_part() -> None:
    first, second = landed(24.0), landed(6.0)
    later = pd.Timedelta(days=1)
    both = pd.concat([first, second.assign(day=second["day"] + later)])
    priced = pd.concat([PRICED, PRICED.assign(day=PRICED["day"] + later)])
    assert fewer_hours(both, KNOWN, priced, None) is None
