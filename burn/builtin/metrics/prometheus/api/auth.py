"""From settings to an HTTP client that may sign in: bearer, basic, mutual TLS, headers, SigV4."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import TYPE_CHECKING, Any

from burn.api import AccessError, UsageError, conceal
from burn.builtin.metrics.common.http import sendable
from burn.builtin.metrics.common.proxy import proxy_for
from burn.text.secrets import conceal_in_urls

if TYPE_CHECKING:
    import httpx

    from burn.builtin.metrics.prometheus.settings import PrometheusSettings


def http_client(settings: PrometheusSettings) -> httpx.Client:
    """A client for `settings.url`, ready to send.

    Raises:
        UsageError: settings contradict each other or are incomplete.
        AccessError: a file with a token or certificate cannot be read.
    """
    import httpx

    if not settings.url:
        raise UsageError(
            "source `prometheus` has no url",
            hint="set it with --set source.prometheus.url=http://localhost:9090",
        )
    if not settings.url.startswith(("http://", "https://")):
        raise UsageError(
            f"source.prometheus.url `{settings.url}` is not a URL", hint="begin it with http://"
        )
    try:
        host = httpx.URL(settings.url).host
    except httpx.InvalidURL as error:
        said = str(error)
        cause = said[:1].lower() + said[1:]
        raise UsageError(f"source.prometheus.url `{settings.url}` is not a URL: {cause}") from error
    if not host:
        raise UsageError(f"source.prometheus.url `{settings.url}` names no host")
    headers = {"accept-encoding": "gzip, deflate"}
    for name, value in settings.headers.items():
        headers[_sendable(name, "name in headers")] = _sendable(value, f"headers.{name}")
    if token := _token(settings):
        headers["authorization"] = f"Bearer {token}"
    auth, tls = _auth(settings), _tls(settings)
    proxy = proxy_for(settings.url, otherwise="all_proxy")
    conceal_in_urls(proxy)
    try:
        return httpx.Client(
            base_url=settings.url.rstrip("/") + "/",
            auth=auth,
            headers=headers,
            verify=tls,
            proxy=proxy or None,
            trust_env=False,  # its reading of NO_PROXY is not Go's
            timeout=httpx.Timeout(settings.timeout, connect=min(settings.timeout, 10.0)),
        )
    except (ImportError, ValueError, httpx.InvalidURL):
        raise UsageError(
            f"the proxy that the environment names for {settings.url} cannot be used",
            hint="write HTTPS_PROXY, HTTP_PROXY or ALL_PROXY as http://HOST:PORT; a socks5:// one"
            " needs `pip install 'httpx[socks]'`",
        ) from None


def _token(settings: PrometheusSettings) -> str:
    if settings.bearer_token and settings.bearer_token_file:
        raise UsageError("source.prometheus has both bearer_token and bearer_token_file")
    if not settings.bearer_token_file:
        return _sendable(settings.bearer_token, "bearer_token")
    path = Path(settings.bearer_token_file)
    try:
        token = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise AccessError(f"bearer_token_file {path}: {error.strerror}") from error
    except UnicodeDecodeError:
        raise UsageError(
            f"source.prometheus.bearer_token_file {path} holds no text",
            hint="the file must hold the token alone",
        ) from None
    if not token:
        raise UsageError(f"source.prometheus.bearer_token_file {path} is empty")
    conceal(token)
    return _sendable(token, f"bearer_token_file {path}")


def _sendable(value: str, name: str) -> str:
    return sendable(value, f"source.prometheus.{name}")


def _tls(settings: PrometheusSettings) -> ssl.SSLContext | bool:
    if not settings.url.startswith("https://"):
        return False  # plain HTTP: no authorities to load, redirects are not followed
    if bool(settings.client_cert) != bool(settings.client_key):
        raise UsageError("source.prometheus needs both client_cert and client_key, or neither")
    try:
        context = ssl.create_default_context(cafile=settings.ca_file or None)
        if settings.client_cert:
            context.load_cert_chain(settings.client_cert, settings.client_key)
    except (OSError, ssl.SSLError) as error:
        raise AccessError(f"TLS files of source.prometheus cannot be used: {error}") from error
    if settings.insecure_skip_verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _auth(settings: PrometheusSettings) -> Any:
    if settings.username and (settings.bearer_token or settings.bearer_token_file):
        raise UsageError("source.prometheus has both a username and a bearer token")
    if settings.sigv4_region:
        return _sigv4(settings)
    conceal(f"{settings.username}:{settings.password}" if settings.password else None)
    return (settings.username, settings.password) if settings.username else None


def _sigv4(settings: PrometheusSettings) -> httpx.Auth:
    """Sign each request as it leaves; credentials are refreshed by botocore."""
    import httpx

    try:
        import boto3
        from botocore.auth import SigV4Auth
        from botocore.awsrequest import AWSRequest
    except ImportError as error:
        raise UsageError(
            "source.prometheus.sigv4_region needs boto3, which is not installed",
            hint="pip install boto3",
        ) from error
    session = boto3.Session(profile_name=settings.sigv4_profile or None)
    found = session.get_credentials()
    if found is None:
        raise AccessError(
            "no credentials to sign Prometheus requests with",
            hint="sign in, or set source.prometheus.sigv4_profile",
        )

    credentials = found

    class Signed(httpx.Auth):
        requires_request_body = True

        def auth_flow(self, request: httpx.Request) -> Any:
            kept = {"content-type": request.headers.get("content-type", "")}
            unsigned = AWSRequest(request.method, str(request.url), kept, request.content)
            SigV4Auth(
                credentials.get_frozen_credentials(), settings.sigv4_service, settings.sigv4_region
            ).add_auth(unsigned)
            request.headers.update(dict(unsigned.headers.items()))
            yield request

    return Signed()
