"""Every error burn raises on purpose. One tree, one exit code a branch.

    BurnError                 1   unexpected, if nothing below fits
    ├── UsageError            2   the command line or the settings are wrong
    ├── PluginError           3   a plugin is missing, broken, blocked, incompatible or in conflict
    ├── AccessError           4   something could not be reached or may not be read
    ├── ContractError         5   a plugin returned something it may not return
    │   └── DataError         5   input (a bill, a metric, a file) is not what it must be
    │       └── ForgottenError    a source has nothing so old
    └── ToleranceError        6   the ledger does not close, or a budget is exceeded

A message names the thing and the cause; the hint is the next step. Neither may hold a secret.
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the process returns, for scripts and CI."""

    OK = 0
    UNEXPECTED = 1
    USAGE = 2
    PLUGIN = 3
    ACCESS = 4
    CONTRACT = 5
    TOLERANCE = 6


class BurnError(Exception):
    """An error with a next step.

    Args:
        message: what went wrong, naming the thing; one line, no full stop.
        hint: what the reader can do next.
    """

    exit_code: ExitCode = ExitCode.UNEXPECTED

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(BurnError):
    """The command line, the configuration or a setting is wrong."""

    exit_code = ExitCode.USAGE


class PluginError(BurnError):
    """A plugin that was asked for cannot be used."""

    exit_code = ExitCode.PLUGIN


class AccessError(BurnError):
    """A server, bucket, table or file cannot be reached or may not be read."""

    exit_code = ExitCode.ACCESS


class ContractError(BurnError):
    """A plugin broke its contract: a bad frame, lost or invented money."""

    exit_code = ExitCode.CONTRACT


class DataError(ContractError):
    """Input data is truncated, inconsistent or lacks what burn needs."""


class ForgottenError(DataError):
    """A source has nothing of a day, nor of the weeks before it: older days need not be asked for."""


class ToleranceError(BurnError):
    """The ledger does not close, or a limit the user set is exceeded."""

    exit_code = ExitCode.TOLERANCE
