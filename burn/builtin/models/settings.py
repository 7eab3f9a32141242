"""`[model.openai]` in burn.toml."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from burn.api import UsageError, setting


@dataclass(frozen=True, slots=True)
class OpenAISettings:
    """Where the model is, how to sign in, and what it costs."""

    url: str = setting(
        "", help="base URL, which `/chat/completions` follows, e.g. http://localhost:11434/v1"
    )
    model: str = setting("", help="the model's name there, or Azure's name of the deployment")
    key: str = setting("", secret=True, help="API key; empty: none is sent")
    key_header: str = setting(
        "Authorization",
        help="header of the key, as `Bearer KEY`; any other, e.g. api-key, has it bare",
    )
    headers: dict[str, str] = setting({}, secret=True, help="further headers for every request")
    ca_file: str = setting("", help="PEM file of the authorities to trust instead of the system's")
    timeout: float = setting(120.0, help="seconds that one turn may take, to its last byte")
    attempts: int = setting(3, help="tries of a turn that the server was too busy for")
    limit: Literal["max_tokens", "max_completion_tokens"] = setting(
        "max_tokens",
        help="how the server calls the most tokens to say; OpenAI's own newer models: max_completion_tokens",
    )
    price_in: float = setting(0.0, help="US dollars for a million tokens that it reads")
    price_out: float = setting(
        0.0, help="US dollars for a million tokens that it writes; with price_in it tells the cost"
    )

    def __post_init__(self) -> None:
        if self.url and not self._is_address():
            raise UsageError(
                f"model.openai.url `{self.url}` is not a URL",
                hint="write it as http://localhost:11434/v1",
            )
        if not 0 < self.timeout < float("inf"):
            raise UsageError(f"model.openai.timeout is {self.timeout}; it must be more than 0")
        if self.attempts < 1:
            raise UsageError(f"model.openai.attempts is {self.attempts}; it must be 1 or more")
        for name in ("price_in", "price_out"):
            if not 0 <= getattr(self, name) < float("inf"):
                raise UsageError(
                    f"model.openai.{name} is {getattr(self, name)}; it must be 0 or more"
                )
        for name, value in {self.key_header: self.key, **self.headers}.items():
            if not all(text.isascii() and text.isprintable() for text in (name, value)):
                raise UsageError(
                    f"the header `{name[:40]!a}` in [model.openai] cannot be sent",
                    hint="headers hold plain ASCII on one line; is there a line break at the end of the key?",
                )

    def _is_address(self) -> bool:
        try:
            parts = urlsplit(self.url)
            return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            return False
