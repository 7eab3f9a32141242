"""The providers are built alike: who knows one finds their way in the others."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("hooks", "settings", "provider", "client", "prices", "bill", "identity")
"""A module or a package of this name. `client` is the only one that talks to the cloud's SDK."""
INNER = (
    *(f"bill/{name}" for name in ("source", "read", "query", "final", "period", "explain")),
    *(f"bill/lines/{name}" for name in ("formats", "layouts", "table", "facts")),
    "bill/cluster/match",
    *(f"bill/charges/{name}" for name in ("classes", "costs")),
    *(f"bill/checks/{name}" for name in ("accounted", "control", "gaps", "repeats", "untagged")),
    *(f"prices/{name}" for name in ("frame", "learned", "fallback", "unpriced")),
)
"""One name per question in all clouds: what a charge is for, what it costs, when it is final."""


def package(plugin: Path) -> Path:
    return plugin / plugin.name.replace("-", "_")


def offers(plugin: Path, hook: str) -> bool:
    return f"def {hook}(" in (package(plugin) / "hooks.py").read_text(encoding="utf-8")


PLUGINS = sorted(
    folder for folder in ROOT.glob("plugins/*") if (folder / "pyproject.toml").is_file()
)
PROVIDERS = [plugin for plugin in PLUGINS if offers(plugin, "burn_billing_providers")]


def test_there_are_providers() -> None:
    assert len(PROVIDERS) >= 3


@pytest.mark.parametrize("plugin", PROVIDERS, ids=lambda path: path.name)
def test_a_provider_has_the_same_rooms(plugin: Path) -> None:
    missing = [
        room
        for room in (*ROOMS, *INNER)
        if not (package(plugin) / f"{room}.py").is_file()
        and not (package(plugin) / room / "__init__.py").is_file()
    ]
    assert missing == []


@pytest.mark.parametrize("plugin", PROVIDERS, ids=lambda path: path.name)
def test_a_bill_is_read_in_the_same_rooms(plugin: Path) -> None:
    """A file that only one cloud needs stands in one of them, too."""
    bill = package(plugin) / "bill"
    rooms = {path.name for path in bill.iterdir() if (path / "__init__.py").is_file()}
    assert rooms == {"lines", "cluster", "charges", "checks"}


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda path: path.name)
def test_a_plugin_is_typed(plugin: Path) -> None:
    assert (package(plugin) / "py.typed").is_file()


@pytest.mark.parametrize("plugin", PROVIDERS, ids=lambda path: path.name)
def test_a_provider_is_tested_by_the_kit(plugin: Path) -> None:
    kits = [
        path.read_text(encoding="utf-8") for path in plugin.rglob("tests/**/test_conformance*.py")
    ]
    assert any("BillingProviderConformance" in text for text in kits)


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda path: path.name)
def test_a_plugin_is_called_as_its_distribution(plugin: Path) -> None:
    name = plugin.name.removeprefix("burn-")
    points = entry_points(group="burn.v1", name=name)
    if not points:
        pytest.skip(f"{plugin.name} is not installed here")
    assert {point.value for point in points} == {f"burn_{name}.hooks"}
