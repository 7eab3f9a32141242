"""Who the API takes us for: what each way of a kubeconfig sends, and that kubectl sends the same."""

from __future__ import annotations

import os
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest

from burn.api import AccessError, UsageError
from burn.text.secrets import scrub
from tests.servers.kubernetes import Caller
from tests.unit.builtin.metrics.kubernetes.access.conftest import World, base64

KUBECTL = shutil.which("kubectl")
EXEC = "client.authentication.k8s.io/v1"
Way = Callable[[World], tuple[dict[str, Any], Caller]]


def _token(world: World) -> tuple[dict[str, Any], Caller]:
    return {"token": "t0ken-1"}, Caller("Bearer t0ken-1", (), "")


def _token_file(world: World) -> tuple[dict[str, Any], Caller]:
    (world.folder / "here").mkdir()
    (world.folder / "here" / "token").write_text("t0ken-2\n")
    return {"tokenFile": "here/token", "token": "older"}, Caller("Bearer t0ken-2", (), "")


def _basic(world: World) -> tuple[dict[str, Any], Caller]:
    pair = b64encode(b"admin:pa55:word").decode()
    return {"username": "admin", "password": "pa55:word"}, Caller(f"Basic {pair}", (), "")


def _certificate_data(world: World) -> tuple[dict[str, Any], Caller]:
    chain, key = world.authority.pair("jane")
    user = {"client-certificate-data": base64(chain), "client-key-data": base64(key)}
    return user, Caller("", (), "jane")


def _certificate_files(world: World) -> tuple[dict[str, Any], Caller]:
    chain, key = world.authority.pair("joe")
    (world.folder / "joe.crt").write_bytes(chain)
    (world.folder / "joe.key").write_bytes(key)
    return {"client-certificate": "joe.crt", "client-key": "./joe.key"}, Caller("", (), "joe")


def _exec_token(world: World) -> tuple[dict[str, Any], Caller]:
    world.script(
        f"""test -z "$(cat)" && test "$1 $2" = 'a b $HOME;x' && printf '{{"kind": "ExecCredential",
        "apiVersion": "{EXEC}", "status": {{"token": "%s"}}}}' "$WHICH" """
    )
    plugin = {
        "apiVersion": EXEC,
        "command": "./plugin",
        "args": ["a", "b $HOME;x"],
        "env": [{"name": "WHICH", "value": "t0ken-3"}],
        "interactiveMode": "Never",
    }
    return {"exec": plugin}, Caller("Bearer t0ken-3", (), "")


def _exec_certificate(world: World) -> tuple[dict[str, Any], Caller]:
    import json

    chain, key = world.authority.pair("robot")
    status = {"clientCertificateData": chain.decode(), "clientKeyData": key.decode()}
    answer = {"kind": "ExecCredential", "apiVersion": f"{EXEC}beta1", "status": status}
    (world.folder / "answer.json").write_text(json.dumps(answer))
    world.script(f"cat '{world.folder}/answer.json'")
    return {"exec": {"apiVersion": f"{EXEC}beta1", "command": "./plugin"}}, Caller("", (), "robot")


def _exec_beside_a_token(world: World) -> tuple[dict[str, Any], Caller]:
    plugin = {"apiVersion": EXEC, "command": "/bin/false", "interactiveMode": "Never"}
    return {"token": "t0ken-4", "exec": plugin}, Caller("Bearer t0ken-4", (), "")


def _somebody_else(world: World) -> tuple[dict[str, Any], Caller]:
    user = {
        "token": "t0ken-5",
        "as": "jane",
        "as-uid": "42",
        "as-groups": ["a", "b c"],
        "as-user-extra": {"reason/why": ["x", "y"]},
    }
    asked = (
        ("Impersonate-User", "jane"),
        ("Impersonate-Uid", "42"),
        ("Impersonate-Group", "a"),
        ("Impersonate-Group", "b c"),
        ("Impersonate-Extra-Reason%2fwhy", "x"),
        ("Impersonate-Extra-Reason%2fwhy", "y"),
    )
    return user, Caller("Bearer t0ken-5", asked, "")


def _nobody(world: World) -> tuple[dict[str, Any], Caller]:
    return {}, Caller("", (), "")


WAYS: dict[str, Way] = {
    "token": _token,
    "token file": _token_file,
    "basic": _basic,
    "certificate data": _certificate_data,
    "certificate files": _certificate_files,
    "exec token": _exec_token,
    "exec certificate": _exec_certificate,
    "exec beside a token": _exec_beside_a_token,
    "somebody else": _somebody_else,
    "nobody": _nobody,
}


def plain(caller: Caller) -> Caller:
    """Without what HTTP leaves open: case and order of header names."""
    named = tuple(sorted((name.lower(), value) for name, value in caller.acting_as))
    return Caller(caller.authorization, named, caller.certificate)


