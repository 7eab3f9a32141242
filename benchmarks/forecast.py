"""`python -m benchmarks.forecast [MONTHS]`: how often the 80 % interval holds, and whose error is least."""

from __future__ import annotations

import sys

from tests.lab.daily_costs import trial


def main(months: int = 200, seed: int = 2026) -> None:
    """Print the table."""
    import numpy as np

    dice = np.random.default_rng(seed)
    trials = [trial(dice) for _ in range(months)]
    mean = {name: 100 * float(np.mean([one[name] for one in trials])) for name in trials[0]}
    print(f"| {months} months | |\n| --- | --- |")
    print(f"| the 80 % interval of the month's rest held | {mean.pop('held'):.1f} % |")
    for name, value in mean.items():
        print(f"| mean error of a day: {name} | {value:.2f} % |")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
