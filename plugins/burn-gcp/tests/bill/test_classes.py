"""SKU descriptions as the Cloud Billing Catalog spells them: one thing has several names."""

from __future__ import annotations

import pandas as pd
import pytest

from burn_gcp.bill.charges.classes import described
from burn_gcp.bill.charges.own_lines import with_own_lines

COMPUTE = "Compute Engine"
NAMES = [
    ("Nvidia L4 GPU running in Americas", "node", False, "l4 gpu"),
    ("L4 GPU attached to Spot Preemptible VMs running in Hong Kong", "node", True, "l4 gpu"),
    ("NVIDIA L4 GPU attached to spot preemptible VMs running in Paris", "node", True, "l4 gpu"),
    ("Nvidia Tesla T4 GPU attached to Preemptible VMs running in Iowa", "node", True, "t4 gpu"),
    ("Spot Preemptible A2 Instance Ram running in Iowa", "node", True, "a2 ram"),
    ("Preemptible N1 Predefined Instance Core running in EMEA", "node", True, "core"),
    ("TpuV6e attached to Spot Preemptible VMs running in Columbus", "node", True, "tpuv6e"),
    ("TpuV6e running in Columbus", "node", False, "tpuv6e"),
    ("SSD backed Local Storage in Bangkok", "node_disk", False, "local ssd"),
    ("Commitment v1: Local SSD In Bangkok for 3 Years", "unused_commitment", False, "local ssd"),
    ("Commitment v1: Nvidia L4 GPU in Paris for 1 Year", "unused_commitment", False, "l4 gpu"),
    ("N4 Sole Tenancy Instance Core running in Iowa", "node", False, "n4 core"),
    ("Commitment v1: N4 Cpu in Iowa for 1 Year", "unused_commitment", False, "n4 core"),
    ("C4 Instance Local SSD running in Iowa", "node_disk", False, "c4 local ssd"),
    ("Commitment v1: C4 Local SSD in Iowa for 1 Year", "unused_commitment", False, "c4 local ssd"),
    ("Licensing Fee for Windows Server 2022 Datacenter Edition (CPU cost)", "license", False, None),
    ("Licensing Fee for NVIDIA Quadro Virtual Workstation (GPU cost)", "license", False, None),
]


@pytest.mark.parametrize(("sku", "kind", "spot", "component"), NAMES, ids=[n[0] for n in NAMES])
def test_a_thing_is_told_by_any_of_its_names(
    sku: str, kind: str, spot: bool, component: str | None
) -> None:
    found = described(pd.DataFrame({"service": [COMPUTE], "sku": [sku]})).iloc[0]
    assert (found["cost_class"], found["spot"]) == (kind, spot)
    if component:
        assert found["component"] == component


def lines(*told: tuple[str, str, float, float]) -> pd.DataFrame:
    rows = pd.DataFrame(told, columns=["resource_key", "sku", "usage", "list_cost"])
    rows = rows.assign(service=COMPUTE, place_by="resource name")
    return with_own_lines(rows.merge(described(rows[["service", "sku"]].drop_duplicates())))


def test_an_instance_of_an_unknown_family_is_its_own_lines() -> None:
    """A node with a line of cores keeps what else it is billed as `other`."""
    found = lines(
        ("p/z/instance/new", "Z9 Slice in Iowa", 24.0, 10.0),
        ("p/z/instance/new", "Z9 Extra in Iowa", 1.0, 1.0),
        ("p/z/instance/old", "N2 Instance Core running in Iowa", 96.0, 3.0),
        ("p/z/instance/old", "Odd thing in Iowa", 1.0, 0.5),
    )
    assert found["cost_class"].tolist() == ["node", "node", "node", "other"]
    assert found["part"].tolist() == ["device", "", "core", ""]
