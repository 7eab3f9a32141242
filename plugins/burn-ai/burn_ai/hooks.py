"""What burn finds of this plugin. pydantic-ai is imported when a model is made, not before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from burn.api import ModelSpec, hookimpl
from burn_ai.settings import AiSettings

if TYPE_CHECKING:
    from burn.api import Model


def _make(settings: AiSettings) -> Model:
    from burn_ai.model import PydanticAiModel
    from burn_ai.provider import model_of

    return PydanticAiModel(settings, model_of(settings))


@hookimpl
def burn_models() -> Sequence[ModelSpec]:
    """The model."""
    return [
        ModelSpec(
            name="pydantic-ai",
            summary="Models of Anthropic, Google, Bedrock, Mistral and others, by pydantic-ai's names of them",
            make=_make,
            settings=AiSettings,
        )
    ]
