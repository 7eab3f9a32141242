"""SKUs that are treated alike are summed as one outside the cluster: the bill is the same."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from burn.api import BillRequest, Scope, Window, schemas
from burn_gcp.bill import summing
from burn_gcp.bill.charges.alike import alike
from burn_gcp.provider import GcpProvider
from burn_gcp.settings import GcpSettings
from tests.lab.gcp import gcp_table
from tests.lab.gcp_names import gcp_world
from tests.lab.ledger import charge
from tests.lab.random_world import random_world

COMPUTE = "Compute Engine"
STANDS = {
    ("Cloud Storage", "Standard Storage"): "",
    ("Cloud Storage", "Egress to the moon"): "Download data transfer",
    ("Cloud Storage", "Download data transfer"): "Download data transfer",
    ("Networking", "Egress to the moon"): "Egress to the moon",
    (COMPUTE, "N2 Instance Core running in Iowa"): "N2 Instance Core running in Iowa",
    (COMPUTE, "N2 Custom Instance Core running in Iowa"): "N2 Custom Instance Core running in Iowa",
    (COMPUTE, "Commitment v1: N2 Cpu in Iowa for 1 Year"): (
        "Commitment v1: N2 Cpu in Iowa for 1 Year"
    ),
    ("Kubernetes Engine", "Regional Kubernetes Clusters"): "",
    ("Premium Support", "Fee"): "",
}


def test_what_stands_for_what() -> None:
    found = alike(STANDS)
    rows = zip(found["service"], found["sku"], found["stands"], strict=True)
    told = {(service, sku): stands for service, sku, stands in rows}
    assert {pair: told.get(pair, "") for pair in STANDS} == STANDS


@pytest.mark.parametrize("seed", [1, 3, 5])
def test_the_bill_is_the_same(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = gcp_world(random_world(seed))
    table = gcp_table(charge(world), model="legacy", daily=True, google=True)
    pq.write_table(table, tmp_path / "bill.parquet")
    provider = GcpProvider(GcpSettings(bill=str(tmp_path), price_list="off"))

    def read() -> pd.DataFrame:
        window = Window(world.start, world.end)
        return provider.bill(
            BillRequest(
                scope=Scope(cluster=world.cluster),
                window=window,
                identities=schemas.IDENTITY.empty(),
            )
        ).rows

    merged = read()
    monkeypatch.setattr(summing, "MAX_KINDS", 0)
    provider = GcpProvider(GcpSettings(bill=str(tmp_path), price_list="off"))
    order = [c.name for c in schemas.BILL.columns if c.kind in ("string", "timestamp")]
    pair = [rows.sort_values(order, ignore_index=True) for rows in (merged, read())]
    pd.testing.assert_frame_equal(*pair, rtol=1e-9, atol=1e-9)
    assert not merged["in_cluster"].all()
