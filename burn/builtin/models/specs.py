"""The models burn comes with."""

from __future__ import annotations

from burn.api import Model, ModelSpec
from burn.builtin.models.settings import OpenAISettings


def _openai(settings: OpenAISettings) -> Model:
    from burn.builtin.models.openai import OpenAIModel

    return OpenAIModel(settings)


MODELS = (
    ModelSpec(
        name="openai",
        summary="Any server of OpenAI's chat protocol: Ollama, vLLM, LM Studio, Azure, OpenRouter, OpenAI",
        make=_openai,
        settings=OpenAISettings,
    ),
)
