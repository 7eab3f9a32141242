"""Provider ids, volume handles and addresses as Kubernetes has them, and the bill's names."""

from __future__ import annotations

import duckdb
import pandas as pd
import pytest

from burn.api import schemas
from burn_gcp.identity import identify
from burn_gcp.keys import resource_key_sql
from burn_gcp.prices.unpriced import unpriced

KEYS = {
    (
        "//compute.googleapis.com/projects/p/zones/us-east1-b/instances/gke-a",
        "",
    ): "p/us-east1-b/instance/gke-a",
    (
        "//compute.googleapis.com/projects/7/zones/z-1/instance/5390148292346713123",
        "gke-a",
    ): "proj/z-1/instance/gke-a",
    (
        "//compute.googleapis.com/projects/p/regions/us-east1/disks/pvc-1",
        "",
    ): "proj/us-east1/disk/pvc-1",
    (
        "//compute.googleapis.com/projects/p/regions/us-east1/forwardingRules/a1",
        "",
    ): "forwardingrule/a1",
    ("", ""): "",
}


@pytest.mark.parametrize(("named", "key"), list(KEYS.items()))
def test_a_bills_resource_has_one_key(named: tuple[str, str], key: str) -> None:
    text = resource_key_sql("g", "n", "p", "z")
    with duckdb.connect() as db:
        sql = f"SELECT {text} FROM (SELECT ? AS g, ? AS n, 'proj' AS p, 'zone' AS z)"
        (found,) = db.execute(sql, list(named)).fetchone() or ("",)
    assert found == key.replace("p/us-east1-b", "proj/us-east1-b")


def inventory(**assets: tuple[str, str]) -> pd.DataFrame:
    base = {c.name: 0.0 if c.kind == "float" else "" for c in schemas.INVENTORY.columns}
    day = pd.Timestamp("2026-10-01", tz="UTC").as_unit("us")
    rows = [
        base | {"asset_id": name, "kind": kind, "provider_id": text, "day": day, "zone": "z-1"}
        for name, (kind, text) in assets.items()
    ]
    return schemas.INVENTORY.validate(pd.DataFrame(rows), author="test")


def test_each_kind_of_asset() -> None:
    seen = inventory(
        node=("node", "gce://p/z-1/gke-a"),
        csi=("volume", "projects/p/zones/z-1/disks/pvc-1"),
        regional=("volume", "projects/p/regions/r-1/disks/pvc-2"),
        tree=("volume", "old-disk"),
        balancer=("load_balancer", "34.1.2.3"),
        elsewhere=("node", "aws:///z/i-1"),
    )
    found = identify(seen, ("a1=34.1.2.3", "a2=34.9.9.9"))
    assert found.groupby("asset_id")["resource_key"].agg(sorted).to_dict() == {
        "node": ["p/z-1/disk/gke-a", "p/z-1/instance/gke-a"],
        "csi": ["p/z-1/disk/pvc-1"],
        "regional": ["p/r-1/disk/pvc-2"],
        "tree": ["p/z-1/disk/old-disk"],
        "balancer": ["address/34.1.2.3", "forwardingrule/a1"],
    }


def test_a_file_system_is_shared_by_its_claims_and_a_bucket_is_nothing() -> None:
    """Filestore's handles name no project, but of a multishare; a bucket's is a bare name."""
    seen = inventory(
        node=("node", "gce://p/z-1/gke-a"),
        one=("volume", "modeInstance/z-1/share/vol1"),
        two=("volume", "modeInstance/z-1/share/vol2"),
        many=("volume", "modeMultishare/enterprise/q/r-1/fs/share1"),
        lustre=("volume", "q/z-1/lustre-1"),
        parallel=("volume", "q/z-1/ps-1/default-pool/default-container"),
        bucket=("volume", "my-bucket"),
        nothing=("volume", ""),
    )
    seen.loc[seen["asset_id"] == "bucket", "zone"] = ""
    found = identify(seen)
    assert found.groupby("resource_key")["asset_id"].agg(sorted).to_dict() == {
        "p/z-1/disk/gke-a": ["node"],
        "p/z-1/instance/gke-a": ["node"],
        "p/z-1/instance/share": ["one", "two"],
        "q/r-1/instance/fs": ["many"],
        "q/z-1/instance/lustre-1": ["lustre"],
        "q/z-1/instance/ps-1": ["parallel"],
    }
    disks = unpriced(seen).set_index("asset_id")["service"]
    assert set(disks[["one", "many", "bucket", "nothing"]]) == {"other"}
