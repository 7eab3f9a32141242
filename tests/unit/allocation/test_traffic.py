"""What is said of traffic that no pod is known to have sent."""

from __future__ import annotations

from burn.allocation.traffic import traffic, traffic_note
from tests.unit.builtin.policies.rows import frame, row


def test_what_stays_is_said() -> None:
    network = {"asset_id": "node/a", "resource": "network"}
    start = frame(row("", 5.0, **network, kind="unallocated"), row("", 7.0))
    end = frame(row("shop", 3.5, **network), row("", 8.5))
    assert traffic(start, end) == (5.0, 3.5)
    assert "1.50 of 5.00 EUR of traffic" in str(traffic_note(5.0, 3.5, "EUR"))
    assert traffic_note(5.0, 5.0, "EUR") is None
