"""What is paid for and idle, each beside twins of which nobody can tell: only the former is told."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

import pytest

from burn.api import Coverage
from burn.api.vocabulary import OBSERVABLE
from burn.findings import Thresholds, digest
from tests.unit.builtin.rules.builders import START, find, inputs, node, observation, pod, use

WEEKS = 14
ALL = dict.fromkeys(OBSERVABLE, True)


def told(request, rule):
    return {one.subject: one for one in find(request) if one.rule == rule}


def blind(request, *kinds):
    return replace(request, coverage=Coverage(sees=ALL | dict.fromkeys(kinds, False)))


# Volumes: GiB of size, GiB held on each of seven days; all cost 7.00.
HELD = {
    "spare": (100, [3, 3, 4, 3, 3, 3, 3]),
    "full": (100, [3, 3, 26, 3, 3, 3, 3]),
    "missed": (100, [3, 3, math.nan, 3, 3, 3, 3]),
    "dark": (100, [math.nan] * 7),
    "young": (100, [None, None, None, None, None, None, 3]),
    "small": (19, [1] * 7),
    "db-0": (100, [2] * 7),
    "db-1": (100, [40] * 7),
    "log-0": (100, [2] * 7),
    "log-1": (100, [9] * 7),
    "new-0": (100, [2] * 7),
    "new-1": (100, [math.nan] * 7),
}


def volumes(unit="GiB-hours", **settings):
    days = []
    for day in range(7):
        there = {name: (gib, held[day]) for name, (gib, held) in HELD.items()}
        rows = [
            {
                "asset_id": f"volume/{name}",
                "day": START + timedelta(days=day),
                "kind": "volume",
                "namespace": "shop",
                "owner_name": name,
                "hours": 24.0,
                "storage_gib": float(gib),
                "x_used_gib": held,
            }
            for name, (gib, held) in there.items()
            if held is not None
        ]
        mounts = [{"pod_uid": "p", "asset_id": row["asset_id"], "day": row["day"]} for row in rows]
        days.append(digest(observation([*rows, node("n", day)], [pod("p", "w", day)], [], mounts)))
    ledger = [
        {"group": "report", "driver": "report", "subject": f"volume/{name}", "amount": 7.0}
        for name in HELD
    ]
    prices = [(f"volume/{name}", START, 7.0, "bill") for name in HELD]
    made = inputs(
        digests=days, ledger=ledger, prices=prices, hours=168, thresholds=Thresholds(**settings)
    )
    return replace(made, prices=made.prices.assign(unit=unit))


def test_a_volume_is_nearly_empty_if_every_mounted_day_says_so():
    found = told(volumes(), "nearly-empty-volume")
    # 4 GiB and as much again is less than the 10 GiB of the smallest; 9 and 9 are 18 for both of a set.
    assert {name: one.amount for name, one in found.items()} == {
        "shop/spare": pytest.approx(7 * 0.90),
        "shop/log-0": pytest.approx(7 * 0.82),
        "shop/log-1": pytest.approx(7 * 0.82),
    }
    assert "at most 4.0 of 100 GiB, measured on all 7 days" in found["shop/spare"].evidence
    assert "10 GiB would have cost 0.70" in found["shop/spare"].evidence
    assert "fullest of its set 9.0" in found["shop/log-0"].evidence
    assert "cannot shrink" in found["shop/spare"].action
    assert {one.saves for one in found.values()} == {"all"}
    roomy = told(volumes(volume_headroom=9.0), "nearly-empty-volume")
    assert set(roomy) == {"shop/spare"}, "ten times 4 GiB are 40, of 9 are 90"
    assert roomy["shop/spare"].amount == pytest.approx(7 * 0.60)


def test_a_smaller_disk_of_a_tier_saves_an_unknown_part():
    found = told(volumes(unit="hours"), "nearly-empty-volume")["shop/spare"]
    assert (found.amount, found.saves) == (7.0, "part")


@pytest.mark.parametrize("kind", ["volumes", "claims", "mounts"])
def test_volumes_of_a_blind_source_are_left_alone(kind):
    assert told(blind(volumes(), kind), "nearly-empty-volume") == {}


# Namespaces: bytes an hour, cores, and what differs.
QUIET = {"network": 1000.0, "cores": 0.001, "kind": "Deployment", "hours": 24.0, "from": 0}
SPACES = {
    "shop": QUIET | {"network": 5e6},
    "old": QUIET,
    "monthly": QUIET | {"once": 5e6},
    "hosts": QUIET | {"network": 0.0, "hours": 0.0},
    "unknown": QUIET | {"hours": math.nan},
    "crunch": QUIET | {"cores": 0.5},
    "plugins": QUIET | {"kind": "DaemonSet"},
    "fresh": QUIET | {"from": 10},
    "kube-system": QUIET,
}


def spaces(days=WEEKS, names=tuple(SPACES)):
    digests = []
    for day in range(days):
        pods, usage = [], []
        for name in names:
            one = SPACES[name]
            if day < one["from"]:
                continue
            who = {"namespace": name, "workload_kind": one["kind"]}
            pods.append(pod(f"p-{name}", "w", day, x_network_hours=one["hours"], **who))
            for hour in range(24):
                once = one.get("once", 0.0) if (day, hour) == (5, 7) else 0.0
                moved = {"network_receive": (one["network"] + once) / 2**30}
                used = {"cpu_used": one["cores"], "cpu_p95": one["cores"]}
                usage.append(use(f"p-{name}", "n", hour, day, **moved, **used))
        digests.append(digest(observation([node("n", day)], pods, usage)))
    cost = {"basis": "effective", "workload_kind": "Deployment", "workload": "w"}
    allocation = [
        cost | {"namespace": name, "resource": resource, "cost": amount}
        for name in names
        for resource, amount in (("cpu", 3.0), ("storage", 4.0))
    ]
    allocation.append(cost | {"namespace": "old", "kind": "shared", "cost": 50.0})
    return inputs(digests=digests, allocation=allocation, hours=24 * days)


def test_a_namespace_is_quiet_if_no_pod_could_have_talked_unseen():
    ((name, found),) = told(spaces(), "quiet-namespace").items()
    assert (name, found.amount, found.bill_saving) == ("old", 7.0, False)
    assert found.monthly == pytest.approx(7 * 730 / 336)
    # 336 hours of 1,000 bytes; 1,000 / 3,600 is less than one a second.
    assert "On 14 days 336 pod-hours, at 0.0010 cores" in found.evidence
    assert "more than 0 bytes a second in any hour, 0.3 MiB in all" in found.evidence
    assert "Ask its owner" in found.action


def test_where_nothing_is_heard_of_anybody_no_namespace_is_called_quiet():
    assert told(spaces(names=("old", "kube-system")), "quiet-namespace") == {}
    assert told(spaces(days=13), "quiet-namespace") == {}
    for kind in ("cpu_use", "network_use"):
        assert told(blind(spaces(), kind), "quiet-namespace") == {}


def daily(key, kind, cost, days=range(30), **more):
    row = {"resource_key": key, "x_cost_class": kind, "sku": "LB", **more}
    costs = {"list_cost": cost, "effective_cost": cost}
    return [row | costs | {"day": START + timedelta(days=day)} for day in days]


def balancers(*rows, unseen=()):
    ledger = [
        {"group": "observation", "driver": "unseen", "subject": key, "amount": 1.0}
        for key in unseen
    ]
    return inputs(bill=[row for part in rows for row in part], ledger=ledger, hours=720)


def test_a_balancer_is_idle_if_the_bill_charges_traffic_of_others_only():
    def hours(key, **more):
        return daily(key, "load_balancer", 0.5, **more)

    def traffic(key, cost):
        return daily(key, "load_balancer_usage", cost, sku="LCU")

    busy = [*hours("busy"), *traffic("busy", 0.2)]
    mute = hours("mute", x_tied_to="Service/shop/old")
    twins = [
        *hours("few"), *traffic("few", 0.0001),
        *hours("some"), *traffic("some", 0.01),
        *hours("sends"), *daily("sends", "data_transfer", 0.1),
        *hours("young", days=range(25, 30)), *hours("gone", days=range(20)),
        *hours("unseen"), *daily("other", "load_balancer", 0.5, sku="Rule"),
    ]  # fmt: skip
    found = told(balancers(busy, mute, twins, unseen=["unseen"]), "idle-balancer")
    assert {name: one.confidence for name, one in found.items()} == {
        "Service/shop/old": "medium",
        "few": "low",
    }
    one = found["Service/shop/old"]
    assert one.amount == 15.0
    assert "on 30 days, and nothing at all" in one.evidence
    assert "3 other balancers" in one.evidence, "busy, some, and the one that sends"
    assert told(balancers(mute, twins[:60]), "idle-balancer") == {}, "no traffic of any is charged"


@pytest.mark.parametrize(("first", "idle"), [(0, {"zero"}), (10, set())])
def test_lines_of_no_cost_are_no_traffic_once_a_free_tier_is_used_up(first, idle):
    world = balancers(
        daily("busy", "load_balancer", 0.5),
        daily("busy", "load_balancer_usage", 0.2, days=range(first, 30)),
        daily("zero", "load_balancer", 0.5),
        daily("zero", "load_balancer_usage", 0.0),
    )
    assert set(told(world, "idle-balancer")) == idle


def test_an_address_is_idle_if_the_bill_or_its_service_says_so():
    def address(key, tied=None, **more):
        return daily(key, "public_ip", 0.12, x_tied_to=tied, **more)

    rows = [
        *address("idle", "Nothing"),
        *address("moved", "Nothing", days=range(29)), *address("moved", days=[29]),
        *address("days", "Nothing", days=range(25, 30)), *address("past", "Nothing", days=range(20)),
        *address("untied"), *address("gone", "Service/shop/old"),
        *address("used", "Service/shop/web"), *address("any", "Service/*/*"),
    ]  # fmt: skip
    world = inputs(bill=rows, hours=720, shown=frozenset({"Service/shop/web"}))
    found = told(world, "idle-address")
    assert {name: one.confidence for name, one in found.items()} == {
        "idle": "high",
        "gone": "medium",
    }
    assert found["idle"].amount == pytest.approx(3.6)
    assert "made for Service/shop/old, which the metrics do not show" in found["gone"].evidence
    assert set(told(blind(world, "services"), "idle-address")) == {"idle"}


def test_snapshots_are_orphans_if_their_tags_name_a_volume_that_is_gone():
    def snapshot(key, tied=None, **more):
        return daily(key, "snapshot", 0.1, x_tied_to=tied, **more)

    rows = [
        *snapshot("s-1", "PersistentVolume/pvc-old"), *snapshot("s-2", "PersistentVolume/pvc-old"),
        *snapshot("s-3", "PersistentVolume/pvc-now"), *snapshot("s-4"),
        *snapshot("s-5", "PersistentVolumeClaim/shop/data"),
        *snapshot("s-6", "PersistentVolume/pvc-past", days=range(20)),
    ]  # fmt: skip
    there = frozenset({"PersistentVolume/pvc-now", "PersistentVolumeClaim/shop/data"})
    world = inputs(bill=rows, hours=720, shown=there)
    ((name, found),) = told(world, "orphaned-snapshot").items()
    assert (name, found.saves) == ("PersistentVolume/pvc-old", "part")
    assert found.amount == pytest.approx(6.0)
    assert "2 snapshots billed at 6.00" in found.evidence
    assert "last copy" in found.action
    for kind in ("volumes", "claims"):
        assert told(blind(world, kind), "orphaned-snapshot") == {}
