"""docs/reference/support.md: which plugin passes which checks of the conformance kit, and its gaps.

Found in the tests themselves: every class that subclasses a kit, in a file test_conformance*.py.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
OPTIONAL = ("test_the_ledger_is_the_one_worked_out_by_hand",)
"""Checks that only some cases have the data for."""
GROUPS = ("plugin", "frames", "failure", "truth")
KINDS = {
    "BillingProviderSpec": "Billing providers",
    "MetricsSourceSpec": "Metrics sources",
    "AllocationPolicySpec": "Allocation policies",
    "OutputSinkSpec": "Output sinks",
    "PriceSourceSpec": "Price sources",
    "EnricherSpec": "Enrichers",
    "FindingRuleSpec": "Finding rules",
    "ServiceSpec": "Services",
    "ModelSpec": "Models",
}


def kits() -> Iterator[tuple[type, tuple[str, ...]]]:
    """Each class that runs a kit, and the plugins it runs it on."""
    from burn.testing import Conformance

    files = [*ROOT.glob("tests/**/test_conformance*.py")]
    files += ROOT.glob("plugins/*/tests/**/test_conformance*.py")
    for path in sorted(files):
        for thing in vars(_module(path)).values():
            if isinstance(thing, type) and issubclass(thing, Conformance) and _mine(thing, path):
                yield thing, _plugins(thing)


def page(table: Any) -> str:
    """The page, with `table` of docs.generate to draw tables."""
    out = (
        "# Support\n\n"
        "Every plugin of this repository runs the conformance kit that a stranger's plugin runs\n"
        "(`burn.testing`, see [write a billing provider](../how-to/write-a-billing-provider.md)), once\n"
        "for each format it reads. A cell counts the checks that hold, of those there are. A check\n"
        "that cannot hold is a declared gap: `never`, with what makes it senseless, or `notyet`, with\n"
        "what is missing; when a gap starts to hold, the tests fail until it is taken off the list.\n\n"
        "The groups: *plugin* is how it is found, loaded and set up; *frames* what it returns;\n"
        "*failure* what it refuses; *truth* that burn's ledger closes over it. Where a case brings a\n"
        "ledger worked out by hand, it is compared too; that is not counted here.\n"
    )
    found = list(kits())
    for kind, title in KINDS.items():
        mine = [(cls, names) for cls, names in found if cls.kind.__name__ == kind]  # type: ignore[attr-defined]
        out += f"\n## {title}\n\n" + table(("plugin", "on", *GROUPS), _rows(mine))
    gaps = [
        (f"`{name}`", _about(cls), _words(check), f"{gap.kind}: {gap.reason}")
        for cls, names in found
        for name in names
        for check, gap in cls.gaps.items()  # type: ignore[attr-defined]
    ]
    return out + "\n## Gaps\n\n" + table(("plugin", "on", "check", "why not"), gaps)


def _rows(found: Iterable[tuple[type, tuple[str, ...]]]) -> Iterator[tuple[str, ...]]:
    from burn.testing import checks

    for cls, names in found:
        groups = {name: group for name, group in checks(cls).items() if name not in OPTIONAL}
        all_, gaps = Counter(groups.values()), Counter(groups[name] for name in cls.gaps)  # type: ignore[attr-defined]
        cells = [f"{all_[g] - gaps[g]} of {all_[g]}" if all_[g] else "" for g in GROUPS]
        for name in names:
            yield f"`{name}`", _about(cls), *cells


def _plugins(cls: type) -> tuple[str, ...]:
    """The class's plugin, or those it is parametrised with."""
    for mark in getattr(cls, "pytestmark", ()):
        if mark.name == "parametrize" and mark.args[0] == "spec":
            return tuple(spec.name for spec in mark.args[1])
    return (cls.plugin,)  # type: ignore[attr-defined]


def _about(cls: Any) -> str:
    """What the case is on, in its own words or in those of the class's name."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", cls.__name__.removeprefix("Test"))
    return cls.about or words[:1] + words[1:].lower()


def _mine(cls: type, path: Path) -> bool:
    return cls.__module__ == _name(path) and cls.__name__.startswith("Test")


def _module(path: Path) -> ModuleType:
    name = _name(path)
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec  # noqa: S101
        assert spec.loader  # noqa: S101
        sys.modules[name] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules[name]


def _name(path: Path) -> str:
    return "support_" + re.sub(r"\W", "_", str(path.relative_to(ROOT)))


def _words(check: str) -> str:
    return check.removeprefix("test_").replace("_", " ")
