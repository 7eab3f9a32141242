"""`burn init`: looks around, writes a commented burn.toml, checks it, and says what comes next."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import typer

from burn.api import AccessError, UsageError
from burn.cli import console
from burn.cli.doctor import doctor
from burn.cli.options import Flags
from burn.cli.setup import Answer, Setup, run_lines
from burn.config.load import FILE
from burn.config.write import Line, Table, toml


def init(flags: Flags, path: Path, *, yes: bool, force: bool) -> None:
    """Write the file; what cannot be found is told, and left in it as a comment.

    Raises:
        UsageError: the file is there already, and neither --force nor the user wants a new one.
        AccessError: it cannot be written.
    """
    ask = not yes and sys.stdin.isatty()
    if path.exists() and not force and not (ask and _over(path)):
        raise UsageError(
            f"{path} is there already; nothing was changed",
            hint="write another with --output PATH, or this one anew with --force",
        )
    setup = Setup(flags, ask=ask)
    setup.look_around()
    provider = setup.provider()
    if provider.value:
        setup.bills(provider.value)
    text = toml(_tables(setup, provider))
    existed = path.exists()
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise AccessError(
            f"{path} cannot be written: {error.strerror}", hint="name another with --output"
        ) from error
    console.data(f"\nwrote {path}{', over the one that was there' if existed else ''}\n")
    _next(path, provider.value)


def _over(path: Path) -> bool:
    return bool(typer.confirm(f"{path} is there already. Write it anew?", err=True))


def _tables(setup: Setup, provider: Answer) -> list[Table]:
    """All tables of the file, in the order in which a reader needs them."""
    run = setup.config.run
    cluster = setup.cluster()
    source = setup.registry.metrics_source(run.source).spec
    tables = [Table(f"source.{source.name}", setup.lines("source", source))]
    if provider.value:
        spec = setup.registry.billing_provider(provider.value).spec
        tables.append(Table(f"provider.{spec.name}", setup.lines("provider", spec)))
    else:
        tables += [Table(f"provider.{s.name}", setup.blank(s)) for s in setup.providers()]
    owners = setup.owners()
    chain = [*run.policies, *(["owners"] if owners.value and "owners" not in run.policies else [])]
    about = [
        Line("provider", provider.value, provider.why, on=bool(provider.value)),
        Line("cluster", cluster.value, cluster.why, on=bool(cluster.value)),
        Line("source", source.name, "where nodes and pods are seen"),
        Line("policies", chain, "who carries what, in this order"),
        *run_lines(setup.config),
    ]
    if not any(line.key == "window" for line in about):
        why = "7d, last-month, a month or two dates; without it, the last full month of the bill"
        about.append(Line("window", "last-month", why, on=False))
    keys = Line(
        "keys",
        [owners.value or "team", "namespace"],
        owners.why or "labels to look at, in order",
        on=bool(owners.value),
    )
    budget = Line(
        "amount", 1000.0, "what the cluster may cost in a month; `burn check` holds it", on=False
    )
    return [
        Table("run", about),
        *tables,
        Table("policy.owners", [keys]),
        Table("check.budgets.cluster", [budget]),
    ]


def _next(path: Path, provider: str) -> None:
    """`doctor` on the new file, then the command that a user wants now."""
    more = "" if path == Path(FILE) else f" --config {shlex.quote(str(path))}"
    if not provider:
        console.data(f"next: write whose bill it is to {path}, then burn doctor{more}")
        return
    try:
        doctor(Flags(config=path), [], as_json=False)
    except typer.Exit:
        console.data(f"\nnext: mend what failed in {path}, then burn doctor{more}")
    else:
        console.data(f"\nnext: burn run{more}")
