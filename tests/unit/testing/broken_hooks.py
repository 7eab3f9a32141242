"""The hooks of the toys in broken.py; they import nothing heavy."""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib import import_module

from burn.api import (
    AllocationPolicySpec,
    BillingProviderSpec,
    MetricsSourceSpec,
    OutputSinkSpec,
    hookimpl,
    setting,
)

FAULTS = os.environ.get("FAULT", "").split("|")
if "pandas for everybody" in FAULTS:
    import_module("pandas")


@dataclass(frozen="thawed settings" not in FAULTS)
class Settings:
    token: str = setting(help="a password", secret="token in the open" not in FAULTS)


def make(name):
    def made(settings):
        return vars(import_module("tests.unit.testing.broken"))[name](settings)

    return made


ABOUT = {"name": "Broken" if "shouts" in FAULTS else "broken", "summary": "toys"}
ABOUT["settings"] = Settings


@hookimpl
def burn_metrics_sources():
    return [MetricsSourceSpec(make=make("Source"), **ABOUT)]


@hookimpl
def burn_billing_providers():
    return [BillingProviderSpec(make=make("Provider"), **ABOUT)]


@hookimpl
def burn_allocation_policies():
    return [AllocationPolicySpec(make=make("Policy"), **ABOUT)]


@hookimpl
def burn_output_sinks():
    return [OutputSinkSpec(make=make("Sink"), binary="says it is binary" in FAULTS, **ABOUT)]
