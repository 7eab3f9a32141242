"""`[model.pydantic-ai]` in burn.toml."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from burn.api import UsageError, setting


@dataclass(frozen=True, slots=True)
class AiSettings:
    """Which model, how to sign in, and what it costs."""

    model: str = setting(
        "", help="provider and model as pydantic-ai has them, e.g. anthropic:claude-opus-4-8"
    )
    key: str = setting(
        "",
        secret=True,
        help="API key; empty: what the provider's own library finds, e.g. ANTHROPIC_API_KEY or AWS credentials",
    )
    url: str = setting("", help="base URL, where it is not the provider's own")
    timeout: float = setting(120.0, help="seconds that one turn may take, with all its tries")
    price_in: float = setting(0.0, help="US dollars for a million tokens that it reads")
    price_out: float = setting(
        0.0, help="US dollars for a million tokens that it writes; with price_in it tells the cost"
    )

    def __post_init__(self) -> None:
        if self.url and not self._is_address():
            raise UsageError(
                f"model.pydantic-ai.url `{self.url}` is not a URL",
                hint="write it as https://models.example.com",
            )
        if not 0 < self.timeout < float("inf"):
            raise UsageError(f"model.pydantic-ai.timeout is {self.timeout}; it must be more than 0")
        for name in ("price_in", "price_out"):
            if not 0 <= getattr(self, name) < float("inf"):
                raise UsageError(
                    f"model.pydantic-ai.{name} is {getattr(self, name)}; it must be 0 or more"
                )
        if not (self.key.isascii() and self.key.isprintable()):
            raise UsageError(
                "model.pydantic-ai.key cannot be sent",
                hint="a key is plain ASCII on one line; is there a line break at its end?",
            )

    def _is_address(self) -> bool:
        try:
            parts = urlsplit(self.url)
            return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            return False
