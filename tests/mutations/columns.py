"""Mutations of columns: each is dropped, renamed, doubled, blanked or filled with what it is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

    from tests.mutations.bill_files import BillFile

Change = Callable[["pa.Table", str], "pa.Table"]


@dataclass(frozen=True)
class Mutation:
    """What is done to the bill's files, in place or beside them.

    `column` is what a note must name, where it does not name the harm.
    """

    name: str
    apply: Callable[[Sequence[BillFile]], None]
    column: str = ""


def column_mutations(files: Sequence[BillFile]) -> Iterator[Mutation]:
    """Each change of each column of the first dataset in one of its files; of some in all.

    A field of a struct, or of a list's structs, is a column too: `service.description`.
    """
    for column in _paths(files[0].table):
        for label, change in CHANGES.items():
            yield Mutation(f"{label} {column} one", _applied(change, column, "one"), column)
        for label in EVERYWHERE:
            change = _applied(CHANGES[label], column, "all")
            yield Mutation(f"{label} {column} all", change, column)


def _applied(change: Change, column: str, where: str) -> Callable[[Sequence[BillFile]], None]:
    def apply(files: Sequence[BillFile]) -> None:
        for file in files[:1] if where == "one" else files:
            if column in _paths(file.table):
                file.table = _changed(file.table, column, change)
                file.write()

    return apply


def _paths(table: pa.Table) -> list[str]:
    """Every column, and every field within, by its dotted path."""
    paths: list[str] = []
    for name in table.column_names:
        inner = _fields_of(table, name)
        paths += [name, *(f"{name}.{path}" for path in (_paths(inner) if inner else []))]
    return paths


def _changed(table: pa.Table, path: str, change: Change) -> pa.Table:
    """The table with one of its fields changed; a struct's fields are a table of their own."""
    import pyarrow as pa

    if path in table.column_names:
        return change(table, path)
    name = next(n for n in table.column_names if path.startswith(f"{n}."))
    fields = _fields_of(table, name)
    assert fields is not None
    changed = _changed(fields, path.removeprefix(f"{name}."), change)
    if not changed.column_names:
        return table.drop_columns([name])
    values = pa.StructArray.from_arrays(
        [column.combine_chunks() for column in changed.columns], changed.column_names
    )
    whole = table.column(name).combine_chunks()
    if pa.types.is_list(whole.type):
        values = pa.ListArray.from_arrays(whole.offsets, values)
    return _set(table, name, values)


def _fields_of(table: pa.Table, name: str) -> pa.Table | None:
    """The fields of a column's structs, in a list or not; None: it has none."""
    import pyarrow as pa

    values = table.column(name).combine_chunks()
    if pa.types.is_list(values.type):
        values = values.values
    return pa.Table.from_struct_array(values) if pa.types.is_struct(values.type) else None


def _dropped(table: pa.Table, column: str) -> pa.Table:
    return table.drop_columns([column])


def _lost(table: pa.Table, column: str) -> pa.Table:
    """Under a name that says nothing."""
    return table.rename_columns([f"zz_{n}" if n == column else n for n in table.column_names])


def _respelled(table: pa.Table, column: str) -> pa.Table:
    return table.rename_columns([n.upper() if n == column else n for n in table.column_names])


def _nothing(values: pa.ChunkedArray, mask: Sequence[bool]) -> pa.Array:
    """Null, or empty text in a text column that has no nulls, as a CSV's."""
    import pyarrow as pa

    plain = pa.types.is_string(values.type) and values.null_count == 0
    blank: Any = "" if plain else None
    cells = [blank if gone else v for v, gone in zip(values.to_pylist(), mask, strict=True)]
    return pa.array(cells, values.type)


def _blanked(table: pa.Table, column: str) -> pa.Table:
    return _set(table, column, _nothing(table.column(column), [True] * table.num_rows))


def _half_blanked(table: pa.Table, column: str) -> pa.Table:
    mask = [row % 2 == 0 for row in range(table.num_rows)]
    return _set(table, column, _nothing(table.column(column), mask))


def _one_blanked(table: pa.Table, column: str) -> pa.Table:
    """The first cell that is not empty."""
    full = [bool(value) for value in table.column(column).to_pylist()]
    first = full.index(True) if True in full else 0
    return _set(table, column, _nothing(table.column(column), _only(first, table.num_rows)))


def _only(at: int, rows: int) -> list[bool]:
    return [row == at for row in range(rows)]


def _beside_empty(table: pa.Table, column: str) -> pa.Table:
    """The same column once more, spelled in another way and empty."""
    blank = _nothing(table.column(column), [True] * table.num_rows)
    return table.append_column(f"{column}_".upper(), blank)


def _beside_shifted(table: pa.Table, column: str) -> pa.Table:
    """The same column once more, with the values of other lines."""
    import pyarrow as pa

    values = table.column(column).to_pylist()
    return table.append_column(
        f"{column}_".upper(), pa.array(values[1:] + values[:1], table.column(column).type)
    )


def _nonsense(table: pa.Table, column: str) -> pa.Table:
    """One cell of text that is neither a number nor a date."""
    import pyarrow as pa

    values = table.column(column)
    if not pa.types.is_string(values.type):
        return table
    cells = values.to_pylist()
    first = next((at for at, value in enumerate(cells) if value), 0)
    cells[first] = "n/a?"
    return _set(table, column, pa.array(cells, values.type))


def _set(table: pa.Table, column: str, values: pa.Array) -> pa.Table:
    return table.set_column(table.column_names.index(column), column, values)


CHANGES: dict[str, Change] = {
    "drop": _dropped,
    "lose": _lost,
    "respell": _respelled,
    "blank": _blanked,
    "half-blank": _half_blanked,
    "blank-one": _one_blanked,
    "double-empty": _beside_empty,
    "double-shifted": _beside_shifted,
    "nonsense": _nonsense,
}
EVERYWHERE = ("drop", "lose", "blank", "double-shifted")
"""Changes that are another thing when all files have them."""
