"""`[ask]` in burn.toml."""

from __future__ import annotations

from dataclasses import dataclass

from burn.api import UsageError, setting


@dataclass(frozen=True, slots=True)
class AskSettings:
    """`[ask]` in burn.toml."""

    model: str = setting(
        help="the model that `burn ask` talks to, set up in [model.NAME]; empty: none, it answers by rules"
    )
    redact: bool = setting(
        False,
        help="send pseudonyms instead of names of clusters, namespaces, resources; as --redact",
    )
    most_calls: int = setting(20, help="most questions that a model may ask for one of yours")
    most_tokens: int = setting(
        100_000, help="most tokens, read and written, for one question of yours"
    )
    most_cost: float = setting(
        0.0,
        help="most US dollars for one question of yours; 0: no limit, else the model needs prices",
    )

    def __post_init__(self) -> None:
        for name in ("most_calls", "most_tokens"):
            if getattr(self, name) < 1:
                raise UsageError(f"ask.{name} is {getattr(self, name)}; it must be 1 or more")
        if not 0 <= self.most_cost < float("inf"):
            raise UsageError(f"ask.most_cost is {self.most_cost}; it must be 0 or more")
