from __future__ import annotations

import sys

import pytest

from burn.plugin.installed import find
from burn.plugin.state import Found, State
from tests.unit.plugin.dists import Site, sink


def one(name: str, block: tuple[str, ...] = ()) -> Found:
    (found,) = [f for f in find(block) if f.name == name]
    return found


def test_finding_reads_metadata_and_imports_nothing(site: Site) -> None:
    module = site.install("burn-tin", "1.2", code="raise RuntimeError('imported')")
    found = one("tin")
    assert (found.state, found.author, found.group) == (State.FOUND, "burn-tin 1.2", "burn.v1")
    assert module not in sys.modules


def test_the_order_is_by_name_whatever_the_order_of_installation(site: Site) -> None:
    for name in ("zinc", "tin", "lead"):
        site.install(f"burn-{name}")
    names = [f.name for f in find()]
    assert names == sorted(names)
    assert {"zinc", "tin", "lead", "builtin"} <= set(names)


def test_another_major_version_is_incompatible_and_the_hint_upgrades_the_older_side(
    site: Site,
) -> None:
    site.install("burn-new", "2.0.0", group="burn.v2")
    site.install("burn-old", "0.1", group="burn.v0")
    new, old = one("new"), one("old")
    assert new.state is old.state is State.INCOMPATIBLE
    assert new.why == "burn-new 2.0.0 speaks plugin API v2; this burn speaks v1"
    assert new.remedy.endswith("install -U burn-core")
    assert old.remedy.endswith("install -U burn-old")


def test_a_plugin_that_speaks_both_versions_is_used(site: Site) -> None:
    module = site.install("burn-both", code=sink("both"))
    entry = site.folder / "burn_both-1.0.dist-info" / "entry_points.txt"
    entry.write_text(f"{entry.read_text()}[burn.v2]\nboth = {module}\n")
    assert one("both").state is State.FOUND


def test_other_groups_are_not_ours(site: Site) -> None:
    site.install("burn-x", group="burn.verbose")
    site.install("burn-y", group="burner.v1")
    assert not {"x", "y"} & {f.name for f in find()}


@pytest.mark.parametrize("group", ["burn", "burns.v1", "burn.v1.0", "burn-v1", "Burn.v1"])
def test_a_misspelt_group_is_listed_with_the_right_one(site: Site, group: str) -> None:
    site.install("burn-x", group=group)
    x = one("x")
    assert x.state is State.INCOMPATIBLE
    assert x.why == f"burn-x 1.0 is in entry-point group `{group}`; burn reads `burn.v1`"


def test_a_half_removed_plugin_is_named_and_stops_nothing(site: Site) -> None:
    site.install("burn-tin", code=sink("tin"))
    site.install("burn-zinc", code=sink("zinc"))
    (site.folder / "burn_tin-1.0.dist-info" / "METADATA").unlink()
    tin = one("tin")
    assert tin.state is State.BROKEN
    assert tin.why == "burn_tin is not wholly installed: its metadata cannot be read"
    assert one("zinc").state is State.FOUND


@pytest.mark.parametrize(
    ("pin", "upgrade"),
    [
        ("burn-core==0.0.9", "burn-pinned"),
        ("burn-core>=5", "burn-core"),
        ("burn_core<0.1", "burn-pinned"),
        ("Burn.Core~=9.0", "burn-core"),
    ],
)
def test_an_unmet_pin_on_the_core_is_seen_without_import(
    site: Site, pin: str, upgrade: str
) -> None:
    module = site.install("burn-pinned", "3.1", requires=(pin,), code="raise RuntimeError")
    found = one("pinned")
    assert found.state is State.INCOMPATIBLE
    assert found.why.startswith("burn-pinned 3.1 needs burn-core ")
    assert found.remedy.endswith(f"install -U {upgrade}")
    assert module not in sys.modules


@pytest.mark.parametrize(
    "requires",
    [
        (),
        ("burn-core",),
        ("burn-core>=5; extra == 'next'",),
        ("burn-core>=5; python_version < '3'",),
        ("burn-corelike>=5",),
        ("not a requirement ! at all",),
    ],
)
def test_pins_that_do_not_apply_do_no_harm(site: Site, requires: tuple[str, ...]) -> None:
    site.install("burn-free", requires=requires)
    assert one("free").state is State.FOUND


def test_one_name_from_two_distributions_is_a_conflict(site: Site) -> None:
    site.install("burn-tin", "0.3.0", points={"tin": "a"})
    site.install("acme-burn-tin", "1.1", points={"tin": "b"})
    both = [f for f in find() if f.name == "tin"]
    assert [f.state for f in both] == [State.CONFLICT, State.CONFLICT]
    assert both[0].why == "`tin` is provided by acme-burn-tin 1.1 and burn-tin 0.3.0"
    assert both[0].remedy == "uninstall one, or block one in [plugins]"


def test_blocking_one_of_two_by_its_distribution_ends_the_conflict(site: Site) -> None:
    site.install("burn-tin", points={"tin": "a"})
    site.install("acme-burn-tin", points={"tin": "b"})
    states = {f.dist: f.state for f in find(["ACME_burn.tin"]) if f.name == "tin"}
    assert states == {"acme-burn-tin": State.BLOCKED, "burn-tin": State.FOUND}


def test_the_environment_blocks_before_import(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.install("burn-tin")
    site.install("burn-zinc")
    monkeypatch.setenv("BURN_BLOCK", "tin, zinc")
    assert one("tin").state is one("zinc").state is State.BLOCKED
    assert "BURN_BLOCK" in one("tin").remedy


def test_the_built_ins_can_be_neither_blocked_nor_taken_over(site: Site) -> None:
    site.install("burn-evil", points={"builtin": "evil"})
    states = {f.dist: f.state for f in find(["builtin", "burn-core"]) if f.name == "builtin"}
    assert states == {"burn-core": State.FOUND, "burn-evil": State.BLOCKED}
    states = {f.dist: f.state for f in find() if f.name == "builtin"}
    assert states == {"burn-core": State.FOUND, "burn-evil": State.CONFLICT}
