"""No mutation of a bill changes a figure without a word.

Each column and each file of each format is dropped, doubled, blanked, renamed, repeated and
rewritten; burn gives the figures of the bill as it was, or refuses, or says what is wrong. A few
are drawn here; `python -m tests.mutations` tries all and counts the outcomes.
"""

from __future__ import annotations

import os
import random
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mutations.bill_files import read_files, split_in_two
from tests.mutations.columns import Mutation, column_mutations
from tests.mutations.exceptions import reason
from tests.mutations.outcome import Outcome, outcome
from tests.mutations.shortcut import Runs
from tests.mutations.subjects import SEEDS, SUBJECTS, Subject
from tests.mutations.together import outcomes
from tests.mutations.whole_files import file_mutations

MORE = int(os.environ.get("BURN_MUTATIONS", "0"))


@pytest.mark.slow
@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda s: s.name)
def test_no_figure_changes_without_a_word(subject: Subject, tmp_path: Path) -> None:
    dice = random.Random(None if MORE else subject.name)
    drawn = MORE or subject.drawn
    ends = dict(mutate(subject, SEEDS[0], tmp_path, dice, drawn))
    assert {name: end for name, end in ends.items() if end.bad} == {}
    assert len(ends) == drawn


def mutate(
    subject: Subject,
    seed: int,
    folder: Path,
    dice: random.Random,
    drawn: int | None,
    named: str = "",
    *,
    together: bool = False,
) -> Iterator[tuple[str, Outcome]]:
    """Each mutation's name and outcome, of all where none are drawn.

    Args:
        subject: whose bill.
        seed: of the world.
        folder: for bills.
        dice: draws.
        drawn: how many.
        named: expression that a mutation's name must match.
        together: change columns that are not read in groups, see `together`.
    """
    clean = folder / "clean"
    with subject.opened(seed, clean) as plan_of:
        run = Runs(plan_of)
        files = [f for f in split_in_two(clean) if subject.dataset in str(f.path)]
        truth = run(clean)
        every: list[Mutation] = [*file_mutations(files), *column_mutations(files)]
        every = [one for one in every if re.search(named, one.name)]
        chosen = dice.sample(every, min(drawn, len(every))) if drawn else every

        def tried(mutation: Mutation) -> Outcome:
            bill = folder / "mutated"
            shutil.copytree(clean, bill)
            mutation.apply([f for f in read_files(bill) if subject.dataset in str(f.path)])
            end = outcome(run, bill, truth, mutation.column)
            shutil.rmtree(bill)
            why = reason(f"{subject.name} {mutation.name}")
            return Outcome("exception", why) if end.bad and why else end

        if together:
            yield from ((one.name, end) for one, end in outcomes(chosen, tried))
        else:
            yield from ((one.name, tried(one)) for one in chosen)
