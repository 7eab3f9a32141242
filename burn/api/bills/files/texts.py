"""What a bill file is, told by its content and not by its name: read as it is, or named.

Exports are renamed, repacked and saved again by spreadsheets before they come here. What an
engine can be told (packing, delimiter, a line before the header) is told; another encoding
becomes UTF-8 in the scratch folder; what is no bill at all is an error that says what it is.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal

from burn.api.bills.files.copies import name_of
from burn.api.bills.files.local import damaged, gunzip, kind_of, unzip
from burn.api.errors import AccessError, DataError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from burn.api.bills.files.scratch import Scratch

HEAD = 1 << 16
"""Bytes that tell what a file is."""
BLOCK = 1 << 20
UNPACKED = 16 << 20
"""Bytes of a gzipped CSV from which it is unpacked: DuckDB holds all of such a file while it reads."""

_BOMS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_MAGIC = {
    b"PARE": "an encrypted Parquet file",
    b"\x28\xb5\x2f\xfd": "packed with zstd",
    b"BZh": "packed with bzip2",
    b"\xfd7zXZ": "packed with xz",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"\xd0\xcf\x11\xe0": "an Excel workbook",
    b"ORC": "an ORC file",
    b"Obj\x01": "an Avro file",
    b"%PDF": "a PDF document",
}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A bill file that an engine can read.

    Attributes:
        path: what to open: the file itself, or its copy in the scratch folder.
        name: the file that it came from, for messages.
        kind: how to read it.
        packed: whether it is gzipped, whatever its name says.
        delimiter: between the values of a CSV.
        skip: lines before a CSV's header.
        rewrites: columns of a CSV with the SQL that writes them as others do, see `styles`.
        undecided: columns of a CSV with a date or number in each that can be read both ways.
    """

    path: Path
    name: Path
    kind: Literal["parquet", "json", "csv"]
    packed: bool = False
    delimiter: str = ","
    skip: int = 0
    rewrites: tuple[tuple[str, str], ...] = ()
    undecided: tuple[tuple[str, str], ...] = ()


def prepare(path: Path, scratch: Scratch) -> list[Prepared]:
    """A bill file as one or, of an archive, several files that an engine can read.

    Args:
        path: the file.
        scratch: where a copy is put if one is needed.

    Raises:
        AccessError: it cannot be read, or there is no room for a copy.
        DataError: it is empty, damaged, or no bill; says what it is and what to do.
    """
    head = _head(path)
    if head[:4] == b"PK\x03\x04":
        return [
            prepared
            for member in unzip(path, scratch.path / f"zip-{len(list(scratch.path.iterdir()))}")
            for prepared in prepare(member, scratch)
        ]
    packed = head[:2] == b"\x1f\x8b"
    if packed:
        head = _unpacked_head(path)
    if head[:4] == b"PAR1":
        read = gunzip(path, scratch.path / "unpacked") if packed else path
        return [Prepared(read, path, "parquet")]
    what = _no_bill(head)
    if what or not head.strip():
        raise DataError(f"{name_of(path)} is {what or 'empty'}", hint=_next_step(what))
    if kind_of(path.name) == "parquet" and b"\x00" in head and not _wide(head):
        raise damaged(f"{name_of(path)} does not begin as Parquet does")
    if kind_of(path.name) == "json":
        return [_json(path, head, packed=packed)]
    return [_csv(path, scratch, packed=packed)]


def _csv(path: Path, scratch: Scratch, *, packed: bool) -> Prepared:
    read = path
    if packed and path.stat().st_size >= UNPACKED:
        read, packed = gunzip(path, scratch.path / "unpacked"), False
    encoding = _encoding(read, path)
    if encoding != "utf-8":
        read, packed = _transcoded(read, encoding, scratch), False
    with opened(read) as source:
        head = source.read(HEAD).decode("utf-8-sig", "replace")
    first, _, rest = head.lstrip("\r\n").partition("\n")
    if first.lstrip().startswith(("{", "[")):
        raise DataError(
            f"{name_of(path)} is JSON, not CSV",
            hint="an error saved as a file? else rename it to .json, one object a line",
        )
    named = re.fullmatch(r"sep=(.)\s*", first)
    if named:
        return Prepared(read, path, "csv", packed, named[1], 1)
    return Prepared(read, path, "csv", packed, _delimiter(first if rest else head))


def _json(path: Path, head: bytes, *, packed: bool) -> Prepared:
    if head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] != b"{":
        raise DataError(
            f"{name_of(path)} is no JSON with an object a line",
            hint="export newline-delimited JSON, Parquet or CSV",
        )
    return Prepared(path, path, "json", packed)


def _delimiter(header: str) -> str:
    """What parts the header's names; quoted ones may hold another."""
    bare = re.sub(r'"[^"]*"', "", header.splitlines()[0] if header else "")
    return max(",;\t|", key=bare.count)


