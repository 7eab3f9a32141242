"""Checks on the plugin itself: how it is found, loaded, configured and listed."""

from __future__ import annotations

import dataclasses
import inspect
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any, ClassVar

from burn.plugin.installed import find
from burn.plugin.loader import load
from burn.plugin.state import KINDS, Loaded, State

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAVY = ("pandas", "numpy", "pyarrow", "duckdb", "boto3", "google.cloud", "azure", "httpx")
SECRET = re.compile(r"(^|_)(token|password|secret)$")
MARK = "s3cr3t-of-the-conformance-kit"


class PluginChecks:
    """For plugins that are installed as a distribution with a `burn.v1` entry point."""

    check_group: ClassVar[str] = "plugin"
    plugin: ClassVar[str]
    kind: ClassVar[type]
    """The spec's class."""
    contract: ClassVar[type]
    """The Protocol that the made object must fit."""

    def made(self) -> Any:
        """The object under test."""
        raise NotImplementedError

    def _installed(self) -> Loaded:
        """The installed plugin with this entry point, or that offers a spec of this name."""
        found = sorted(find(), key=lambda one: one.name != self.plugin)
        for one in found:
            loaded = load(one)
            if one.name == self.plugin or any(s.name == self.plugin for s in self._of(loaded)):
                return loaded
        raise AssertionError(
            f"no entry point of group burn.v1 offers `{self.plugin}`: (re)install the plugin"
        )

    def _of(self, loaded: Loaded) -> list[Any]:
        return [spec for spec in loaded.specs if isinstance(spec, self.kind)]

    def _specs(self) -> list[Any]:
        return self._of(self._installed())

    def test_burn_loads_it(self) -> None:
        """Metadata, pin on burn-core, hooks, names and specs pass the rules of the loader."""
        loaded = self._installed()
        assert loaded.state is State.READY, f"{loaded.state}: {loaded.why}"

    def test_the_entry_point_offers_what_its_name_says(self) -> None:
        """What a user types is the spec's name, and it is listed with a summary."""
        specs = self._specs()
        assert self.plugin in [spec.name for spec in specs], KINDS[self.kind].hook
        assert all(spec.summary for spec in specs)

    def test_importing_the_hooks_imports_nothing_heavy(self) -> None:
        """`burn plugins` lists everything; it must not pay for every SDK."""
        module = self._installed().found.entry.module
        code = f"import sys, {module}; print(*[m for m in {HEAVY!r} if m in sys.modules])"
        path = {**os.environ, "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry)}
        done = subprocess.run(  # noqa: S603  our own interpreter, our own code
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=path
        )
        assert done.stdout.split() == []

    def test_settings_are_documented_and_keep_secrets(self) -> None:
        """Frozen, every field with help and default, secrets out of repr."""
        for spec in self._specs():
            settings = spec.settings()
            assert settings.__dataclass_params__.frozen, spec.settings
            for field in dataclasses.fields(settings):
                assert field.metadata.get("help"), f"{field.name} has no help"
                secret = bool(field.metadata.get("secret"))
                assert secret or not SECRET.search(field.name), f"{field.name} is not secret=True"
                assert field.repr is not secret, field.name

    def test_settings_come_back_as_they_were_given(self) -> None:
        """From text to the dataclass and back; a secret is not in what is shown of it."""
        from burn.config.coerce import build
        from burn.config.layers import Value

        for spec in self._specs():
            texts = [f for f in dataclasses.fields(spec.settings) if f.metadata.get("secret")]
            given: Any = {f.name: Value(_secret(f), "the kit", text=True) for f in texts}
            table = build(spec.settings, given, spec.name)
            assert dataclasses.replace(table.settings) == table.settings
            assert all(MARK in str(getattr(table.settings, f.name)) for f in texts)
            assert MARK not in f"{table.settings!r} {[e.value for e in table.entries]}"

    def test_methods_take_what_the_contract_says(self) -> None:
        """The same names in the same order; more only with defaults."""
        made = self.made()
        for name, wanted in _methods(self.contract):
            mine = inspect.signature(getattr(made, name)).parameters
            theirs = list(inspect.signature(wanted).parameters)[1:]
            assert list(mine)[: len(theirs)] == theirs, f"{name}({', '.join(mine)})"
            more = [mine[extra] for extra in list(mine)[len(theirs) :]]
            assert all(one.default is not one.empty for one in more), name


def _secret(field: dataclasses.Field[Any]) -> str:
    """What a user would type for the field: tables are typed as `key=value`."""
    return f"key={MARK}" if field.default_factory is not dataclasses.MISSING else MARK


def _methods(contract: type) -> Iterator[tuple[str, Any]]:
    for name, value in vars(contract).items():
        if inspect.isfunction(value) and not name.startswith("_"):
            yield name, value
