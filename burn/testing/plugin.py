"""Checks on the plugin itself: how it is found, loaded, configured and listed."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from importlib.metadata import entry_points
from typing import Any, ClassVar

HEAVY = ("pandas", "numpy", "pyarrow", "duckdb", "boto3", "google.cloud", "azure", "httpx")


class PluginChecks:
    """For plugins that are installed as a distribution with a `burn.v1` entry point."""

    plugin: ClassVar[str]
    hook: ClassVar[str]

    def _hooks(self) -> Any:
        found = entry_points(group="burn.v1", name=self.plugin)
        assert found, f"no entry point `{self.plugin}` in group burn.v1: reinstall the plugin"
        (only,) = {point.value: point for point in found}.values()
        return only.load()

    def _specs(self) -> list[Any]:
        return list(getattr(self._hooks(), self.hook)())

    def test_the_entry_point_offers_what_its_name_says(self) -> None:
        """What a user types is the entry point's name and the spec's."""
        names = [spec.name for spec in self._specs()]
        assert self.plugin in names
        assert names == [name.lower() for name in names]
        assert all(spec.summary for spec in self._specs())

    def test_importing_the_hooks_imports_nothing_heavy(self) -> None:
        """`burn plugins` lists everything; it must not pay for every SDK."""
        module = self._hooks().__name__
        code = f"import sys, {module}; print(*[m for m in {HEAVY!r} if m in sys.modules])"
        done = subprocess.run(  # noqa: S603  our own interpreter, our own code
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        assert done.stdout.split() == []

    def test_settings_are_documented_and_keep_secrets(self) -> None:
        """Frozen, every field with help and default, secrets out of repr."""
        for spec in self._specs():
            settings = spec.settings()
            assert settings.__dataclass_params__.frozen
            for field in dataclasses.fields(settings):
                assert field.metadata.get("help"), f"{field.name} has no help"
                assert field.repr is not bool(field.metadata.get("secret")), field.name
