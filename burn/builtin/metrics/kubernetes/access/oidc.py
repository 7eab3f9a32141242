"""The auth-provider `oidc`: an identity token, renewed from the identity provider when it expires."""

from __future__ import annotations

import base64
import json
import ssl
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from burn.api import AccessError, UsageError, conceal
from burn.builtin.metrics.kubernetes.access.credentials import Signature, bearer
from burn.builtin.metrics.kubernetes.access.entry import Entry
from burn.builtin.metrics.kubernetes.access.write_back import write_back

if TYPE_CHECKING:
    import httpx

_EARLY = 10.0
"""Seconds before its end from which on a token counts as expired: clocks differ."""

_GONE = {
    "gcp": "gke-gcloud-auth-plugin: run `gcloud container clusters get-credentials`",
    "azure": "kubelogin: run `az aks get-credentials` and `kubelogin convert-kubeconfig`",
}


class IdentityToken:
    """See `Credential`."""

    def __init__(self, config: Entry, user: Entry, timeout: float) -> None:
        self._config = config
        self._user = user
        self._timeout = timeout
        self._token = config.text("id-token")
        self._refresh = config.text("refresh-token")
        conceal([self._token, self._refresh, config.text("client-secret")])

    def signature(self) -> Signature:
        """See `Credential`."""
        if _expiry(self._token) <= time.time() + _EARLY:
            self._renew()
        return Signature(bearer(self._token, f"id-token of {self._user.what}"))

    def renew(self) -> bool:
        """See `Credential`."""
        if not self._refresh:
            return False
        self._renew()
        return True

    def _renew(self) -> None:
        """A new token, kept where the old one stood: providers take a refresh token only once."""
        issuer = self._config.text("idp-issuer-url").rstrip("/")
        if not self._refresh:
            raise self._failed(issuer, "the id-token has expired, and there is no refresh-token")
        if not issuer or not self._config.text("client-id"):
            raise self._config.wrong("idp-issuer-url", "or client-id is missing", "sign in again")
        with self._client() as client:
            found = self._answer(client, "GET", f"{issuer}/.well-known/openid-configuration")
            answer = self._exchanged(client, str(found.get("token_endpoint") or ""))
        token, refresh = answer.get("id_token"), answer.get("refresh_token") or self._refresh
        conceal([token, refresh, answer.get("access_token")])
        if not isinstance(token, str) or not isinstance(refresh, str):
            raise self._failed(issuer, "it answers without an id_token")
        rotated = refresh != self._refresh
        self._token, self._refresh = token, refresh
        self._keep(issuer, rotated=rotated)

    def _keep(self, issuer: str, *, rotated: bool) -> None:
        names = {"id-token": self._token, "refresh-token": self._refresh}
        try:
            write_back(self._user, names)
        except OSError as error:
            if rotated:  # else the token in the file still serves the next run
                cause = (error.strerror or "no access").lower()
                raise self._failed(
                    issuer, f"its new refresh-token cannot be kept in {self._user.file}: {cause}"
                ) from None

    def _exchanged(self, client: httpx.Client, url: str) -> Mapping[str, Any]:
        """The provider's answer to the refresh token, with the client's secret as it likes it."""
        name, secret = self._config.text("client-id"), self._config.text("client-secret")
        form = {"grant_type": "refresh_token", "refresh_token": self._refresh}
        if secret:
            try:
                return self._answer(client, "POST", url, data=form, auth=(name, secret))
            except AccessError:
                form["client_secret"] = secret
        return self._answer(client, "POST", url, data={**form, "client_id": name})

    def _client(self) -> httpx.Client:
        import httpx

        context = ssl.create_default_context()
        if authority := self._config.data("idp-certificate-authority"):
            try:
                context = ssl.create_default_context(cadata=authority.decode("ascii"))
            except (ssl.SSLError, ValueError):
                raise self._config.wrong(
                    "idp-certificate-authority", "is no certificate in PEM", "copy it again"
                ) from None
        return httpx.Client(verify=context, timeout=self._timeout)

    def _answer(
        self, client: httpx.Client, method: str, url: str, **options: Any
    ) -> Mapping[str, Any]:
        import httpx

        try:
            answer = client.request(method, url, **options)
            body = answer.json() if answer.is_success else {}
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self._failed(url, f"it cannot be reached: {type(error).__name__}") from None
        except (ValueError, RecursionError):
            body = None
        if not answer.is_success:
            raise self._failed(url, f"it answers with HTTP {answer.status_code}")
        if not isinstance(body, dict):
            raise self._failed(url, "it answers with no JSON object")
        return body

    def _failed(self, place: str, cause: str) -> AccessError:
        return AccessError(
            f"no new token of {self._user.what} from the identity provider at {place}: {cause}",
            hint=f"sign in again, as you did for {self._user.file}",
        )


def of_provider(provider: Entry, user: Entry, timeout: float) -> IdentityToken:
    """The credential of an auth-provider.

    Raises:
        UsageError: it is of a kind that kubectl gave up.
    """
    name = provider.text("name")
    if name != "oidc":
        instead = _GONE.get(name, "an exec plugin; see your cluster's manual")
        raise UsageError(
            f"auth-provider `{name}` of {user.what} in {user.file} is gone from Kubernetes clients",
            hint=f"use {instead}",
        )
    config = provider.table("config") or Entry(f"config of {provider.what}", user.file, {})
    return IdentityToken(config, user, timeout)


def _expiry(token: str) -> float:
    """When a token ends, in seconds since 1970; 0 if it does not say."""
    try:
        claims = token.split(".")[1]
        return float(json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["exp"])
    except (IndexError, ValueError, KeyError, TypeError, RecursionError):
        return 0.0
