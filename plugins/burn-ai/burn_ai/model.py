"""A model of pydantic-ai as burn's: one request a turn, and no loop but burn's own."""

from __future__ import annotations

import asyncio
import atexit
from functools import cache
from typing import TYPE_CHECKING

from pydantic_ai.direct import model_request
from pydantic_ai.exceptions import (
    ModelAPIError,
    ModelAuthenticationError,
    ModelConnectionError,
    ModelHTTPError,
    ModelRateLimitError,
    ModelRequestTimeout,
    ModelTimeoutError,
    ModelUnavailableError,
    UnexpectedModelBehavior,
)
from pydantic_ai.settings import ModelSettings

from burn.api import AccessError, BurnError, DataError, Turn, TurnRequest, clean
from burn_ai import talk

if TYPE_CHECKING:
    from pydantic_ai.messages import ModelResponse
    from pydantic_ai.models import Model

    from burn_ai.settings import AiSettings

_LONGEST = 200
_NO_ANSWER = (
    *(UnexpectedModelBehavior, TypeError, ValueError, AttributeError, LookupError, AssertionError),
)
"""What comes of an answer that is not of the protocol: not every provider's library looks at it."""


class PydanticAiModel:
    """See the module.

    Args:
        settings: `[model.pydantic-ai]`.
        model: the library's.
    """

    def __init__(self, settings: AiSettings, model: Model) -> None:
        self._settings = settings
        self._model = model
        self._said: dict[talk.Ids, ModelResponse] = {}

    def turn(self, request: TurnRequest) -> Turn:
        """See `Model.turn`."""
        name = self._settings.model
        open_ = {talk.ids(one.calls) for one in request.messages}
        self._said = {key: one for key, one in self._said.items() if key in open_}
        try:
            response = self._asked(request)
            turn = talk.turn(response, self._settings)
        except BurnError:
            raise
        except ModelAPIError as error:
            raise self._told(error) from None
        except _NO_ANSWER:
            raise self._odd() from None
        except Exception as error:  # each provider's library has errors of its own
            raise AccessError(
                f"the model `{name}` cannot be used: {type(error).__name__}",
                hint="check how its provider's library signs in",
            ) from None
        if turn.calls:
            self._said[talk.ids(turn.calls)] = response
        return turn

    def _asked(self, request: TurnRequest) -> ModelResponse:
        return _loop().run(
            model_request(
                self._model,
                talk.asked(request.messages, self._said),
                model_settings=ModelSettings(
                    max_tokens=request.most_tokens, request_timeout=self._settings.timeout
                ),
                model_request_parameters=talk.offered(request.tools),
                instrument=False,  # no tracing of the process gets the talk
            )
        )

    def _told(self, error: ModelAPIError) -> BurnError:
        name = self._settings.model
        status = error.status_code if isinstance(error, ModelHTTPError) else None
        if isinstance(error, (ModelRequestTimeout, ModelTimeoutError)):
            return AccessError(
                f"the model `{name}` gave no whole answer within {self._settings.timeout:g} s",
                hint="model.pydantic-ai.timeout allows more",
            )
        if isinstance(error, ModelAuthenticationError) or status in (401, 403):
            return AccessError(
                f"the model `{name}` refuses access (HTTP {status})",
                hint="check model.pydantic-ai.key, or the variable that the provider's library reads",
            )
        if isinstance(error, (ModelRateLimitError, ModelUnavailableError)):
            return AccessError(f"the model `{name}` is too busy", hint="ask again later")
        if isinstance(error, ModelConnectionError):
            return AccessError(
                f"the model `{name}` cannot be reached: {self._line(error.message)}",
                hint="check model.pydantic-ai.url, and that this machine reaches it",
            )
        if status is None:
            return self._odd()
        return AccessError(
            f"the model `{name}` answers HTTP {status}: {self._line(_why(error))}",
            hint="check model.pydantic-ai.model, and that the model can use tools",
        )

    def _odd(self) -> DataError:
        return DataError(
            f"the model `{self._settings.model}` answers what cannot be understood",
            hint="check model.pydantic-ai.url and model.pydantic-ai.model",
        )

    def _line(self, text: str) -> str:
        """A line of another's text, without the key: a server may repeat it."""
        key = self._settings.key
        return clean((text.replace(key, "<key>") if key else text)[:_LONGEST])


@cache
def _loop() -> asyncio.Runner:
    """One for the process: the library keeps connections for its models, and each is of one loop.

    It is not the thread's current loop, which is for who embeds burn.
    """
    made = asyncio.Runner(loop_factory=asyncio.new_event_loop)
    atexit.register(made.close)
    return made


def _why(error: ModelAPIError) -> str:
    """What the provider says is wrong."""
    body = error.body
    inner = body.get("error", body) if isinstance(body, dict) else body
    message = inner.get("message") if isinstance(inner, dict) else inner
    return str(message or error.provider_error_code or type(error).__name__)
