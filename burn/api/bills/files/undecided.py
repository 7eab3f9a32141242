"""The refusal of a column whose values can be read both ways: what stands where, and what to do."""

from __future__ import annotations

import csv
import io

from burn.api.bills.files.numbers import is_number
from burn.api.bills.files.texts import Prepared, opened
from burn.api.errors import DataError


def undecided(file: Prepared, name: str, column: str, text: str) -> DataError:
    """The error of a file that must be read by such a column.

    Args:
        file: where it is.
        name: the file's, for the message.
        column: its own name for the column.
        text: a value of it.
    """
    line = _line_of(file, column, text)
    where = f"{name}, line {line:,}" if line else name
    if is_number(text):
        one = text.replace(",", ".")
        return DataError(
            f"{where}: `{column}` holds numbers such as {text!r}, and nothing in the file says"
            f" whether that is {one} or {one.replace('.', '')}",
            hint="take the file as the cloud delivered it; a spreadsheet or script has rewritten"
            " numbers. Else write that column with a decimal point and without thousands' signs",
        )
    return DataError(
        f"{where}: `{column}` holds dates such as {text!r}, and nothing"
        " says whether the day or the month comes first",
        hint="keep the export's billing period columns, or the folder or file name"
        " that says its month, e.g. 20261001-20261031",
    )


def _line_of(file: Prepared, column: str, text: str) -> int | None:
    """The first line of a CSV that has the text in the column, counted from 1."""
    if file.kind != "csv":
        return None
    with (
        opened(file.path) as source,
        io.TextIOWrapper(source, "utf-8-sig", "replace", newline="") as lines,
    ):
        for _ in range(file.skip):
            lines.readline()
        rows = csv.reader(lines, delimiter=file.delimiter)
        try:
            at = next(rows, []).index(column)
            found = (rows.line_num for row in rows if len(row) > at and row[at].strip() == text)
            line = next(found, None)
        except (csv.Error, ValueError):
            return None
    return None if line is None else line + file.skip
