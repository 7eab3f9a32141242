"""A model of pydantic-ai, by its name there, with the user's key and address."""

from __future__ import annotations

import inspect
import os
from typing import TYPE_CHECKING, Any

from burn.api import BurnError, PluginError, UsageError, clean, conceal

if TYPE_CHECKING:
    from pydantic_ai.models import Model

    from burn_ai.settings import AiSettings

_HOW = "docs/how-to/ask-with-a-model.md has examples for some providers"
_LONGEST = 300


def model_of(settings: AiSettings) -> Model:
    """The library's model.

    Raises:
        UsageError: none is named, the library knows no such provider, or it lacks a setting.
        PluginError: the provider's own library is not installed.
    """
    from pydantic_ai.exceptions import UserError
    from pydantic_ai.models import infer_model

    provider, colon, name = settings.model.partition(":")
    if not (provider and colon and name):
        raise UsageError(
            f"model.pydantic-ai.model is `{clean(settings.model)}`; it must name a provider and a model",
            hint=_HOW,
        )
    _conceal(settings)
    try:
        return infer_model(settings.model, provider_factory=lambda name: _provider(name, settings))
    except BurnError:
        raise
    except ImportError as error:
        raise PluginError(
            f"the library that `{clean(provider)}` needs is not installed: {_line(error)}",
            hint='install burn-ai with the provider\'s extra, e.g. pip install "burn-ai[anthropic]"',
        ) from None
    except UserError as error:
        raise UsageError(
            f"the model `{clean(settings.model)}` cannot be set up: {_line(error)}",
            hint="BURN_MODEL__PYDANTIC_AI__KEY has its key, or the variable that the provider's library reads",
        ) from None
    except Exception as error:  # each provider's library has errors of its own
        raise UsageError(
            f"the model `{clean(settings.model)}` cannot be set up: {_line(error)}", hint=_HOW
        ) from None


def _provider(name: str, settings: AiSettings) -> Any:
    """The provider, made by its own class: a key must not go to another's address."""
    from pydantic_ai.providers import infer_provider, infer_provider_class

    given = {"api_key": settings.key, "base_url": settings.url}
    given = {parameter: value for parameter, value in given.items() if value}
    if not given:
        return infer_provider(name)
    if name.startswith("gateway/"):
        raise UsageError(
            f"`{clean(name)}` signs in by variables of its own", hint="leave out its key and url"
        )
    try:
        made = infer_provider_class(name)
    except ValueError:
        raise UsageError(f"pydantic-ai has no provider `{clean(name)}`", hint=_HOW) from None
    for parameter, setting in (("api_key", "key"), ("base_url", "url")):
        if parameter in given and parameter not in inspect.signature(made).parameters:
            raise UsageError(
                f"the provider `{name}` takes no {setting}",
                hint=f"leave out model.pydantic-ai.{setting}",
            )
    return made(**given)


def _conceal(settings: AiSettings) -> None:
    """No error shows the key, nor one that the provider's library reads by itself."""
    conceal(settings.key)
    for name, value in os.environ.items():
        if name.endswith(("_API_KEY", "_TOKEN", "_ACCESS_KEY")):
            conceal(value)


def _line(error: Exception) -> str:
    return clean(str(error)[:_LONGEST]) or type(error).__name__