@pytest.mark.parametrize("way", WAYS)
def test_each_way_to_sign_in(world: World, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    user, expected = WAYS[way](world)
    monkeypatch.chdir("/")
    kubeconfig = world.kubeconfig(user)
    assert {plain(caller) for caller in world.ask(kubeconfig)} == {plain(expected)}
    if KUBECTL is None or way == "nobody":  # kubectl would ask who we are
        return
    command = [KUBECTL, "get", "--raw", "/api/v1/nodes?limit=1"]
    env = {**os.environ, "KUBECONFIG": str(kubeconfig), "HOME": str(world.folder)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert plain(world.api.callers[-1]) == plain(expected)


def test_a_token_that_rotates_is_read_anew(world: World) -> None:
    token = world.folder / "token"
    token.write_text("one")
    valid = {"Bearer one"}

    def lets_in(caller: Caller) -> bool:
        if len(world.api.callers) - before == 1:
            token.write_text("two")
        if len(world.api.callers) - before == 2:
            token.write_text("three")  # refused once, and there is a newer one by then
            valid.clear()
            valid.add("Bearer three")
        return caller.authorization in valid

    before = len(world.api.callers)
    world.api.lets_in = lets_in
    seen = [caller.authorization for caller in world.ask(world.kubeconfig({"tokenFile": "token"}))]
    assert seen == ["Bearer one", "Bearer two", "Bearer three", "Bearer three"]


def test_a_pods_service_account(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from burn.builtin.metrics.kubernetes.access import connection, endpoint

    (world.folder / "ca.crt").write_bytes(world.authority.pem)
    (world.folder / "token").write_text("pod-t0ken\n")
    for module in (connection, endpoint):
        monkeypatch.setattr(module, "ACCOUNT", world.folder)
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "127.0.0.1")
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", world.api.url.rpartition(":")[2])
    assert {caller.authorization for caller in world.ask(in_cluster=True)} == {"Bearer pod-t0ken"}
    (world.folder / "token").unlink()
    with pytest.raises(UsageError, match=r"token of the pod's service account: .*no such file"):
        world.ask(in_cluster=True)
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST")
    with pytest.raises(UsageError, match=r"in_cluster.*KUBERNETES_SERVICE_HOST"):
        world.ask(in_cluster=True)


def test_nothing_is_sent_in_the_clear(world: World) -> None:
    from tests.servers.connect_proxy import connect_proxy

    path = world.kubeconfig({"token": "cl3ar"}, server="http://10.0.0.9:8080")
    # A proxy for plain HTTP is asked with GET, which this one does not know: 501.
    with connect_proxy(0, []) as proxy:
        path = world.kubeconfig(
            {"token": "cl3ar"}, server="http://10.0.0.9", **{"proxy-url": proxy}
        )
        with pytest.raises(AccessError, match="HTTP 501"):
            world.ask(path)


@pytest.mark.parametrize(
    ("user", "says"),
    [
        ({"token": "secret-1", "password": "secret-2"}, "token of user `u`.*beside a username"),
        ({"token": 12345678}, "token of user `u`.*is not text"),
        ({"tokenFile": "nowhere"}, "tokenFile of user `u`: .*/nowhere: no such file"),
        ({"client-certificate-data": "c2VjcmV0LTE="}, "client-key of user `u`.*is missing"),
        ({"client-certificate-data": "secret-1!"}, "client-certificate-data of user `u`.*base64"),
        (
            {"client-certificate-data": "c2VjcmV0LTE=", "client-key-data": "c2VjcmV0LTI="},
            "client-certificate of user `u` and its key are no pair",
        ),
        ({"token": "secret-1\nsecret-2"}, "token of user `u` cannot be sent.*line break"),
        ({"as-groups": ["g"]}, "as of user `u`.*is missing"),
        ({"auth-provider": {"name": "gcp"}}, "auth-provider `gcp` of user `u`"),
        ({"exec": [1]}, "exec of user `u`.*no table"),
    ],
    ids=str,
)
def test_users_that_cannot_be(world: World, user: dict[str, Any], says: str) -> None:
    kubeconfig = world.kubeconfig(user)
    with pytest.raises((UsageError, AccessError), match=says) as caught:
        world.ask(kubeconfig)
    said = f"{caught.value.message} {caught.value.hint} {caught.value!r}"
    assert "secret-" not in said
    assert "c2Vjcm" not in said
    assert caught.value.hint


def test_a_private_key_is_shown_nowhere(world: World) -> None:
    chain, key = world.authority.pair("jane")
    user = {"client-certificate-data": base64(chain), "client-key-data": base64(key)}
    world.ask(world.kubeconfig(user))
    for form in (key.decode(), key.decode().splitlines()[1], base64(key)[:-4]):
        assert form not in scrub(f"see: {form}.")
