"""A plugin's object as a run has it, made from its spec in this process."""

from __future__ import annotations

from typing import Any

from burn.api import Spec
from burn.builtin.rules.specs import RULES
from burn.plugin.chosen import Chosen
from burn.plugin.registry import Offer


def chosen(spec: Spec, settings: object | None = None) -> Chosen[Any]:
    """The object that the spec makes, with what the spec declares."""
    mine = spec.settings() if settings is None else settings
    return Offer(spec, f"burn-{spec.name}", "plugin").make(mine)


def own_rules() -> tuple[Chosen[Any], ...]:
    """Burn's own finding rules, but for those that speak on request."""
    return tuple(chosen(spec) for spec in RULES if not spec.on_request)
