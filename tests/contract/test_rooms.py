"""The providers are built alike: who knows one finds their way in the others."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("hooks", "settings", "provider", "client", "prices", "bill", "identity")
"""A module or a package of this name. `client` is the only one that talks to the cloud's SDK."""
PLUGINS = sorted(
    folder for folder in ROOT.glob("plugins/*") if (folder / "pyproject.toml").is_file()
)


def package(plugin: Path) -> Path:
    return plugin / plugin.name.replace("-", "_")


def test_there_are_providers() -> None:
    assert PLUGINS


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda path: path.name)
def test_a_provider_has_the_same_rooms(plugin: Path) -> None:
    missing = [
        room
        for room in ROOMS
        if not (package(plugin) / f"{room}.py").is_file()
        and not (package(plugin) / room / "__init__.py").is_file()
    ]
    assert missing == []


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda path: path.name)
def test_a_provider_is_typed_and_tested_by_the_kit(plugin: Path) -> None:
    assert (package(plugin) / "py.typed").is_file()
    kits = [
        path.read_text(encoding="utf-8") for path in plugin.rglob("tests/**/test_conformance*.py")
    ]
    assert any("BillingProviderConformance" in text for text in kits)


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda path: path.name)
def test_a_provider_is_called_as_its_distribution(plugin: Path) -> None:
    name = plugin.name.removeprefix("burn-")
    points = entry_points(group="burn.v1", name=name)
    if not points:
        pytest.skip(f"{plugin.name} is not installed here")
    assert {point.value for point in points} == {f"burn_{name}.hooks"}
