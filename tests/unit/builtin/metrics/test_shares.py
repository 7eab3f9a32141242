"""A balancer's hours, cut between those who share it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from burn.builtin.metrics.common.shares import balancers


def test_each_owner_has_an_even_part_and_the_parts_are_the_balancer():
    owned = pd.DataFrame(
        [
            ("x", "Ingress", "admin", "web"),
            ("x", "Ingress", "search", "web"),
            ("x", "Ingress", "shop", "web"),
            ("y", "Service", "shop", "api"),
        ],
        columns=["provider_id", "owner_kind", "namespace", "owner_name"],
    )
    # The third Ingress came in the second hour, at half past; hour 3 nobody was there.
    there = np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.5, 0.0], [1.0, 0.0, 0.5]])
    rows, parts = balancers(owned, there)
    assert rows["asset_id"].tolist() == [
        "load_balancer/x/admin/web",
        "load_balancer/x/search/web",
        "load_balancer/x/shop/web",
        "load_balancer/y",
    ]
    assert parts[0] == pytest.approx([0.5, 0.4, 0.0])
    assert parts[2] == pytest.approx([0.0, 0.2, 0.0])
    assert parts[:3].sum(axis=0) == pytest.approx([1.0, 1.0, 0.0])
    assert parts[3] == pytest.approx([1.0, 0.0, 0.5])
