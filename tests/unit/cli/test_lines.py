from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest

from burn.cli.explain.lines import show


def shown(capsys: pytest.CaptureFixture[str], frame: pd.DataFrame) -> list[str]:
    show(frame)
    return capsys.readouterr().out.splitlines()


def test_what_all_lines_share_is_said_once_and_empty_columns_never(
    capsys: pytest.CaptureFixture[str],
) -> None:
    frame = pd.DataFrame(
        {
            "Currency": ["USD", "USD"],
            "Tag": ["", ""],
            "Note": [None, None],
            "Day": pd.to_datetime(["2026-10-01T00:00", "2026-10-02T06:00"], utc=True),
            "Cost": [1234.5, -0.000012],
        }
    )
    assert shown(capsys, frame) == [
        "Currency  USD",
        "",
        "Day                        Cost",
        "─" * 31,
        "2026-10-01              1,234.5",
        "2026-10-02T06:00:00   -0.000012",
    ]


def test_lines_too_wide_for_a_table_become_records(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    frame = pd.DataFrame({"Id": ["a" * 30, "b" * 30], "Description": ["x y " * 9, "z"]})
    assert shown(capsys, frame) == [
        f"Id           {'a' * 27}",
        f"             {'a' * 3}",
        "Description  x y x y x y x y x y x y x y",
        "             x y x y",
        "",
        f"Id           {'b' * 27}",
        f"             {'b' * 3}",
        "Description  z",
    ]


def test_one_line_and_lines_all_alike(capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(capsys, pd.DataFrame({"A": [1]})) == ["A", "─", "1"]
    assert shown(capsys, pd.DataFrame({"A": [1, 1]})) == ["A  1"]


def test_a_name_on_a_bill_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    frame = pd.DataFrame({"Name": ["\x1b[31mred", "[bold]x"], "N": [1, 2]})
    text = "\n".join(shown(capsys, frame))
    assert "\x1b" not in text
    assert "[bold]x" in text


def test_exact_decimals_are_read_as_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    frame = pd.DataFrame({"Cost": [Decimal("1234.500000000000")], "Credits": [Decimal("0E-12")]})
    assert shown(capsys, frame)[-1].split() == ["1,234.5", "0"]
