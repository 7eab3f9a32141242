"""What the metrics could have shown: no rule takes silence for "nobody uses it"."""

from __future__ import annotations

from collections.abc import Iterator

from burn.api.find import FindRequest
from burn.api.money import count

USED_BY = {
    "node": ("machine", ("nodes",)),
    "volume": ("disk", ("volumes",)),
    "load_balancer": ("load balancer", ("services", "ingresses")),
}
"""Cost class of a bill's resource → what people call it, and what its users would be seen as."""


def could_see(inputs: FindRequest, *kinds: str) -> bool:
    """Whether the source shows all things of these kinds, and watched (nearly) the whole window.

    Args:
        inputs: `thresholds.steady` is the part of the window that must have been watched.
        kinds: of `burn.api.vocabulary.OBSERVABLE`; unknown counts as no.
    """
    watched = 1 - inputs.coverage.hours_missing / inputs.hours
    known = all(inputs.coverage.sees.get(kind, False) for kind in kinds)
    return known and watched >= inputs.thresholds.steady


def cannot_tell(inputs: FindRequest) -> Iterator[str]:
    """Notes on cluster resources whose use these metrics could not have shown."""
    unseen = inputs.ledger[inputs.ledger["driver"] == "unseen"]
    rows = inputs.inside[inputs.inside["resource_key"].isin(unseen["subject"])]
    for kind, (word, needed) in USED_BY.items():
        keys = rows.loc[rows["x_cost_class"] == kind, "resource_key"].astype(str).unique()
        if not len(keys) or could_see(inputs, *needed):
            continue
        amount = float(unseen.loc[unseen["subject"].isin(keys), "amount"].sum())
        blind = [name for name in needed if not inputs.coverage.sees.get(name, False)]
        sees = inputs.coverage.sees
        if not blind:
            why = f"the metrics are missing for {inputs.coverage.hours_missing:,.1f} hours"
        elif any(sees.get(name) is False for name in blind):
            why = f"the metrics show no {' and no '.join(blind)} at all"
        else:
            why = f"the metrics do not say whether they show all {' and '.join(blind)}"
        yield (
            f"{why}, so that they cannot tell what uses {count(len(keys), word)} that the bill"
            f" ties to the cluster ({amount:,.2f})"
        )
