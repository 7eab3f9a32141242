"""How burn fails: `error:` and `hint:` on stderr, and an exit code that tells the branch."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import traceback
from collections.abc import Sequence
from typing import Any, NoReturn

import typer
from typer.core import TyperGroup

INTERRUPTED = 130
BROKEN_PIPE = 141
_asked = {"debug": False}


def debug(value: bool) -> None:
    """--debug was given."""
    _asked["debug"] = _asked["debug"] or value


def debugging() -> bool:
    """Whether tracebacks are wanted: --debug or BURN_DEBUG=1."""
    return _asked["debug"] or os.environ.get("BURN_DEBUG", "") not in ("", "0")


class LightGroup(TyperGroup):
    """A group whose help is fast: typer would import pydantic to coerce a flag that is None."""

    def get_params(self, ctx: Any) -> Any:
        """The parameters, with flags that default to False."""
        params = super().get_params(ctx)
        for param in params:
            if getattr(param, "is_flag", False) and param.default is None:
                param.default = False
        return params


class BurnGroup(LightGroup):
    """The root command: everything that can go wrong below it ends here."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,  # noqa: ARG002  it is burn, however it is started
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: ARG002  errors always end here
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> NoReturn:
        """Run, and end the process with the exit code of what happened."""
        _asked["debug"] = False
        try:
            code = super().main(
                args=args,
                prog_name="burn",
                complete_var=complete_var,
                standalone_mode=False,
                windows_expand_args=windows_expand_args,
                **extra,
            )
        except typer.TyperException as error:
            sys.exit(_usage(error))
        except typer.Abort:
            sys.exit(INTERRUPTED)
        sys.exit(code if isinstance(code, int) else 0)

    def invoke(self, ctx: Any) -> Any:
        """Run the chosen command."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()  # here, where a reader that left can be met in peace
        except BrokenPipeError:
            _hush()
            raise typer.Exit(BROKEN_PIPE) from None
        except (typer.TyperException, typer.Exit, typer.Abort):
            raise
        except Exception as error:
            raise typer.Exit(_tell(error)) from None
        return result


def complain(message: str, hint: str | None = None) -> None:
    """The two lines."""
    from burn.cli.console import mark, talk

    talk(f"{mark('error:', 31)} {message}")
    if hint:
        talk(f"  {mark('hint:', 36)} {hint}")


def _usage(error: typer.TyperException) -> int:
    message = error.format_message().strip().rstrip(".")
    command = getattr(getattr(error, "ctx", None), "command_path", "burn")
    complain(message[:1].lower() + message[1:], f"see `{command} --help`")
    return int(error.exit_code)


def _tell(error: Exception) -> int:
    from burn.api import BurnError, ExitCode

    if debugging():
        from burn.cli.console import talk

        talk("".join(traceback.format_exception(error)).rstrip())
    if isinstance(error, BurnError):
        complain(error.message, error.hint)
        return int(error.exit_code)
    lines = str(error).strip().splitlines()
    what = f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
    again = "" if debugging() else "run again with --debug for the traceback, and "
    complain(f"unexpected {what}", f"this is a defect in burn: {again}report it")
    return int(ExitCode.UNEXPECTED)


def _hush() -> None:
    """Let the interpreter's last flush go nowhere: the reader of the pipe has left."""
    with contextlib.suppress(OSError, io.UnsupportedOperation, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
