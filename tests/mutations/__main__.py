"""`python -m tests.mutations [NAME…]`: every mutation of every format, and what became of it."""

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
    total: Counter[str] = Counter()
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
        total += counts
        print(f"# {subject.name}: {counts.total()} {dict(counts)}", flush=True)
    print(f"# all: {total.total()} {dict(total)}")
    return int(any(total[kind] for kind in BAD))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
