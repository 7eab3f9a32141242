"""One process that runs burn on its sample, or only imports what no run can do without.

python -m benchmarks.sample burn|bare
"""

from __future__ import annotations

import contextlib
import json
import os
import sys


def burn() -> None:
    """The whole command, its report thrown away."""
    from burn.cli.app import main

    sys.argv = ["burn", "run", "--provider", "aws", "--sample", "--no-keep"]
    with (
        open(os.devnull, "w", encoding="utf-8") as nowhere,
        contextlib.redirect_stdout(nowhere),
        contextlib.suppress(SystemExit),
    ):
        main()


def bare() -> None:
    """The libraries."""
    import duckdb
    import pandas
    import pyarrow.parquet

    assert duckdb, (pandas, pyarrow)


if __name__ == "__main__":
    {"burn": burn, "bare": bare}[sys.argv[1]]()
    print(json.dumps({}))
