"""Starting a run from a door: off unless allowed, one at a time, with progress, and its report is there."""

from __future__ import annotations

from threading import Event
from time import monotonic, sleep
from typing import Any

import pytest

from burn.api import AccessError, DataError, Report, UsageError
from burn.history.store import History
from burn.questions import opened
from burn.questions.access import AccessSettings, Grant
from burn.questions.desk import Desk
from burn.work.events import Events

ANYBODY = AccessSettings(runs=("ann",))


def until(desk: Desk, job: str, state: str) -> dict[str, Any]:
    end = monotonic() + 30
    while (found := desk.ask("job", {"id": job}))["state"] != state:
        assert monotonic() < end, found
        sleep(0.01)
    return found


def test_a_run_is_started_watched_and_kept(history: History, report: Report) -> None:
    go, stop = Event(), Event()

    def start(window: str, events: Events) -> str:
        assert window == "2026-10"
        events.started("bill", 31)
        events.advanced("bill")
        go.set()
        assert stop.wait(30)
        return history.keep(report).name

    desk = opened(history, start=start).of("ann", ANYBODY)
    job = desk.ask("start_run", {"window": "2026-10"})
    assert go.wait(30)
    running = desk.ask("job", {"id": job["id"]})
    assert (running["state"], running["stage"]) == ("running", "bill")
    assert (running["steps_done"], running["steps"]) == (1, 31)
    with pytest.raises(UsageError, match="not done yet"):
        desk.ask("start_run", {})
    stop.set()
    done = until(desk, job["id"], "done")
    assert desk.ask("summary", {"run": done["run"]})["about"]["window"] == "2026-10-01..2026-11-01"
    assert desk.ask("job", {"id": job["id"]})["seconds"] == done["seconds"]


@pytest.mark.parametrize(
    "cause", [DataError("the bill of acct-7 is cut", hint="ask ops"), KeyError("acct-7")]
)
def test_a_run_that_fails_says_why_to_who_sees_all(
    history: History, report: Report, cause: Exception
) -> None:
    history.keep(report)

    def start(_: str, __: Events) -> str:
        raise cause

    desk = opened(history, start=start)
    access = AccessSettings(
        runs=("*",), grants={"shop": Grant(people=("ann",), namespaces=("shop",))}
    )
    owner, ann = desk.of(None, access), desk.of("ann", access)
    job = owner.ask("start_run", {})["id"]
    told = until(owner, job, "failed")["error"]
    assert told == (
        "the bill of acct-7 is cut. ask ops"
        if isinstance(cause, DataError)
        else "burn failed; its log has the cause"
    )
    assert "acct-7" not in until(ann, job, "failed")["error"]
    assert owner.ask("start_run", {})["state"] == "running", "a failed one is over"


@pytest.mark.parametrize(
    ("access", "person"),
    [(AccessSettings(), None), (AccessSettings(), "ann"), (ANYBODY, "bob")],
)
def test_nobody_starts_a_run_unless_named(
    history: History, report: Report, access: AccessSettings, person: str | None
) -> None:
    def start(_: str, __: Events) -> str:
        raise AssertionError

    desk = opened(history, start=start).of(person, access)
    assert not {"start_run", "job"} & {spec.name for spec in desk.questions}
    with pytest.raises(AccessError, match="cannot be started"):
        desk.ask("start_run", {})
    with pytest.raises(UsageError):
        opened(history, start=start).of("ann", ANYBODY).ask("start_run", {"window": "soon"})


def test_only_the_start_of_a_run_does_more_than_read(history: History) -> None:
    desk = opened(history, start=lambda _, __: "").of("ann", ANYBODY)
    assert [spec.name for spec in desk.questions if not spec.read_only] == ["start_run"]
