"""The JSON document: its schema, its bytes, its sums."""

from __future__ import annotations

import json
import math
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings

from tests.unit.builtin.sinks.outputs import GOLDEN, SCHEMA, render, schema_text
from tests.unit.view import builders
from tests.unit.view.sample import sample
from tests.unit.view.worlds import reports

PAGE = Path(SCHEMA).with_name("json.md")


def valid(text: str) -> dict:
    document = json.loads(text)
    schema = json.loads(SCHEMA.read_text())
    jsonschema.Draft202012Validator(schema).validate(document)
    return document


def test_the_published_schema_is_the_codes_own():
    jsonschema.Draft202012Validator.check_schema(json.loads(schema_text()))
    assert SCHEMA.read_text() == schema_text()


@settings(deadline=None, max_examples=15)
@given(reports())
def test_any_report_is_valid_and_its_rows_add_up_to_its_totals(report):
    found = valid(render("json", report))
    assert math.fsum(row["amount"] for row in found["ledger"]) == pytest.approx(
        found["totals"]["billed"], abs=1e-6
    )
    for basis, total in (("list", "report"), ("effective", "cluster_effective")):
        rows = [row["cost"] for row in found["allocation"] if row["basis"] == basis]
        assert math.fsum(rows) == pytest.approx(found["totals"][total], abs=1e-6)


def test_everything_is_in_it():
    found = valid(render("json", sample()))
    assert found["findings"][0]["rule"] == "unused-commitment"
    assert found["namespace_split"] == [
        {"namespace": "batch", "cost": 61.25},
        {"namespace": "shop", "cost": 300.5},
    ]
    assert found["coverage"]["gaps"] == [
        {"start": "2026-10-05T03:00:00Z", "end": "2026-10-05T09:00:00Z"}
    ]
    assert found["ledger"][0]["billed"] is None
    assert {d["name"] for d in found["drivers"]} == {row["driver"] for row in found["ledger"]}


def test_a_schema_that_is_closed_refuses_what_it_does_not_know():
    document = json.loads(render("json", sample())) | {"surprise": 1}
    with pytest.raises(jsonschema.ValidationError, match="surprise"):
        valid(json.dumps(document))


def test_row_order_and_the_noise_of_sums_do_not_change_a_byte():
    base = sample()
    mixed = builders.report(
        base.ledger,
        base.allocation.sample(frac=1, random_state=7),
        base.prices.sample(frac=1, random_state=7).assign(
            list_cost=lambda p: p["list_cost"] * (1 + 1e-15)
        ),
    )
    same = builders.report(base.ledger, base.allocation, base.prices)
    assert render("json", mixed) == render("json", same)


def test_daily_rows_can_be_summed():
    base = sample()
    second = base.allocation.assign(day=builders.day(1))
    import pandas as pd

    rows = pd.concat([base.allocation, second], ignore_index=True)
    report = builders.report(base.ledger, rows, base.prices)
    daily, summed = (valid(render("json", report, daily=d))["allocation"] for d in (True, False))
    assert len(daily) == 2 * len(summed)
    assert "day" not in summed[0]
    assert math.fsum(r["cost"] for r in daily) == pytest.approx(
        math.fsum(r["cost"] for r in summed)
    )


def test_it_is_ascii_whatever_the_names_hold():
    base = sample()
    rows = base.allocation.assign(workload="größe\x1b\u202e")
    text = render("json", builders.report(base.ledger, rows, base.prices))
    assert text.isascii()
    assert "\x1b" not in text
    assert json.loads(text)["allocation"][0]["workload"] == "größe\x1b\u202e"


def test_every_key_is_explained():
    page = PAGE.read_text()
    keys = json.loads((GOLDEN / "report.json").read_text())
    assert [key for key in keys if f"| `{key}` |" not in page] == []