def _no_bill(head: bytes) -> str:
    for magic, what in _MAGIC.items():
        if head.startswith(magic):
            return what
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t")[:256].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "an HTML page"
    return "an XML document" if start.startswith(b"<") else ""


def _next_step(what: str) -> str:
    if "HTML" in what or "XML" in what:
        return "a web page or an error saved as a file? download the export itself"
    if "packed" in what or "archive" in what:
        return "unpack it, or pack it with gzip"
    if not what:
        return "download it again; if it is being written, wait until it is whole"
    return "export the bill as Parquet or CSV"


def _wide(head: bytes) -> str:
    """UTF-16 or UTF-32 by its mark, or by the zeros beside the letters of a header; else nothing."""
    for mark, encoding in _BOMS.items():
        if head.startswith(mark):
            return encoding
    start = head[:256]
    even, odd = start[::2].count(0), start[1::2].count(0)
    if abs(even - odd) < len(start) // 4:
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _encoding(read: Path, name: Path) -> str:
    """The encoding of a text: by its head, then by all its bytes."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    plain = True
    lines = 1
    for number, block in enumerate(_blocks(read, name)):
        if number == 0 and (wide := _wide(block)):
            return wide
        if b"\x00" in block:
            raise DataError(
                f"{name_of(name)} is no text: it has a zero byte near line {lines + block[: block.index(0)].count(10):,}",
                hint="export the bill as CSV in UTF-8, or as Parquet",
            )
        if not (block.isascii() and not decoder.getstate()[0]):
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                cut = error.start - len(decoder.getstate()[0])
                before = block[: max(cut, 0)]
                if not (plain and before.isascii() and not _holds_utf8(block[max(cut, 0) :])):
                    raise DataError(
                        f"{name_of(name)} is UTF-8 in part only: line {lines + before.count(10):,} is not",
                        hint="export it again; were files of two encodings put together?",
                    ) from error
                return "cp1252"
            plain = False
        lines += block.count(10)
    return "utf-8"


def _holds_utf8(block: bytes) -> bool:
    """Whether bytes that are not all UTF-8 hold letters that are: by chance there are few."""
    return any(ord(sign) > 0x7FF for sign in block.decode("utf-8", "ignore"))


def _transcoded(read: Path, encoding: str, scratch: Scratch) -> Path:
    folder = scratch.path / "utf-8"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{len(list(folder.iterdir()))}-{read.name.removesuffix('.gz')}"
    # The few bytes that Windows leaves undefined stay as Latin-1 has them.
    errors = "latin-1" if encoding == "cp1252" else "strict"
    codecs.register_error("latin-1", lambda e: (chr(e.object[e.start]), e.start + 1))  # type: ignore[attr-defined]
    try:
        with (
            opened(read) as source,
            io.TextIOWrapper(source, encoding, errors, newline="") as text,
            target.open("w", encoding="utf-8", newline="") as sink,
        ):
            while block := text.read(BLOCK):
                sink.write(block.removeprefix("\ufeff"))
    except UnicodeError as error:
        raise damaged(f"{name_of(read)} is not whole {encoding.upper()}: {error}") from error
    except OSError as error:
        raise AccessError(
            f"{name_of(read)} cannot be written as UTF-8 to {folder}: {error.strerror}",
            hint="free space there, or name another folder in TMPDIR",
        ) from error
    return target


def opened(path: Path) -> IO[bytes]:
    """A file's bytes, unpacked where it is gzipped."""
    with path.open("rb") as source:
        packed = source.read(2) == b"\x1f\x8b"
    return gzip.open(path) if packed else path.open("rb")  # type: ignore[return-value]


def _blocks(read: Path, name: Path) -> Iterator[bytes]:
    try:
        with opened(read) as source:
            while block := source.read(BLOCK):
                yield block
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise damaged(f"{name_of(name)}: {error}") from error


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as source:
            return source.read(HEAD)
    except OSError as error:
        raise AccessError(f"{name_of(path)} cannot be read: {error.strerror}") from error


def _unpacked_head(path: Path) -> bytes:
    return next(_blocks(path, path), b"")[:HEAD]


def first_rows(file: Prepared, count: int = 200) -> list[list[str]]:
    """A CSV's header and some lines; of its head, whose last line may be cut off."""
    with opened(file.path) as source:
        head = source.read(HEAD)
    text = head.decode("utf-8-sig", "ignore")
    if len(head) == HEAD:
        text = text[: text.rfind("\n")]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=file.delimiter)
    try:
        return [row for row, _ in zip(rows, range(file.skip + count), strict=False)][file.skip :]
    except csv.Error:
        return []  # the engine says what is wrong with it
