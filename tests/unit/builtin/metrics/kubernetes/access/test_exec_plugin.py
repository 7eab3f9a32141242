"""Programs that sign in: when they run, what they are told, and that what they print stays theirs."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from burn.api import AccessError, UsageError
from burn.text.secrets import scrub
from tests.servers.kubernetes import Caller
from tests.unit.builtin.metrics.kubernetes.access.conftest import World, base64

V1 = "client.authentication.k8s.io/v1"
SECRET = "exec-s3cret/1+2"


def plugin(**more: Any) -> dict[str, Any]:
    told = {"apiVersion": V1, "command": "./plugin", "interactiveMode": "Never", **more}
    return {"exec": {key: value for key, value in told.items() if value is not None}}


def answer(version: str = V1, **status: Any) -> str:
    return json.dumps({"kind": "ExecCredential", "apiVersion": version, "status": status})


def counting(world: World, statuses: list[dict[str, Any]]) -> None:
    """A program that answers with one status after another, and leaves a file a run."""
    for at, status in enumerate(statuses):
        (world.folder / f"answer-{at}").write_text(answer(**status))
    world.script(
        f"""cd {world.folder} && at=$(ls | grep -c run-); touch run-$at
        printf '%s' "$KUBERNETES_EXEC_INFO" > told; cat answer-$at"""
    )


def runs(world: World) -> int:
    return len(list(world.folder.glob("run-*")))


def moment(seconds: float) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_it_runs_once_until_its_credential_ends(world: World) -> None:
    later, past = moment(3600), moment(-60)
    counting(world, [{"token": "t-0", "expirationTimestamp": later}])
    assert {caller.authorization for caller in world.ask(world.kubeconfig(plugin()))} == {
        "Bearer t-0"
    }
    assert runs(world) == 1
    (world.folder / "run-0").unlink()
    statuses = [{"token": f"t-{at}", "expirationTimestamp": past} for at in range(2)]
    counting(world, [*statuses, {"token": "t-2", "expirationTimestamp": later}])
    seen = [caller.authorization for caller in world.ask(world.kubeconfig(plugin()))]
    assert seen[-1] == "Bearer t-2"
    assert runs(world) == 3


def test_a_refusal_runs_it_once_more(world: World) -> None:
    counting(world, [{"token": "old"}, {"token": "new"}])
    world.api.lets_in = lambda caller: caller.authorization == "Bearer new"
    seen = [caller.authorization for caller in world.ask(world.kubeconfig(plugin()))]
    assert seen == ["Bearer old"] + ["Bearer new"] * 3
    counting(world, [{"token": "old"}] * 6)
    world.api.lets_in = lambda _: False
    with pytest.raises(AccessError, match="HTTP 401"):
        world.ask(world.kubeconfig(plugin()))


def test_a_certificate_that_is_replaced_is_shown_in_a_new_handshake(world: World) -> None:
    pairs = [world.authority.pair(name) for name in ("first", "second")]
    counting(
        world,
        [
            {"clientCertificateData": chain.decode(), "clientKeyData": key.decode()}
            for chain, key in pairs
        ],
    )
    good = ["first", "second", "second"]

    def lets_in(caller: Caller) -> bool:
        """The second page wants another certificate than the first one did."""
        return caller.certificate == good[0] and bool(good.pop(0))

    world.api.lets_in = lets_in
    seen = [caller.certificate for caller in world.ask(world.kubeconfig(plugin()))]
    assert seen == ["first", "first", "second", "second"]


def test_what_it_is_told(world: World) -> None:
    counting(world, [{"token": "t"}])
    extensions = [{"name": "client.authentication.k8s.io/exec", "extension": {"audience": "a"}}]
    path = world.kubeconfig(plugin(provideClusterInfo=True), extensions=extensions)
    world.ask(path)
    assert json.loads((world.folder / "told").read_text()) == {
        "apiVersion": V1,
        "kind": "ExecCredential",
        "spec": {
            "interactive": False,
            "cluster": {
                "server": world.api.url,
                "certificate-authority-data": base64(world.authority.pem),
                "config": {"audience": "a"},
            },
        },
    }


@pytest.mark.parametrize(
    ("version", "mode", "interactive"),
    [(V1, "Never", False), (V1, "Always", True), (f"{V1}beta1", None, True)],
)
def test_whether_it_may_ask_a_person(
    world: World, version: str, mode: str, interactive: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, program = os.openpty()
    with open(person, "rb"), open(program) as terminal:
        monkeypatch.setattr(sys, "__stdin__", terminal)
        monkeypatch.setattr(sys, "__stderr__", terminal)
        (world.folder / "answer").write_text(answer(version, token="t"))
        world.script(f"cd {world.folder}; printf '%s' \"$KUBERNETES_EXEC_INFO\" > told; cat answer")
        world.ask(world.kubeconfig(plugin(apiVersion=version, interactiveMode=mode)))
    told = json.loads((world.folder / "told").read_text())
    assert told == {
        "apiVersion": version,
        "kind": "ExecCredential",
        "spec": {"interactive": interactive},
    }


def test_what_it_prints_is_shown_nowhere(
    world: World, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    forms = [SECRET, SECRET.encode().hex(), base64(SECRET.encode()), base64(f"x{SECRET}".encode())]
    world.script(f"echo '{' '.join(forms)}' >&2; echo '{SECRET}'; exit 3")
    user = plugin(args=["--secret", SECRET], env=[{"name": "SECRET", "value": SECRET}])
    with pytest.raises(AccessError) as caught:
        world.ask(world.kubeconfig(user))
    error = caught.value
    assert f"the exec plugin `./plugin` for {world.api.url} ends with exit code 3" in error.message
    assert "run it by hand as exec of user `u`" in (error.hint or "")
    out, err = capfd.readouterr()
    shown = "".join([error.message, str(error.hint), repr(error.__cause__), out, err, caplog.text])
    assert not [form for form in forms if form in shown]
    counting(world, [{"token": SECRET}])
    world.ask(world.kubeconfig(plugin()))
    assert not [form for form in forms if form in scrub(f"the server quotes {forms}")]


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ("no json", "answers with no ExecCredential"),
        ("[]", "answers with no ExecCredential"),
        (answer(), "neither a token nor a certificate"),
        (answer(clientKeyData="k"), "neither a token nor a certificate"),
        (answer(token=7), "a credential that is no text"),
        (answer(f"{V1}beta1", token="t"), "answers in another version"),
        (answer(token="t", expirationTimestamp="soon"), "an expirationTimestamp that is none"),
        (answer(token="a\nb"), "token of exec of user `u` cannot be sent"),
    ],
)
def test_answers_that_are_none(world: World, said: str, says: str) -> None:
    (world.folder / "said").write_text(said)
    world.script(f"cat '{world.folder}/said'")
    with pytest.raises((AccessError, UsageError), match=says):
        world.ask(world.kubeconfig(plugin()))


def test_one_that_hangs_ends_with_all_it_started(world: World) -> None:
    world.script(f"sleep 60 & echo $! > '{world.folder}/child'; wait")
    with pytest.raises(AccessError, match=r"does not answer within 0.5 s"):
        world.ask(world.kubeconfig(plugin()), timeout=0.5)
    child = int((world.folder / "child").read_text())
    for _ in range(100):  # until init has taken it
        with contextlib.suppress(OSError):
            os.kill(child, 0)
            if Path(f"/proc/{child}/stat").read_text().split()[2] != "Z":
                time.sleep(0.02)
                continue
        return
    pytest.fail("the child lives on")


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"command": None}, "command of exec of user `u`.*is missing"),
        ({"command": "burn-no-such-program"}, "`burn-no-such-program`.*cannot be started: no such"),
        ({"command": "./kubeconfig"}, "cannot be started: permission denied"),
        ({"apiVersion": "v9"}, "apiVersion of exec of user `u`.*not one that burn knows"),
        ({"interactiveMode": None}, "interactiveMode of exec of user `u`.*is none of"),
        ({"interactiveMode": "Always"}, "asks a person, and there is no terminal"),
        ({"args": [7]}, "args of exec of user `u`.*no list of texts"),
        ({"env": [{"name": "A", "value": 7}]}, "env of exec of user `u`.*without a name or value"),
    ],
    ids=str,
)
def test_programs_that_cannot_be_run(world: World, told: dict[str, Any], says: str) -> None:
    path = world.kubeconfig(plugin(**told, installHint="get it from the shop"))
    with pytest.raises((AccessError, UsageError), match=says) as caught:
        world.ask(path)
    assert caught.value.hint
    if "no such" in says:
        assert caught.value.hint == "get it from the shop"
