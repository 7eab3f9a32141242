"""The other end: Anthropic's API on loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from burn.api import Model
from burn_ai.hooks import burn_models
from burn_ai.settings import AiSettings
from tests.servers.anthropic import Anthropic, anthropic

Make = Callable[..., Model]


@pytest.fixture
def api() -> Iterator[Anthropic]:
    with anthropic() as made:
        yield made


@pytest.fixture
def make(api: Anthropic) -> Make:
    """A model of the plugin's, as burn makes it."""

    def made(**more: Any) -> Model:
        given = {"model": "anthropic:claude-scripted", "url": api.url, "key": "key-0123", **more}
        (spec,) = burn_models()
        model: Model = spec.make(AiSettings(**given))
        return model

    return made
