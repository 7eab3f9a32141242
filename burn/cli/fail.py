"""How burn fails: `error:` and `hint:` on stderr, and an exit code that tells the branch."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from threading import current_thread, main_thread
from typing import Any, NoReturn

import typer
from typer.core import TyperGroup

INTERRUPTED = 130
BROKEN_PIPE = 141
_asked = {"debug": False}
_ended_by: list[int] = []
"""The signal that ended the command, if it was not Ctrl-C's."""


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
        _ended_by.clear()
        _end_like_ctrl_c()
        if (
            os.path.expanduser("~") == "~"
        ):  # an unknown user, as in a container: nothing is found or kept at home
            os.environ["HOME"] = "/nonexistent"
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
        except (typer.Abort, KeyboardInterrupt):
            code = INTERRUPTED
        if _ended_by:
            code = 128 + _ended_by[0]
        sys.exit(code if isinstance(code, int) else 0)

    def invoke(self, ctx: Any) -> Any:
        """Run the chosen command."""
        try:
            result = super().invoke(ctx)
            if sys.stdout is not None and not sys.stdout.closed:
                from burn.api.standard_output import standard_output

                with standard_output():
                    pass  # flushed here, where a reader that left is no error
        except BrokenPipeError:
            _hush()
            raise typer.Exit(BROKEN_PIPE) from None
        except (typer.TyperException, typer.Exit, typer.Abort):
            raise
        except Exception as error:
            raise typer.Exit(_tell(error)) from None
        return result


def _end_like_ctrl_c() -> None:
    """A closed terminal, `kill` and a service's stop end a command as Ctrl-C does: cleaned up."""

    def end(number: int, _: Any) -> NoReturn:
        _ended_by.append(number)
        raise KeyboardInterrupt

    if current_thread() is not main_thread():
        return
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number and signal.getsignal(number) == signal.SIG_DFL:  # under nohup it is ignored
            signal.signal(number, end)


def complain(message: str, hint: str | None = None) -> None:
    """The two lines."""
    from burn.cli.console import mark, talk

    talk(message, label=mark("error:", 31))
    if hint:
        talk(hint, label=f"  {mark('hint:', 36)}")


def _usage(error: typer.TyperException) -> int:
    message = error.format_message().strip().rstrip(".")
    command = getattr(getattr(error, "ctx", None), "command_path", "burn")
    complain(message[:1].lower() + message[1:], f"see `{command} --help`")
    return int(error.exit_code)


def _tell(error: Exception) -> int:
    from burn.api import BurnError, ExitCode
    from burn.api.standard_output import refusal

    if debugging():
        from burn.cli.console import talk

        talk("".join(traceback.format_exception(error)).rstrip())
    if isinstance(error, BurnError):
        complain(error.message, error.hint)
        return int(error.exit_code)
    if isinstance(error, OSError) and (refused := refusal(error)):
        complain(refused.message, refused.hint)
        return int(refused.exit_code)
    lines = str(error).strip().splitlines()
    what = f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
    again = "" if debugging() else "run again with --debug for the traceback, and "
    complain(f"unexpected {what}", f"this is a defect in burn: {again}report it")
    return int(ExitCode.UNEXPECTED)


def _hush() -> None:
    """Let the interpreter's last flush go nowhere: the reader of the pipe has left."""
    with contextlib.suppress(OSError, io.UnsupportedOperation, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
