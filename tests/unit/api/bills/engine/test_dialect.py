"""DuckDB's words as BigQuery has them."""

from __future__ import annotations

import pytest
from sqlglot.errors import UnsupportedError

from burn.api.bills.engine.dialect import to_dialect

WORDS = {
    "SELECT LIST_SUM([u.amount FOR u IN credits IF u.type = 'A']) AS x FROM t": (
        "SELECT (SELECT SUM(u.amount) FROM UNNEST(credits) AS u WHERE u.type = 'A') AS x FROM t"
    ),
    "SELECT LIST_MAX([u.value FOR u IN labels IF u.key = 'k']) AS x FROM t": (
        "SELECT (SELECT MAX(u.value) FROM UNNEST(labels) AS u WHERE u.key = 'k') AS x FROM t"
    ),
    "SELECT ARRAY_TO_STRING([u.type FOR u IN credits], '|') AS x FROM t": (
        "SELECT ARRAY_TO_STRING(ARRAY(SELECT u.type FROM UNNEST(credits) AS u), '|') AS x FROM t"
    ),
    'SELECT FROM_JSON(text, \'[{"key":"VARCHAR"}]\') AS x FROM t': (
        "SELECT ARRAY(SELECT AS STRUCT JSON_VALUE(one, '$.key') AS key FROM UNNEST(JSON_QUERY_ARRAY("
        "PARSE_JSON(text, wide_number_mode => 'round'), '$')) AS one) AS x FROM t"
    ),
    "SELECT CAST(TO_JSON(tags) AS VARCHAR) AS x FROM t": (
        "SELECT TO_JSON_STRING(tags) AS x FROM t"
    ),
    "SELECT DATE_DIFF('second', a, b) AS x FROM t": (
        "SELECT DATETIME_DIFF(b, a, SECOND) AS x FROM t"
    ),
}


@pytest.mark.parametrize(("duckdb", "bigquery"), list(WORDS.items()))
def test_each_word(duckdb: str, bigquery: str) -> None:
    assert to_dialect(duckdb, "bigquery") == bigquery
    assert to_dialect(duckdb, "duckdb") == duckdb


def test_json_in_a_list_in_a_sum() -> None:
    sql = 'SELECT LIST_SUM([u.a FOR u IN FROM_JSON(c, \'[{"a":"INT"}]\') IF u.a > 0]) AS x FROM t'
    made = to_dialect(sql, "bigquery")
    assert made.startswith("SELECT (SELECT SUM(u.a) FROM UNNEST(ARRAY(SELECT AS STRUCT ")
    assert "FROM_JSON" not in made


def test_what_bigquery_has_no_word_for_is_an_error() -> None:
    with pytest.raises(UnsupportedError):
        to_dialect("SELECT REGEXP_REPLACE(a, 'x', 'y', 'g') AS x FROM t", "bigquery")
