"""`python -m tests.mutations [NAME…]`: every mutation of every format, and what became of it.

The table at the end is the one of docs/explanation/ledger.md.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.mutations.outcome import BAD
from tests.mutations.subjects import SEEDS, SUBJECTS
from tests.mutations.test_mutations import mutate

SHOWN = ("right", "refused", "said", "exception", *BAD)
"""The table's columns; those that must be empty are left out where they are."""


def main(arguments: list[str]) -> int:
    """Print a line a mutation, counts for each format, and fail on a figure changed in silence."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutations", description=__doc__)
    parser.add_argument(
        "names", nargs="*", help="formats, such as aws-cur2; all where none is named"
    )
    parser.add_argument("--match", default="", help="expression for mutations' names")
    parser.add_argument("--draw", type=int, help="so many of them, instead of all")
    parser.add_argument("--seed", type=int, default=SEEDS[0], help="of the world")
    parser.add_argument(
        "--together", action="store_true", help="change columns that are not read in groups"
    )
    stated = parser.parse_args(arguments)
    total: dict[str, Counter[str]] = {}
    for subject in SUBJECTS:
        if stated.names and subject.name not in stated.names:
            continue
        counts: Counter[str] = Counter()
        dice = random.Random(stated.seed)
        with tempfile.TemporaryDirectory() as folder:
            ends = mutate(
                subject,
                stated.seed,
                Path(folder),
                dice,
                stated.draw,
                stated.match,
                together=stated.together,
            )
            for name, end in ends:
                print(f"{subject.name}\t{end.kind}\t{name}\t{end.text[:400]}", flush=True)
                counts[end.kind] += 1
        total[subject.name] = counts
    print(table(total))
    return int(any(counts[kind] for counts in total.values() for kind in BAD))


def table(total: dict[str, Counter[str]]) -> str:
    """Markdown: a line a format, with how many of its mutations came to what."""
    found = {kind for counts in total.values() for kind in counts}
    kinds = [kind for kind in SHOWN if kind in found or kind not in BAD]
    rows = [["format", "mutations", *kinds], ["---", *["---:"] * (len(kinds) + 1)]]
    rows += [
        [name, str(counts.total()), *(str(counts[kind]) for kind in kinds)]
        for name, counts in total.items()
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
