"""OpenAI's chat completions with tools over HTTP, as most servers of models speak them."""

from __future__ import annotations

import ssl
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from burn.api import AccessError, Turn, TurnRequest, UsageError
from burn.builtin.deadline import Deadline
from burn.builtin.models import chat

if TYPE_CHECKING:
    import httpx

    from burn.builtin.models.settings import OpenAISettings

_BUSY = (429, 502, 503, 504)
_MOST_BYTES = 8 * 2**20
_LONGEST_WAIT = 30.0


class OpenAIModel:
    """See the module.

    Args:
        settings: `[model.openai]`.

    Raises:
        UsageError: no server or model is named.
        AccessError: the file of authorities cannot be read.
    """

    def __init__(self, settings: OpenAISettings) -> None:
        for name in ("url", "model"):
            if not getattr(settings, name):
                raise UsageError(
                    f"model.openai.{name} is not set",
                    hint="docs/how-to/ask-with-a-model.md has examples for some servers",
                )
        self._settings = settings
        self._deadline = Deadline(settings.timeout)
        self._http = _client(settings)

    def turn(self, request: TurnRequest) -> Turn:
        """See `Model.turn`."""
        from tenacity import Retrying, retry_if_exception_type, stop_after_attempt

        settings = self._settings
        body = {"model": settings.model, settings.limit: request.most_tokens, **chat.asked(request)}
        retrying = Retrying(
            stop=stop_after_attempt(settings.attempts),
            wait=_wait,
            retry=retry_if_exception_type(_BusyError),
            reraise=True,
        )
        try:
            said = chat.said(retrying(self._once, body), self._where)
        except _BusyError as error:
            raise AccessError(
                f"the model at {self._where} is too busy: {error}", hint="ask again later"
            ) from None
        if not (settings.price_in or settings.price_out) or not (said.sent or said.said):
            return said.turn()  # what was not counted is not free
        prices = (Decimal(str(settings.price_in)), Decimal(str(settings.price_out)))
        return said.turn(cost=(said.sent * prices[0] + said.said * prices[1]) / 1_000_000)

    @property
    def _where(self) -> str:
        return str(self._http.base_url.host)

    def _once(self, body: dict[str, Any]) -> bytes:
        import httpx

        deadline = self._deadline
        try:
            with (
                deadline.running(),
                self._http.stream(
                    "POST", "chat/completions", json=body, extensions={"trace": deadline.trace}
                ) as response,
            ):
                answer = self._read(response)
                if deadline.passed:  # an answer without a length ends where it was cut
                    raise httpx.ReadTimeout("")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            if deadline.passed or isinstance(error, httpx.TimeoutException):
                raise AccessError(
                    f"the model at {self._where} gave no whole answer within {deadline.seconds:g} s",
                    hint="model.openai.timeout allows more",
                ) from error
            raise AccessError(
                f"the model at {self._where} cannot be reached: {error or type(error).__name__}",
                hint="check model.openai.url, and that the server runs",
            ) from error
        self._check(response, answer)
        return answer

    def _read(self, response: httpx.Response) -> bytes:
        chunks, size = [], 0
        for chunk in response.iter_bytes():
            size += len(chunk)
            if size > _MOST_BYTES:
                raise AccessError(
                    f"the model at {self._where} answers more than {_MOST_BYTES // 2**20} MiB"
                )
            chunks.append(chunk)
        return b"".join(chunks)

    def _check(self, response: httpx.Response, answer: bytes) -> None:
        status = response.status_code
        if status == 200:
            return
        why = chat.error(answer)
        if status in _BUSY:
            raise _BusyError(f"HTTP {status} {why}".strip(), response.headers.get("retry-after"))
        if status in (401, 403):
            raise AccessError(
                f"the model at {self._where} refuses access (HTTP {status})",
                hint="check model.openai.key and model.openai.key_header",
            )
        raise AccessError(
            f"the model at {self._where} answers HTTP {status} {why}".strip(),
            hint="check model.openai.url, which `/chat/completions` follows, model.openai.model, and that"
            " the model can use tools",
        )


class _BusyError(Exception):
    def __init__(self, why: str, after: str | None) -> None:
        super().__init__(why)
        self.after = min(float(after), _LONGEST_WAIT) if after and after.isdecimal() else 1.0


def _wait(state: Any) -> float:
    return float(state.outcome.exception().after)


def _client(settings: OpenAISettings) -> httpx.Client:
    import httpx

    headers = dict(settings.headers)
    if settings.key:
        bearer = settings.key_header.lower() == "authorization"
        headers[settings.key_header] = f"Bearer {settings.key}" if bearer else settings.key
    try:
        verify = ssl.create_default_context(cafile=settings.ca_file or None)
    except (OSError, ssl.SSLError) as error:
        raise AccessError(
            f"model.openai.ca_file `{settings.ca_file}` cannot be read: {error}"
        ) from None
    # A redirect is not followed: the key and the talk go where the user said, and nowhere else.
    return httpx.Client(
        base_url=settings.url.rstrip("/") + "/",
        headers=headers,
        verify=verify,
        follow_redirects=False,
        timeout=httpx.Timeout(settings.timeout, connect=min(settings.timeout, 10.0)),
    )
