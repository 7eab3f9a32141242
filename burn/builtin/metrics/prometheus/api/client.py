"""One request to the Prometheus API, tried again when that can help, and counted."""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Self

from burn.api import AccessError, DataError
from burn.builtin.deadline import Deadline
from burn.builtin.metrics.common.http import tls_failure, wait
from burn.builtin.metrics.prometheus.api.answers import CutOffError, PartialError, message, series
from burn.builtin.metrics.prometheus.api.auth import http_client

if TYPE_CHECKING:
    import httpx
    from tenacity import RetryCallState

    from burn.builtin.metrics.common.meter import Meter
    from burn.builtin.metrics.prometheus.settings import PrometheusSettings

_RETRIED = (429, 502, 503, 504)
# How Prometheus, Thanos, Mimir, Cortex and VictoriaMetrics say that an answer would be too large.
_TOO_LARGE = re.compile(
    r"too many (samples|series|points|time ?series)|too large"
    r"|exceed(s|ed)? (the )?(\w+ ){0,4}(limit|maximum|number|resolution|size)"
    r"|number of matching timeseries exceeds|cannot select more than|-search\.max"
    r"|limit \d+ (violated|reached)|not enough memory|timed out|deadline exceeded|timeout exceeded",
    re.IGNORECASE,
)


class TooLargeError(AccessError):
    """The server will not answer in one piece; ask for less time."""

    def __init__(self, url: str, what: str, cause: str) -> None:
        super().__init__(
            f"Prometheus at {url} will not answer {what}: {cause}",
            hint="raise the server's query limits (samples, series, timeout) for this user, or"
            " source.prometheus.timeout and .largest_answer",
        )
        self.cause = cause


class _TransientError(Exception):
    """Worth another try."""

    def __init__(self, cause: str, after: str | None = None) -> None:
        super().__init__(cause)
        self.after = after


class PrometheusClient:
    """Sends queries. `sleep` is how it waits between tries."""

    def __init__(
        self, settings: PrometheusSettings, *, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.url = settings.url.rstrip("/")
        self._http = http_client(settings)
        self._deadline = Deadline(settings.timeout)
        self._largest = settings.largest_answer * 2**20
        self._attempts = max(1, settings.attempts)
        self._sleep = sleep

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def ask(self, path: str, form: Mapping[str, str], *, what: str, meter: Meter) -> list[Any]:
        """POST a query and return the series of its answer.

        Args:
            path: below /api/v1/.
            form: the query and its times.
            what: names query and day in an error.
            meter: is counted up.

        Raises:
            TooLargeError: the same query over less time may succeed.
            AccessError: the server cannot be reached, stays busy, refuses us, or could only read
                a part of what it was asked for.
            DataError: the server does not understand the query, or we not its answer.
        """
        from tenacity import Retrying, retry_if_exception_type, stop_after_attempt

        # Thanos and VictoriaMetrics may leave out a store that is down; half an answer is no answer.
        fields = {"partial_response": "false", "deny_partial_response": "1", **form}
        retrying = Retrying(
            stop=stop_after_attempt(self._attempts),
            wait=_wait,
            sleep=self._sleep,
            retry=retry_if_exception_type((_TransientError, PartialError)),
            reraise=True,
        )
        try:
            return retrying(self._once, path, fields, what, meter)
        except PartialError as error:
            raise AccessError(
                f"Prometheus at {self.url} has only part of {what}: {error}",
                hint="a store behind it did not answer; run again when it does, or take it out of"
                " the server's configuration",
            ) from error
        except _TransientError as error:
            raise AccessError(
                f"Prometheus at {self.url} did not answer {what}: {error}",
                hint=f"it was tried {self._attempts} times; see that the server is up, then run again",
            ) from error

    def _once(self, path: str, form: dict[str, str], what: str, meter: Meter) -> list[Any]:
        import httpx

        meter.queries += 1
        deadline = self._deadline
        options: Any = {"data": form, "extensions": {"trace": deadline.trace}}
        try:
            with (
                deadline.running(),
                self._http.stream("POST", f"api/v1/{path}", **options) as response,
            ):
                body = self._read(response, what)
                if deadline.passed:  # an answer without a length ends where it was cut
                    raise httpx.ReadTimeout("")
                meter.bytes_read += response.num_bytes_downloaded
        except (httpx.RequestError, httpx.InvalidURL) as error:
            if deadline.passed or isinstance(error, httpx.ReadTimeout):
                late = f"no whole answer within {deadline.seconds:g} s"
                raise TooLargeError(self.url, what, late) from error
            if (cause := tls_failure(error)) is not None:
                raise self._untrusted(cause) from error
            raise _TransientError(str(error) or type(error).__name__) from error
        if response.status_code == 200:
            try:
                return series(body, self.url, what)
            except CutOffError as error:
                raise TooLargeError(self.url, what, "the answer is cut off") from error
        text = message(body)
        if response.status_code == 413 or (
            response.status_code in (400, 422, 429, 500, 503) and _TOO_LARGE.search(text)
        ):
            raise TooLargeError(self.url, what, text)
        if response.status_code in _RETRIED:
            after = response.headers.get("retry-after")
            raise _TransientError(f"HTTP {response.status_code} {text}".strip(), after)
        if response.status_code in (401, 403):
            raise AccessError(
                f"Prometheus at {self.url} refuses access (HTTP {response.status_code})",
                hint="check the token, user, headers or certificate in [source.prometheus]",
            )
        if response.status_code in (400, 422):
            raise DataError(f"Prometheus at {self.url} rejects {what}: {text}")
        raise AccessError(
            f"Prometheus at {self.url} answers {what} with HTTP {response.status_code} {text}".strip(),
            hint="is source.prometheus.url the base URL, without /api/v1?",
        )

    def _read(self, response: httpx.Response, what: str) -> bytes:
        """The body, unpacked, as long as it is not larger than may be held."""
        import httpx

        chunks, size = [], 0
        try:
            for chunk in response.iter_bytes():
                size += len(chunk)
                if size > self._largest:
                    limit = f"the answer is larger than {self._largest // 2**20} MiB"
                    raise TooLargeError(self.url, what, limit)
                chunks.append(chunk)
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.DecodingError) as error:
            if self._deadline.passed:
                raise
            raise TooLargeError(self.url, what, "the answer is cut off") from error
        return b"".join(chunks)

    def _untrusted(self, cause: ssl.SSLError) -> AccessError:
        if not isinstance(cause, ssl.SSLCertVerificationError):
            return AccessError(
                f"no TLS with {self.url}: {cause.reason or cause}",
                hint="does the server speak https there, and does it ask for"
                " source.prometheus.client_cert?",
            )
        return AccessError(
            f"the certificate of {self.url} is not trusted: {cause.verify_message}",
            hint="name the PEM file of the authority that signed it in source.prometheus.ca_file,"
            " and the server by a name that is in its certificate",
        )


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    return wait(error.after if isinstance(error, _TransientError) else None, state.attempt_number)
