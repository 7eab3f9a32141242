"""What other tools say of the world of right-sizing, beside burn and the right answer.

`python -m tests.lab.compared` writes it into docs/explanation/right-sizing.md.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from burn.api import ObserveRequest, Scope, SizesFrame, Thresholds, Window
from burn.sizing import advise, by_day, latest
from burn.sizing.days import newest
from tests.lab.sizing import TRAPS, SizedSource, Trap, world

if TYPE_CHECKING:
    from burn.api import Observation

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "right-sizing.md"
BEGIN, END = (
    "<!-- table: written by `python -m tests.lab.compared` -->\n",
    "<!-- end of table -->\n",
)
RULES = ("burn", "krr", "vpa", "kubecost")


def sizes() -> SizesFrame:
    """Of the fortnight, by every rule."""
    source, scope = SizedSource(world()), Scope(cluster=world().cluster)
    days = Window(world().start, world().end).days()
    seen = [source.observe(ObserveRequest(scope=scope, window=day)) for day in days]
    return advise(_stacked(seen), newest(_known(seen)), Thresholds())


def _stacked(seen: list[Observation]) -> pd.DataFrame:
    parts = [by_day(day) for day in seen]
    return pd.concat([part for part in parts if part is not None], ignore_index=True)


def _known(seen: list[Observation]) -> list[pd.DataFrame]:
    return [part for part in map(latest, seen) if part is not None]


def original(trap: Trap) -> tuple[float | None, float | None]:
    """Burn before this one: P95 × 1.5 where less than half of the request is used on average.

    Each resource by itself; it looks at pods, whatever made them, and at one period.
    """
    days = [trap.busy.get(day, trap.uses[0]) for day in range(trap.born, 14)]
    mean, p95 = sum(days) / len(days), float(np.quantile(days, 0.95, method="inverted_cdf"))
    out: list[float | None] = []
    for asked, used, top in ((trap.asks[0], mean, p95), (trap.asks[1], trap.uses[1], trap.uses[1])):
        new = top * 1.5
        out.append(new if used < 0.5 * asked and new < asked else None)
    return out[0], out[1]


def table() -> str:
    """Markdown: cores / GiB a pod; a dash where a tool leaves the request as it is."""
    found = sizes().set_index(["preset", "workload"])
    names = ["workload", "asks", "right", "burn", "original burn", "KRR", "VPA", "Kubecost"]
    lines = [names, ["---"] * len(names)]
    for trap in TRAPS:
        said = {}
        for rule in RULES:
            row = found.loc[(rule, trap.name)] if (rule, trap.name) in found.index else None
            said[rule] = "–" if row is None else _pair(row.cpu_request_new, row.memory_request_new)
        cells = [trap.name, _pair(*trap.asks), _pair(*trap.answer) if trap.answer else "–"]
        cells += [said["burn"], _pair(*original(trap)), said["krr"], said["vpa"], said["kubecost"]]
        lines.append(cells)
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _pair(cpu: float | None, memory: float | None) -> str:
    return " / ".join("–" if one is None else f"{one:.3g}" for one in (cpu, memory))


def refreshed(page: str) -> str:
    """The page with the table as it is now."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(refreshed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
