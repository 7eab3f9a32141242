"""What `burn explain` shows as bill lines is what stands behind the driver, on every cloud."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from burn.cli.app import app

KIND = {"aws": "line_item_line_item_type", "gcp": "cost_type", "azure": "chargeType"}
NODES = {"aws": "i-0b5e", "gcp": "gke-shop-prod", "azure": "aks-gpu-38291044-vmss"}


def lines(driver: str, provider: str, *more: str) -> list[dict[str, Any]]:
    args = ["explain", driver, "--provider", provider, "--sample", "--quiet", "--format", "json"]
    args += more
    result = CliRunner().invoke(app, args)
    assert result.exit_code == 0, result.output
    said = json.loads(result.stdout)
    assert said["lines"] or not said["subjects"], f"{driver} of {provider}"
    return list(said["lines"])


@pytest.mark.parametrize("provider", KIND)
def test_tax_is_explained_by_tax_lines(provider: str) -> None:
    assert {line[KIND[provider]].casefold() for line in lines("tax", provider)} == {"tax"}


@pytest.mark.parametrize("provider", KIND)
def test_the_clusters_nodes_and_the_invoices_credits_are_not_outside(provider: str) -> None:
    found = lines("outside", provider)
    assert NODES[provider] not in json.dumps(found)
    assert not {line[KIND[provider]].casefold() for line in found} & {"tax", "credit"}


def test_a_commitment_is_explained_by_the_usage_it_paid_for() -> None:
    assert any("Instance Core" in line["sku.description"] for line in lines("commitment", "gcp"))


@pytest.mark.parametrize(
    ("provider", "kind"), [("aws", "SavingsPlanNegation"), ("azure", "Purchase")]
)
def test_amortisation_is_explained_by_lines_of_its_charge_type(provider: str, kind: str) -> None:
    found = lines("amortisation", provider, "--subject", kind)
    assert {line[KIND[provider]] for line in found} == {kind}
