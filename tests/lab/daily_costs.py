"""Made-up daily costs of a cluster, by driver: what a forecast is judged on.

Nodes by weekday with growth, a random walk, steps (a team came or left), a load test; discounts on them;
transfer that is noisier; charges that do not move; the rest of the account.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Series = np.ndarray[Any, Any]


def daily_costs(dice: np.random.Generator, days: int) -> tuple[Series, int]:
    """Drivers × days, and the weekday of the first day."""
    time = np.arange(days)
    first = int(dice.integers(7))
    weekend = (time + first) % 7 >= 5
    base = dice.uniform(50, 500)
    week = 1 - dice.uniform(0, 0.4) * weekend * dice.integers(0, 2)
    growth = 1 + dice.uniform(-0.004, 0.008) * time
    steps = np.zeros(days)
    for _ in range(dice.poisson(days / 30)):
        steps[dice.integers(days) :] += dice.normal(0, 0.06)
    walk = np.cumsum(dice.normal(0, 0.006, days))
    nodes = base * (week * growth + steps + walk) * (1 + dice.normal(0, 0.015, days))
    if dice.random() < 0.3:
        at = dice.integers(days)
        nodes[at : at + 2] *= 1.4
    discounts = -nodes * dice.uniform(0.1, 0.3) * (1 + dice.normal(0, 0.02, days))
    transfer = base * 0.15 * week * (1 + dice.normal(0, 0.08, days))
    fixed = np.full(days, base * 0.1)
    drift = dice.normal(0, 0.01, days) + np.cumsum(dice.normal(0, 0.003, days))
    outside = base * dice.uniform(0.5, 1.5) * (1 + drift)
    return np.array([nodes, discounts, transfer, fixed, outside]), first


def trial(dice: np.random.Generator) -> dict[str, float]:
    """One month's rest, forecast from 20 to 74 days before it: was it held, and errors of a day."""
    from burn.history.forecast_model import ahead, backtest

    days, known = int(dice.integers(3, 25)), int(dice.integers(20, 75))
    costs, weekday = daily_costs(dice, known + days)
    past, actual = costs[:, :known], costs.sum(axis=0)
    then = actual[known:]
    made = ahead(past, weekday, days).sum(axis=0)
    tested = backtest(past, weekday, days)
    line = np.polyfit(np.arange(known)[-30:], actual[:known][-30:], 1)
    straight = np.polyval(line, np.arange(known, known + days))
    week = np.resize(actual[known - 7 : known], days)
    size = actual.mean()

    def error(guess: Series) -> float:
        return float(np.abs(guess - then).mean() / size)

    return {
        "held": float(abs(made.sum() - then.sum()) <= tested.half(days, days)),
        "burn": error(made),
        "last week again": error(week),
        "a straight line": error(straight),
    }
