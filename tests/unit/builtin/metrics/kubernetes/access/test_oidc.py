"""Identity tokens: used while they last, renewed from the provider, and kept where they stood."""

from __future__ import annotations

import json
import time
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl

import pytest
import yaml

from burn.api import AccessError
from burn.text.secrets import scrub
from tests.servers.loopback import listening
from tests.unit.builtin.metrics.kubernetes.access.conftest import World, base64


def token(name: str, ends_in: float) -> str:
    """A token of three parts, signed by nobody."""
    parts = ({"alg": "none"}, {"sub": name, "exp": time.time() + ends_in}, {"s": name})
    return ".".join(
        urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts
    )


class Provider:
    """`answer` is what it gives for a refresh token; `wants` is how it takes the client's secret."""

    def __init__(self) -> None:
        self.url = ""
        self.answer: dict[str, Any] = {}
        self.wants = "basic"
        self.asked: list[dict[str, str]] = []


@pytest.fixture
def provider(world: World) -> Iterator[Provider]:
    state = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = self.path == "/realm/.well-known/openid-configuration"
            self._say(200 if found else 404, {"token_endpoint": f"{state.url}/realm/token"})

        def do_POST(self) -> None:
            form = dict(parse_qsl(self.rfile.read(int(self.headers["content-length"])).decode()))
            basic = b64encode(b"burn:client-s3cret").decode()
            signed = {
                "basic": self.headers.get("authorization") == f"Basic {basic}",
                "form": form.get("client_secret") == "client-s3cret",
                "public": form.get("client_id") == "burn" and "client_secret" not in form,
            }
            state.asked.append(form)
            self._say(200 if signed[state.wants] else 401, state.answer)

        def _say(self, status: int, body: dict[str, Any]) -> None:
            said = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            pass

    chain = world.authority.server(world.folder, "127.0.0.1")
    with listening(Handler, chain) as state.url:
        yield state


def user(world: World, provider: Provider, **more: str) -> dict[str, Any]:
    known = {
        "idp-issuer-url": f"{provider.url}/realm",
        "idp-certificate-authority-data": base64(world.authority.pem),
        "client-id": "burn",
        "client-secret": "client-s3cret",
        "id-token": token("old", -5),
        "refresh-token": "refresh-1",
        **more,
    }
    config = {key: value for key, value in known.items() if value}
    return {"auth-provider": {"name": "oidc", "config": config}}


def config_of(world: World) -> dict[str, str]:
    document = yaml.safe_load((world.folder / "kubeconfig").read_text())
    return dict(document["users"][0]["user"]["auth-provider"]["config"])


def test_a_token_that_lasts_asks_nobody(world: World, provider: Provider) -> None:
    lasts = token("now", 3600)
    path = world.kubeconfig(user(world, provider, **{"id-token": lasts}))
    before = path.read_bytes()
    assert {caller.authorization for caller in world.ask(path)} == {f"Bearer {lasts}"}
    assert provider.asked == []
    assert path.read_bytes() == before


@pytest.mark.parametrize("wants", ["basic", "form", "public"])
def test_an_old_token_is_renewed_once_and_kept(
    world: World, provider: Provider, wants: str
) -> None:
    fresh = token("fresh", 3600)
    provider.wants = wants
    provider.answer = {"id_token": fresh, "refresh_token": "refresh-2", "access_token": "acc3ss"}
    secret = "" if wants == "public" else "client-s3cret"
    path = world.kubeconfig(user(world, provider, **{"client-secret": secret}))
    path.chmod(0o640)
    assert {caller.authorization for caller in world.ask(path)} == {f"Bearer {fresh}"}
    assert provider.asked[-1]["grant_type"] == "refresh_token"
    assert {form["refresh_token"] for form in provider.asked} == {"refresh-1"}
    assert len(provider.asked) == (2 if wants == "form" else 1)
    kept = config_of(world)
    assert (kept["id-token"], kept["refresh-token"]) == (fresh, "refresh-2")
    assert path.stat().st_mode & 0o777 == 0o640
    assert not path.with_name("kubeconfig.lock").exists()
    world.ask(path)
    assert len(provider.asked) == (2 if wants == "form" else 1), "the next run uses what was kept"
    hidden = ["refresh-1", "refresh-2", "acc3ss", fresh, base64(fresh.encode())]
    shown = scrub(f"see {hidden} {secret}")
    assert not [one for one in (*hidden, secret) if one and one in shown]


def test_a_refused_token_is_renewed(world: World, provider: Provider) -> None:
    stolen, fresh = token("stolen", 3600), token("fresh", 3600)
    provider.answer = {"id_token": fresh}
    world.api.lets_in = lambda caller: caller.authorization == f"Bearer {fresh}"
    seen = world.ask(world.kubeconfig(user(world, provider, **{"id-token": stolen})))
    assert [caller.authorization for caller in seen] == [f"Bearer {stolen}"] + [
        f"Bearer {fresh}"
    ] * 3


def test_one_that_cannot_be_kept_says_so(world: World, provider: Provider) -> None:
    provider.answer = {"id_token": token("fresh", 3600)}
    path = world.kubeconfig(user(world, provider))
    lock = path.with_name("kubeconfig.lock")
    lock.touch()  # another program writes the file
    world.ask(path)
    provider.answer["refresh_token"] = "refresh-2"
    with pytest.raises(
        AccessError, match=r"refresh-token cannot be kept in .*kubeconfig: file exists"
    ):
        world.ask(path)
    assert config_of(world)["refresh-token"] == "refresh-1"


@pytest.mark.parametrize(
    ("more", "answer", "says"),
    [
        ({"refresh-token": ""}, {}, "has expired, and there is no refresh-token"),
        ({"client-id": ""}, {}, "client-id is missing"),
        ({"client-secret": "wr0ng"}, {}, "/realm/token: it answers with HTTP 401"),
        ({}, {"access_token": "a"}, "without an id_token"),
        ({"idp-issuer-url": "https://127.0.0.1:9/x"}, {}, "cannot be reached: ConnectError"),
        ({"idp-certificate-authority-data": ""}, {}, "cannot be reached: ConnectError"),
    ],
    ids=str,
)
def test_providers_that_give_nothing(
    world: World, provider: Provider, more: dict[str, str], answer: dict[str, Any], says: str
) -> None:
    provider.answer = answer
    from burn.api import UsageError

    with pytest.raises((AccessError, UsageError), match=says) as caught:
        world.ask(world.kubeconfig(user(world, provider, **more)))
    assert "refresh-1" not in caught.value.message
