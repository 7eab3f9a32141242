"""`[findings]` in burn.toml: when something is worth a reader's time, and which rules speak."""

from __future__ import annotations

from dataclasses import dataclass

from burn.api.errors import UsageError
from burn.api.settings import setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """When a rule speaks; what several rules share. Money is in the bill's currency.

    A rule's own settings are in `[rule.NAME]`.
    """

    off: tuple[str, ...] = setting((), help="rules to leave out, by the name a finding has")
    rules: tuple[str, ...] = setting((), help="rules of plugins to apply besides burn's own")
    min_monthly: float = setting(
        1.0, help="findings of less than this a month are left out, in the bill's currency"
    )
    cpu_percentile: float = setting(
        95.0,
        help="of a pod's hours, this percentage must have enough CPU; a request is judged by it",
    )
    headroom: float = setting(
        0.3,
        help="part kept above measured use when a request is judged; 0.15 is bold, 0.5 careful",
    )
    size_headroom: float = setting(
        0.15, help="part kept above measured use when a container is sized, see rule `right-size`"
    )
    size_half_life: float = setting(
        7.0, help="days after which a day counts half when a container's CPU is sized"
    )
    min_pod_hours: float = setting(
        24.0, help="pod-hours a workload must have run for its requests to be judged"
    )
    steady: float = setting(
        0.95, help="part of the window that a node or volume must have been there to be spare"
    )
    fill: float = setting(
        0.8, help="how full the nodes that stay may be at the busiest hour, as a part of them"
    )
    transfer_share: float = setting(
        0.1, help="data transfer or NAT is a finding from this part of node cost on"
    )
    still_billed_days: int = setting(
        2, help="what the metrics never saw and was not billed for more days than this is gone"
    )
    quiet_bytes: float = setting(
        500.0,
        help="bytes a second up to which a pod's busiest hour is no traffic; probes need some",
    )
    volume_headroom: float = setting(
        1.0, help="part kept above the most that a volume held when a smaller one is advised"
    )
    assumed_discount: float = setting(
        0.25, help="of a commitment, where the bill shows none to learn from"
    )
    lapse_days: int = setting(
        60, help="a commitment that ends within so many days of the window's end is a finding"
    )

    def __post_init__(self) -> None:
        for name in ("steady", "fill", "transfer_share", "assumed_discount"):
            self._within(name, 1)
        for name in (
            "min_monthly",
            "headroom",
            "size_headroom",
            "min_pod_hours",
            "still_billed_days",
            "quiet_bytes",
            "volume_headroom",
            "lapse_days",
        ):
            self._within(name, float("inf"))
        self._within("cpu_percentile", 100)
        if not 0 < self.size_half_life < float("inf"):
            raise UsageError(
                f"findings.size_half_life is {self.size_half_life:g}; it must be more than 0 days"
            )

    def _within(self, name: str, most: float) -> None:
        value = getattr(self, name)
        if not 0 <= value <= most:
            top = "or more" if most == float("inf") else f"to {most:g}"
            raise UsageError(f"findings.{name} is {value:g}; it must be 0 {top}")
