"""Whether a provider that reads files reads all of them, and each once."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import ClassVar

from burn.api import Bill, BurnError, DataError, FileCount
from burn.testing.provider_case import ProviderCase, bill_of
from burn.testing.raw_files import counted

CENTS = Decimal("0.01")


class ProviderFiles:
    """Part of `BillingProviderConformance`. What reads no files declares its gaps, see `NO_FILES`."""

    check_group: ClassVar[str] = "truth"

    def test_the_bill_counts_each_file_as_it_is(self, case: ProviderCase, bill: Bill) -> None:
        """Rows and amount of every file, as the kit counts them in it."""
        assert case.files, "the case names no files: state them, or declare the gap"
        raw = Counter(
            (rows, amount.quantize(CENTS))
            for path in case.files
            for rows, amount in [counted(path, case.amount, case.amount_columns)]
        )
        said = Counter(
            (rows, amount.quantize(CENTS)) for rows, amount in _by_file(bill.control.files)
        )
        assert said == raw, f"the bill's files are counted as {said}, and hold {raw}"

    def test_a_file_under_a_second_name_is_refused_or_said(
        self, case: ProviderCase, bill: Bill
    ) -> None:
        """A copy in the same folder: never twice the money without a word."""
        assert case.again, "the case cannot be asked again: state how, or declare the gap"
        largest = max(case.files, key=lambda path: path.stat().st_size)
        copy = largest.with_name(f"copy-of-{largest.name}")
        shutil.copy(largest, copy)
        try:
            found = bill_of(_made_anew(case), case.window)
        except DataError:
            return
        finally:
            copy.unlink()
        told = [*found.notes, *found.origin, *found.control.unread]
        assert found.control.billed == bill.control.billed, "the copy's lines are counted again"
        assert any(copy.name in text for text in told), "nothing says that a file is not read"


def _made_anew(case: ProviderCase) -> ProviderCase:
    """The case with a provider that was made anew, and remembers nothing."""
    if case.again is None:
        raise BurnError("the case cannot be asked again")
    return replace(case, provider=case.again())


def _by_file(counts: tuple[FileCount, ...]) -> list[tuple[int, Decimal]]:
    sums: dict[str, tuple[int, Decimal]] = {}
    for one in counts:
        rows, amount = sums.get(one.file, (0, Decimal(0)))
        sums[one.file] = rows + one.rows, amount + one.amount
    return list(sums.values())


def files_below(folder: Path) -> tuple[Path, ...]:
    """The data files of a folder: Parquet, CSV and lines of JSON, plain or gzipped."""
    kinds = (".parquet", ".csv", ".csv.gz", ".jsonl", ".ndjson", ".json.gz")
    return tuple(sorted(path for path in folder.rglob("*") if path.name.lower().endswith(kinds)))
