"""CSV, Parquet and where files go."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest

from burn.api import AccessError, UsageError, WriteRequest
from burn.builtin.sinks.csv_sink import csv_text
from burn.builtin.sinks.frames import TABLES, table
from burn.history.place import Place
from burn.history.store import History
from burn.questions import opened
from tests.unit.builtin.sinks.outputs import BY_NAME, render
from tests.unit.view import builders
from tests.unit.view.sample import sample


def write(sink: str, target: Path | str | None, **settings: object) -> None:
    spec = BY_NAME[sink]
    report = sample()
    with TemporaryDirectory() as folder:
        history = History(Place(folder))
        history.keep(report)
        desk = opened(history)
        place = None if target is None else str(target)
        request = WriteRequest(report=report, target=place, desk=lambda _: desk)
        spec.make(spec.settings(**settings)).write(request)


@pytest.mark.parametrize("name", TABLES)
def test_parquet_reads_back_what_was_written(tmp_path, name):
    write("parquet", tmp_path / "out")
    found = pd.read_parquet(tmp_path / "out" / f"{name}.parquet")
    pd.testing.assert_frame_equal(found, table(sample(), name), check_dtype=False)


@pytest.mark.parametrize("name", TABLES)
def test_csv_reads_back_what_was_written(tmp_path, name):
    write("csv", f"{tmp_path}/new/")
    found = pd.read_csv(tmp_path / "new" / f"{name}.csv", keep_default_na=False, na_values=[""])
    wanted = table(sample(), name)
    assert list(found.columns) == list(wanted.columns)
    numbers = wanted.select_dtypes("float").columns
    for column in numbers:
        assert found[column].astype(float).tolist() == pytest.approx(
            wanted[column].tolist(), nan_ok=True
        )


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_a_spreadsheet_runs_nothing(cell):
    frame = pd.DataFrame({"name": [cell, f'safe "quoted", {cell}'], "cost": [-1.5, 2.0]})
    rows = list(csv.reader(io.StringIO("".join(csv_text(frame)), newline="")))
    assert rows[1] == [f"'{cell}", "-1.5"], "text is disarmed, a negative number stays a number"
    assert rows[2][0] == f'safe "quoted", {cell}'


@pytest.mark.parametrize(("cell", "shown"), [("\t=1", r"\t=1"), ("\r\n=1", r"\r\n=1")])
def test_control_characters_are_written_out(cell, shown):
    assert "".join(csv_text(pd.DataFrame({"name": [cell, "größe"]}))) == f"name\n{shown}\ngröße\n"


def test_category_columns_are_disarmed_too():
    frame = pd.DataFrame({"name": pd.Categorical(["=x"])})
    assert "".join(csv_text(frame)) == "name\n'=x\n"


@pytest.mark.parametrize("sink", ["csv", "parquet"])
def test_unknown_tables_are_refused_before_a_run(sink):
    spec = BY_NAME[sink]
    with pytest.raises(UsageError, match="`bill` is no table") as error:
        spec.make(spec.settings(table="bill"))
    assert "allocation" in error.value.hint


@pytest.mark.parametrize("sink", ["table", "json", "markdown", "csv"])
def test_standard_output_holds_the_file_and_nothing_else(sink, capsys, tmp_path):
    write(sink, None)
    write(sink, tmp_path / "file")
    assert capsys.readouterr().out == (tmp_path / "file").read_text()


def test_parquet_to_a_pipe_is_one_frame(capfdbinary):
    write("parquet", None, table="ledger")
    found = pd.read_parquet(io.BytesIO(capfdbinary.readouterr().out))
    assert len(found) == len(sample().ledger)


def test_parquet_to_a_pipe_needs_a_frame():
    with pytest.raises(UsageError, match="needs a place") as error:
        write("parquet", None)
    assert "--output DIR" in error.value.hint


@pytest.mark.parametrize("sink", sorted(BY_NAME))
def test_an_unwritable_target_names_the_path(sink, tmp_path):
    blocker = tmp_path / "file"
    blocker.write_text("x")
    target = blocker / "below"
    with pytest.raises(AccessError, match="cannot write") as error:
        write(sink, target)
    assert str(target) in error.value.message
    assert "--output" in error.value.hint


def test_a_directory_is_no_file(tmp_path):
    with pytest.raises(AccessError, match="it is a directory"):
        write("json", tmp_path)


def test_a_failed_write_leaves_the_old_file_whole(tmp_path, monkeypatch):
    target = tmp_path / "report.json"
    target.write_text("old")

    monkeypatch.setattr(Path, "replace", lambda *a: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(AccessError, match="full"):
        write("json", target)
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


def test_two_writes_give_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        write("parquet", tmp_path / name)
        write("json", tmp_path / name / "report.json")
    for path in sorted((tmp_path / "a").iterdir()):
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_markdown_names_cannot_become_links_cells_or_mentions():
    base = sample()
    name = "a|b <b>[x](http://e) @all `c` *d*"
    rows = base.allocation.assign(namespace=base.allocation["namespace"].replace("shop", name))
    text = render("markdown", builders.report(base.ledger, rows, base.prices))
    assert r"a\|b \<b\>\[x\](http:\//e) \@all \`c\` \*d\*" in text
    assert json.dumps(name) not in text
