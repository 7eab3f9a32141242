"""Tables that people keep by hand: what they say, and what cannot be meant."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from burn.api import AccessError, BurnError, CheckRequest, DataError, UsageError
from burn.builtin.enrichers.specs import TableSettings
from burn.builtin.enrichers.table import TableEnricher


def read(folder: Path, text: str | bytes, **settings: Any) -> list[tuple[Any, ...]]:
    path = folder / "teams.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return rows(str(path), **settings)


def rows(*files: str, **settings: Any) -> list[tuple[Any, ...]]:
    made = TableEnricher(TableSettings(files=files, **settings)).enrich(None)  # type: ignore[arg-type]
    frame = made.rows.map(str).sort_values(["kind", "namespace", "valid_from", "dimension"])
    keep = ["kind", "namespace", "workload", "name", "valid_from", "dimension", "value"]
    return list(frame[keep].itertuples(index=False, name=None))


def test_it_says_what_is_written(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "namespace,workload,shared,team,cost_centre,valid_from\n"
        "shop,,,ice, CC-1 ,\n"
        "\n"
        'shop,,,"fire, hot",,2026-10-05\n'
        "shop,web,,,CC-2,\n"
        ",,nat,net,,\n",
    )
    day = "2026-10-05 00:00:00+00:00"
    assert found == [
        ("namespace", "shop", "", "", day, "cost_centre", ""),
        ("namespace", "shop", "", "", day, "team", "fire, hot"),
        ("namespace", "shop", "", "", "NaT", "cost_centre", "CC-1"),
        ("namespace", "shop", "", "", "NaT", "team", "ice"),
        ("shared", "", "", "nat", "NaT", "cost_centre", ""),
        ("shared", "", "", "nat", "NaT", "team", "net"),
        ("workload", "shop", "web", "", "NaT", "cost_centre", "CC-2"),
        ("workload", "shop", "web", "", "NaT", "team", ""),
    ]


def test_a_spreadsheet_s_csv_and_parquet_say_the_same(tmp_path: Path) -> None:
    wanted = [("namespace", "shop", "", "", "2026-10-05 00:00:00+00:00", "team", "ice")]
    assert read(tmp_path, "\ufeffnamespace;team;valid_from\nshop;ice;2026-10-05\n") == wanted
    table = pd.DataFrame(
        {"namespace": ["shop"], "team": ["ice"], "valid_from": pd.to_datetime(["2026-10-05"])}
    )
    table.to_parquet(tmp_path / "teams.parquet")
    assert rows(str(tmp_path / "teams.parquet")) == wanted


def test_numbers_of_a_parquet_are_the_text_that_people_know(tmp_path: Path) -> None:
    table = pa.table(
        {
            "namespace": pa.array(["shop", "web"]).dictionary_encode(),
            "cost_centre": pa.array([4711, None], pa.int64()),
            "valid_from": pa.array([None, date(2026, 10, 5)], pa.date32()),
        }
    )
    pq.write_table(table, tmp_path / "t.parquet")
    assert rows(str(tmp_path / "t.parquet")) == [
        ("namespace", "shop", "", "", "NaT", "cost_centre", "4711"),
        ("namespace", "web", "", "", "2026-10-05 00:00:00+00:00", "cost_centre", ""),
    ]
    noon = table.set_column(2, "valid_from", pa.array([datetime(2026, 10, 5, 12, tzinfo=UTC)] * 2))
    pq.write_table(noon, tmp_path / "t.parquet")
    with pytest.raises(DataError, match="row 2 `2026-10-05T12:00:00"):
        rows(str(tmp_path / "t.parquet"))


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("name_space,team\nshop,a\n", "no column `namespace`", "did you mean `name_space`?"),
        ("namespace,valid-from,team\n", "column `valid-from`", "did you mean `valid_from`?"),
        ("namespace,Team\nshop,a\n", "column `Team`", "lower case"),
        ("namespace,cost\nshop,a\n", "column `cost`", "burn calls something else"),
        ("namespace\nshop\n", "no column that is a dimension", ""),
        ("namespace,team,team\nshop,a,b\n", "two columns `team`", ""),
        ("namespace,team,\nshop,a,b\n", "a column without a name", ""),
        ("namespace,team\n\nshop,a\n,,\n,b\n", "row 5 names no namespace", ""),
        ("namespace,team\n\nshop,a\n,b\n", "row 4 names no namespace", ""),
        ("namespace,team\nshop,a,b\n", "row 2 has 3 cells where there are 2", "in quotes"),
        ("namespace,workload_kind,team\nshop,Job,a\n", "has workload_kind and no workload", ""),
        ("namespace,shared,team\nshop,nat,a\n", "take two rows", ""),
        ("shared,team\nnatt,a\n", "row 2 has no driver: `natt`", "did you mean `nat`?"),
        (
            "namespace,team,valid_from\nshop,a,05.10.2026\n",
            "row 2 `05.10.2026` in valid_from is no date",
            "2026-10-31",
        ),
        ("namespace,team,valid_from\nshop,a,2026-02-30\n", "`2026-02-30` in valid_from", ""),
        (
            "namespace,team\nshop,a\nbar,c\nshop,b\n",
            "`shop` is named twice: teams.csv, row 2 and teams.csv, row 4",
            "valid_from",
        ),
        (
            "namespace,team,valid_from\nx,b,2026-10-05\nx,a,2026-10-05\n",
            "`x` is named twice from 2026-10-05 on",
            "",
        ),
        ("", "is empty", ""),
        (b"namespace,team\nshop,\xff\n", "no CSV in UTF-8", "UTF-8"),
        ('namespace,team\nshop,"a\n', "no CSV in UTF-8", ""),
    ],
)
def test_what_cannot_be_meant_is_refused(
    tmp_path: Path, text: str | bytes, message: str, hint: str
) -> None:
    with pytest.raises(DataError) as caught:
        read(tmp_path, text)
    assert message in caught.value.message
    assert hint in (caught.value.hint or "")


def test_stated_dimensions_are_all_that_there_may_be(tmp_path: Path) -> None:
    text = "namespace,team,note\nshop,a,b\n"
    with pytest.raises(DataError, match="column `note`"):
        read(tmp_path, text, dimensions=("team",))
    with pytest.raises(DataError, match="no column `product`"):
        read(tmp_path, text, dimensions=("team", "note", "product"))


def test_settings_and_files_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no files"):
        TableEnricher(TableSettings())
    missing = TableEnricher(TableSettings(files=(str(tmp_path / "no.csv"),)))
    with pytest.raises(AccessError, match=r"no\.csv cannot be read"):
        list(missing.check(CheckRequest()))
    (tmp_path / "x.parquet").write_text("namespace,team")
    with pytest.raises(BurnError, match="no Parquet"):
        rows(str(tmp_path / "x.parquet"))
