"""A ledger row is named after its subject's one resource, else after the subject."""

from __future__ import annotations

import pandas as pd

from burn.ledger.rows import ledger_rows


def _named(*names: str) -> str:
    rows = pd.DataFrame(
        {
            "subject": "c-1",
            "resource_name": names,
            "match_method": "resource id",
            "x_lines": 1,
            "amount": 1.0,
        }
    )
    return str(ledger_rows(rows, "rate", "commitment", amount="amount")["name"].item())


def test_one_name_is_the_row_s_even_where_some_rows_lack_it() -> None:
    assert _named("node-a", "", "node-a") == "node-a"


def test_several_names_are_nobody_s() -> None:
    assert _named("node-a", "node-b") == "c-1"


def test_no_name_at_all() -> None:
    assert _named("", "") == "c-1"
