"""A ledger row is named after its subject's one resource, else after the subject."""

from __future__ import annotations

import pandas as pd

from burn.ledger.rows import charges, ledger_rows


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
    return str(ledger_rows([charges(rows, "rate", "commitment", amount="amount")])["name"].item())


def test_one_name_is_the_row_s_even_where_some_rows_lack_it() -> None:
    assert _named("node-a", "", "node-a") == "node-a"


def test_several_names_are_nobody_s() -> None:
    assert _named("node-a", "node-b") == "c-1"


def test_no_name_at_all() -> None:
    assert _named("", "") == "c-1"


def test_a_subject_of_two_parts_is_one_row_and_as_sure_as_the_less_sure() -> None:
    rows = pd.DataFrame(
        {
            "subject": "c-1",
            "resource_name": "",
            "match_method": "resource id",
            "x_lines": [2, 3],
            "amount": [1.5, 2.0],
            "confidence": ["high", "low"],
        }
    )
    parts = [charges(rows.iloc[[at]], "outside", "outside", amount="amount") for at in (0, 1)]
    found = ledger_rows(parts)
    assert found[["amount", "lines", "confidence"]].to_numpy().tolist() == [[3.5, 5, "low"]]
