"""A frame as Parquet and back, to the last bit: order of rows, text columns, order of categories."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

_KEY = b"burn.categories"


def to_parquet(frame: pd.DataFrame) -> bytes:
    """One file that any engine reads; what it takes to give the same frame again is in its metadata."""
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

    # Readers sort by categories, and a file's own dictionary is in the order of its rows.
    order = {
        str(name): [str(one) for one in frame[name].cat.categories]
        for name in frame.columns
        if isinstance(frame[name].dtype, pd.CategoricalDtype)
    }
    table = pa.Table.from_pandas(frame, preserve_index=False)
    table = table.replace_schema_metadata({_KEY: json.dumps(order)})
    sink = pa.BufferOutputStream()
    # Files are read whole: statistics would be half of a small one.
    pq.write_table(table, sink, compression="zstd", write_statistics=False)
    return bytes(sink.getvalue())


def from_parquet(content: bytes) -> pd.DataFrame:
    """The frame that was written."""
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.ParquetFile(pa.BufferReader(content)).read()
    order = json.loads((table.schema.metadata or {}).get(_KEY, b"{}"))
    frame: pd.DataFrame = table.to_pandas()
    for name, categories in order.items():
        values = frame[name]
        kind = pd.CategoricalDtype(pd.Index(categories, dtype="str"))
        if isinstance(values.dtype, pd.CategoricalDtype):
            frame[name] = values.cat.set_categories(kind.categories)
        else:
            frame[name] = values.astype(kind)
    return frame


def rows(content: bytes, columns: Sequence[str], **wanted: str) -> list[dict[str, Any]]:
    """Some rows without pandas, whose import takes longer than reading a ledger.

    Args:
        content: of a file of `to_parquet`.
        columns: of each row; null is None.
        wanted: columns and the text that they have in the rows.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.ParquetFile(pa.BufferReader(content)).read([*columns, *wanted])
    told = zip(*(table.column(name).to_pylist() for name in wanted), strict=True)
    texts = tuple(wanted.values())
    chosen = [at for at, found in enumerate(told) if found == texts]
    return [{name: table.column(name)[at].as_py() for name in columns} for at in chosen]
