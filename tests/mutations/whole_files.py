"""Mutations of files and lines: twice, in part, cut off, written in another way."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from tests.mutations.bill_files import write_table
from tests.mutations.columns import Mutation

if TYPE_CHECKING:
    import pyarrow as pa

    from tests.mutations.bill_files import BillFile

Files = Sequence["BillFile"]


def file_mutations(files: Files) -> Iterator[Mutation]:
    """All that can happen to the first file of a bill."""
    for name, change in CHANGES.items():
        yield Mutation(name, change)
    if files[0].form == "csv":
        for name, change in TEXT_CHANGES.items():
            yield Mutation(name, change)


def _copied(part: Callable[[pa.Table], pa.Table]) -> Callable[[Files], None]:
    def apply(files: Files) -> None:
        first = files[0]
        write_table(first.beside("copy"), part(first.table), first.form)

    return apply


def _every(step: int, start: int = 0) -> Callable[[pa.Table], pa.Table]:
    return lambda table: table.take(list(range(start, table.num_rows, step)))


def _repeated(rows: Callable[[int], list[int]]) -> Callable[[Files], None]:
    def apply(files: Files) -> None:
        first = files[0]
        count = first.table.num_rows
        first.table = first.table.take([*range(count), *rows(count)])
        first.write()

    return apply


def _gone(files: Files) -> None:
    files[0].path.unlink()


def _renamed(files: Files) -> None:
    files[0].path.rename(files[0].beside("renamed"))


def _moved(files: Files) -> None:
    folder = files[0].path.parent / "more"
    folder.mkdir()
    files[0].path.rename(folder / files[0].path.name)


def _copied_below(files: Files) -> None:
    folder = files[0].path.parent / "more"
    folder.mkdir()
    write_table(folder / files[0].path.name, files[0].table, files[0].form)


def _emptied(files: Files) -> None:
    files[0].table = files[0].table.slice(0, 0)
    files[0].write()


def _no_bytes(files: Files) -> None:
    files[0].path.write_bytes(b"")


def _cut(files: Files) -> None:
    content = files[0].path.read_bytes()
    files[0].path.write_bytes(content[: len(content) * 2 // 3])


def _as_csv(files: Files) -> None:
    """The same lines once more in another format."""
    first = files[0]
    other = "csv" if first.form == "parquet" else "parquet"
    name = first.path.name.removesuffix(".gz").rpartition(".")[0]
    table = first.table
    write_table(first.path.with_name(f"{name}.{other}"), table, other)


def _rewritten(change: Callable[[str], bytes]) -> Callable[[Files], None]:
    def apply(files: Files) -> None:
        for file in files:
            text = file.table.to_pandas().fillna("").to_csv(index=False)
            content = change(text)
            zipped = file.path.suffix == ".gz"
            file.path.write_bytes(gzip.compress(content, mtime=0) if zipped else content)

    return apply


def _separated(files: Files, mark: str) -> None:
    for file in files:
        content = file.table.to_pandas().fillna("").to_csv(index=False, sep=mark).encode()
        zipped = file.path.suffix == ".gz"
        file.path.write_bytes(gzip.compress(content, mtime=0) if zipped else content)


CHANGES: dict[str, Callable[[Files], None]] = {
    "copy": _copied(lambda table: table),
    "copy without a tenth": _copied(lambda table: table.slice(table.num_rows // 10)),
    "copy of half": _copied(_every(2)),
    "copy of a few lines": _copied(lambda table: table.slice(0, 5)),
    "first line twice": _repeated(lambda count: [0]),
    "last lines twice": _repeated(lambda count: list(range(count - 6, count))),
    "each tenth line twice": _repeated(lambda count: list(range(0, count, 10))),
    "all lines twice": _repeated(lambda count: list(range(count))),
    "all lines three times": _repeated(lambda count: 2 * list(range(count))),
    "renamed": _renamed,
    "in a folder below": _moved,
    "copy in a folder below": _copied_below,
    "gone": _gone,
    "no lines": _emptied,
    "no bytes": _no_bytes,
    "cut off": _cut,
    "another format beside": _as_csv,
}
TEXT_CHANGES: dict[str, Callable[[Files], None]] = {
    "semicolons": lambda files: _separated(files, ";"),
    "tabs": lambda files: _separated(files, "\t"),
    "utf-16": _rewritten(lambda text: text.encode("utf-16")),
    "byte order mark": _rewritten(lambda text: b"\xef\xbb\xbf" + text.encode()),
    "crlf": _rewritten(lambda text: text.replace("\n", "\r\n").encode()),
    "a line too long": _rewritten(lambda text: (text + "1,2,3" + ",x" * 400 + "\n").encode()),
    "a line too short": _rewritten(lambda text: (text + "1,2,3\n").encode()),
}
