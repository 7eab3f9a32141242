"""The kit on a stranger's reader of CSV files that loses, doubles or changes a row, on both sides alike."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from burn.api import (
    Accounted,
    Bill,
    BillRequest,
    ControlTotal,
    DataError,
    FileCount,
    Window,
    schemas,
)
from burn.testing import BillingProviderConformance, ProviderCase, files_below, tiny_observation
from burn.testing.provider_case import bill_of
from tests.unit.cli import toyland

OCTOBER = Window.month(2026, 10)
Rows = list[dict[str, str]]
KIT = BillingProviderConformance()
KIT.plugin = "toy"  # type: ignore[misc]


class Reader(toyland.Provider):
    """Counts its files with the rows that it reads, as a stranger's first version would."""

    def __init__(self, folder: Path, read: Callable[[Rows], Rows], *, once: bool = False) -> None:
        super().__init__(toyland.ProviderSettings())
        self.folder, self.read, self.once = folder, read, once

    def bill(self, request: BillRequest) -> Bill:
        frames, files, fates = [], [], []
        seen: list[Rows] = []
        for path in files_below(self.folder):
            with path.open(newline="") as source:
                raw = list(csv.DictReader(source))
            if self.once and raw in seen:
                raise DataError(f"{path.name} is there twice", hint="remove it")
            seen.append(raw)
            rows = self.read(raw)
            total = sum((Decimal(row["cost"]) for row in rows), Decimal(0))
            told = {"file": path.name, "currency": "USD", "rows": len(rows), "amount": total}
            files.append(FileCount(month="2026-10", priced=len(rows), **told))
            fates.append(Accounted(fate="window", inside=total, **told))
            frames += [_row(row) for row in rows]
        billed = sum((one.amount for one in files), Decimal(0))
        control = ControlTotal(lines=len(frames), billed=billed, currency="USD")
        control = replace(control, files=tuple(files), accounted=tuple(fates))
        return Bill(rows=schemas.BILL.validate(pd.DataFrame(frames), author="toy"), control=control)


def _row(row: dict[str, str]) -> dict[str, object]:
    cost = float(row["cost"])
    day = pd.Timestamp(row["day"], tz="UTC").to_pydatetime()
    return toyland._row(day, "", "other", 0.0, cost, cost, service="Database", inside=False)


def case(folder: Path, read: Callable[[Rows], Rows], *, once: bool = False) -> ProviderCase:
    for name, first in (("a.csv", 1), ("b.csv", 5)):
        lines = [f"2026-10-{first + n:02},1.{n}5" for n in range(4)]
        (folder / name).write_text("\n".join(["day,cost", *lines]) + "\n")
    return ProviderCase(
        provider=Reader(folder, read, once=once),
        inventory=tiny_observation(next(OCTOBER.days())).inventory,
        window=OCTOBER,
        files=files_below(folder),
        amount="cost",
        again=lambda: Reader(folder, read, once=once),
    )


@pytest.mark.parametrize(
    "read",
    [
        lambda rows: rows[1:],
        lambda rows: [*rows, rows[0]],
        lambda rows: [*rows[1:], rows[0] | {"cost": "1.50"}],
    ],
    ids=["drops", "doubles", "changes"],
)
def test_a_row_that_is_lost_doubled_or_changed_on_both_sides(
    read: Callable[[Rows], Rows], tmp_path: Path
) -> None:
    """Its own total agrees with it, so nothing else would tell."""
    one = case(tmp_path, read)
    bill = bill_of(one, OCTOBER)
    KIT.test_the_bill_reaches_its_control_total(bill)
    KIT.test_every_line_is_accounted_for(bill)
    with pytest.raises(AssertionError, match="the bill's files are counted as"):
        KIT.test_the_bill_counts_each_file_as_it_is(one, bill)


def test_a_row_that_is_lost_between_file_and_frame(tmp_path: Path) -> None:
    bill = bill_of(case(tmp_path, list), OCTOBER)
    short = replace(bill, rows=schemas.BILL.validate(bill.rows.iloc[1:], author="toy"))
    with pytest.raises(AssertionError):
        KIT.test_the_bill_reaches_its_control_total(short)
    lost = replace(bill.control, accounted=bill.control.accounted[1:])
    with pytest.raises(DataError, match=r"a\.csv holds 4 lines"):
        KIT.test_every_line_is_accounted_for(replace(bill, control=lost))


def test_a_file_under_a_second_name(tmp_path: Path) -> None:
    one = case(tmp_path, list)
    with pytest.raises(AssertionError, match="counted again"):
        KIT.test_a_file_under_a_second_name_is_refused_or_said(one, bill_of(one, OCTOBER))
    strict = case(tmp_path, list, once=True)
    KIT.test_a_file_under_a_second_name_is_refused_or_said(strict, bill_of(strict, OCTOBER))
    assert len(files_below(tmp_path)) == 2


def test_a_case_that_names_no_files_has_to_say_why(tmp_path: Path) -> None:
    one = replace(case(tmp_path, list), files=(), again=None)
    bill = bill_of(one, OCTOBER)
    with pytest.raises(AssertionError, match="declare the gap"):
        KIT.test_the_bill_counts_each_file_as_it_is(one, bill)
    with pytest.raises(AssertionError, match="declare the gap"):
        KIT.test_a_file_under_a_second_name_is_refused_or_said(one, bill)
