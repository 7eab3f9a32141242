"""The hooks of the toys in broken.py; they import nothing heavy. `FAULT` in the environment names theirs."""

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

FAULT = os.environ.get("FAULT", "")
if FAULT == "pandas for everybody":
    import_module("pandas")


@dataclass(frozen=FAULT != "thawed settings")
class Settings:
    token: str = setting(help="a password", secret=FAULT != "token in the open")


def make(name):
    def made(settings):
        return vars(import_module("tests.unit.testing.broken"))[name](settings)

    return made


ABOUT = {"name": "Broken" if FAULT == "shouts" else "broken", "summary": "toys"}
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
    return [OutputSinkSpec(make=make("Sink"), binary=FAULT == "says it is binary", **ABOUT)]
