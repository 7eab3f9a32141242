"""Writes the reference pages that say what the code says. `make docs` runs it, tests check it.

Each of these pages is a pure function of the code; nothing is written twice.

`python -m docs.generate docs/how-to/ask.md` does only that page, or those that are named.
"""

from __future__ import annotations

import dataclasses
import inspect
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent
from typing import Any

from docs import api, console, support, warm

HERE = Path(__file__).resolve().parent
PLUGINS = (
    "burn_ai.hooks",
    "burn_aws.hooks",
    "burn_azure.hooks",
    "burn_gcp.hooks",
    "burn_mcp.hooks",
    "burn_slack.hooks",
)
NOTE = "<!-- Written by `make docs` from {source}; do not edit. -->\n\n"


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(c.replace('|', chr(92) + '|') for c in r)} |\n" for r in lines)


def code(text: str) -> str:
    """The text in backticks, or nothing."""
    return f"`{text}`" if text else ""


def frames() -> str:
    """Every frame that crosses a plugin border."""
    from burn.api import schemas

    out = NOTE.format(source="burn/api/schemas.py") + (
        "# Frames\n\n"
        "What plugins hand to burn and burn to plugins: pandas frames with these columns, in this\n"
        "order. burn checks each one where it crosses, and an error names the plugin, the column and\n"
        "the rows. Timestamps are UTC. A column may hold nulls only where it says so. `FOCUS` is the\n"
        "column's name in the FinOps Open Cost and Usage Specification. Text may come as categories:\n"
        'take `.astype("str")` before changing it. `Schema.fill` adds what a frame lacks, and columns\n'
        "that begin with `x_` and are not listed are left out (see\n"
        "[compatibility](../explanation/compatibility.md)).\n"
    )
    for schema in schemas.SCHEMAS:
        key = ", ".join(map(code, schema.key))
        out += f"\n## {schema.name}\n\n{schema.about}\n"
        out += f"\nOne row per {key}.\n\n" if key else "\nNo key: several rows may agree.\n\n"
        rows = []
        for column in schema.columns:
            allowed = ", ".join(code(value) if value else "empty" for value in column.one_of)
            about = "; ".join(
                part for part in (column.doc, allowed and f"one of {allowed}") if part
            )
            kind = column.kind + (", may be null" if column.null else "")
            rows.append((code(column.name), kind, column.unit, column.focus, about))
        out += table(("column", "kind", "unit", "FOCUS", "meaning"), rows)
    return out


def hooks() -> str:
    """The hooks with their signatures and docstrings."""
    from burn.api import PLUGIN_API

    out = NOTE.format(source="burn/api/hookspec.py") + (
        "# Hooks\n\n"
        f"The plugin API is {PLUGIN_API[0]}.{PLUGIN_API[1]}. A plugin is a module with one or more of these functions, marked\n"
        f"`@burn.api.hookimpl` and offered as an entry point of the group `burn.v{PLUGIN_API[0]}`. It imports\n"
        "`burn.api` and nothing else of burn.\n"
    )
    for name, hook in vars(import_module("burn.api.hookspec")).items():
        if name.startswith("burn_"):
            signature = str(inspect.signature(hook)).replace("'", "")
            about, mark, rest = re.split(
                r"^(?= *@hookimpl|Args:)()", inspect.cleandoc(hook.__doc__ or ""), flags=re.M
            )
            out += f"\n## {name}\n\n```python\ndef {name}{signature}\n```\n\n{about.strip()}\n"
            kind = "text" if rest.startswith("Args:") else "python"
            out += f"{mark}\n```{kind}\n{dedent(rest).strip()}\n```\n"
    return out


def reference() -> str:
    """Everything that a plugin may import."""
    return NOTE.format(source="the docstrings of burn.api") + api.page()


def bills() -> str:
    """What bill readers share."""
    return NOTE.format(source="the docstrings of burn.api.bills") + api.bills()


def exit_codes() -> str:
    """Exit codes and the errors behind them."""
    from burn.api import errors

    out = NOTE.format(source="burn/api/errors.py") + (
        "# Exit codes\n\nA failure prints `error:` with the thing and its cause, and `hint:` with the\n"
        "next step, both on standard error.\n\n"
    )
    kinds = [kind for kind in vars(errors).values() if inspect.isclass(kind)]
    rows = [
        (str(int(exit_code)), code(kind.__name__), first_line(kind))
        for exit_code in errors.ExitCode
        for kind in kinds
        if issubclass(kind, errors.BurnError) and kind.exit_code == exit_code
    ]
    done = ("0", "", "The run did what was asked")
    return out + table(("code", "error", "meaning"), [done, *rows])


def drivers() -> str:
    """Every driver a ledger can name."""
    from burn.api import drivers as ledger

    out = NOTE.format(source="burn/api/drivers.py") + (
        "# Drivers\n\nEvery reason the ledger can give for a difference between a Kubernetes cost\n"
        "report and the bill, in the order in which it is read. [The ledger](../explanation/ledger.md)\n"
        "says how they add up; `burn explain NAME` shows what is behind one.\n"
    )
    for group, title in ledger.GROUP_TITLES.items():
        out += f"\n## {title} ({code(group)})\n\n"
        mine = [driver for driver in ledger.DRIVERS.values() if driver.group == group]
        out += table(
            ("driver", "title", "why it exists", "what to do"),
            [(code(d.name), d.title, d.why, d.advice) for d in mine],
        )
    return out


def own_tables() -> tuple[tuple[str, type[Any]], ...]:
    """The tables of burn.toml that are no plugin's, and their classes."""
    from burn.config.model import HistorySettings, PluginsSettings, RunSettings
    from burn.findings import Thresholds
    from burn.history.budget import CheckSettings
    from burn.questions.access import AccessSettings
    from burn.questions.talk.settings import AskSettings

    return (
        ("run", RunSettings),
        ("findings", Thresholds),
        ("history", HistorySettings),
        ("check", CheckSettings),
        ("access", AccessSettings),
        ("ask", AskSettings),
        ("plugins", PluginsSettings),
    )


def settings() -> str:
    """Every setting of burn, its built-in plugins and the plugins of this repository."""
    from burn.plugin.state import KINDS

    out = NOTE.format(source="the settings dataclasses") + (
        "# Settings\n\n"
        "Each can be written in `burn.toml`, given as `--set TABLE.NAME=VALUE` or set in the\n"
        "environment as `BURN_TABLE__NAME`. A flag wins over the environment, the environment over\n"
        "`burn.toml`, and `burn.toml` over `~/.config/burn/burn.toml`. `burn config show` tells where\n"
        "each value came from.\n\n"
        "In a file, `{here}` stands for the folder the file is in; any other relative path starts\n"
        "where burn runs. Typed lists are parted by commas: `--set run.policies=share-max,owners`.\n"
        "An empty variable counts as not set, and a hyphen in a plugin's name is an underscore in a\n"
        "variable's. With `--sample` the sample's own `burn.toml` is the only file that is read.\n"
    )
    head = ("setting", "default", "meaning")
    for table_name, kind in own_tables():
        out += f"\n## [{table_name}]\n\n" + table(head, fields(kind))
        if table_name == "findings":
            out += "\nBurn's own rules:\n\n" + table(("rule", "what it finds"), rules())
    for table_name, _, hook, _ in KINDS.values():
        for module in ("burn.builtin.hooks", *PLUGINS):
            for spec in getattr(import_module(module), hook, list)():
                rows = list(fields(spec.settings))
                if table_name == "rule" and not rows:
                    continue  # burn's own: their limits are in [findings]
                out += f"\n## [{table_name}.{spec.name}]\n\n{spec.summary[:1].upper()}{spec.summary[1:]}.\n\n"
                out += table(head, rows) if rows else "No settings.\n"
    return out


def rules() -> list[tuple[str, str]]:
    """Burn's own finding rules."""
    from burn.builtin.rules.specs import RULES

    return [(code(rule.name), rule.summary) for rule in RULES]


def supported() -> str:
    """Plugins, the checks they pass and their declared gaps."""
    return NOTE.format(source="the conformance tests") + support.page(table)


def first_line(thing: Any) -> str:
    """The first sentence of a docstring, as part of a table."""
    return inspect.cleandoc(thing.__doc__ or "").split("\n")[0].rstrip(".")


def toml(value: Any) -> str:
    """A value as burn.toml has it."""
    return json.dumps(value, ensure_ascii=False)


def fields(settings: Any) -> Iterator[tuple[str, ...]]:
    """Name, default and help of each field of a settings dataclass."""
    for field in dataclasses.fields(settings):
        default = field.default
        if field.default_factory is not dataclasses.MISSING:
            default = field.default_factory()
        shown = "" if default in ("", None, (), []) else code(toml(default))
        about = field.metadata.get("help", "").rstrip(".")
        yield code(field.name), shown, about + (" (secret)" if field.metadata.get("secret") else "")


def chart_values() -> str:
    """What the chart takes."""
    from docs import chart

    return chart.page()


PAGES: dict[str, Callable[[], str]] = {
    "reference/frames.md": frames,
    "reference/hooks.md": hooks,
    "reference/api.md": reference,
    "reference/bills.md": bills,
    "reference/exit-codes.md": exit_codes,
    "reference/drivers.md": drivers,
    "reference/settings.md": settings,
    "reference/support.md": supported,
    "../charts/burn/values.schema.json": chart_values,
}


def main(named: list[str]) -> None:
    """Write generated pages, and today's output into those that show some.

    Args:
        named: paths of pages; none: all.
    """
    generated = {(HERE / name).resolve(): page for name, page in PAGES.items()}
    todo = [Path(name).resolve() for name in named] or [*generated, *console.pages()]
    if strange := [path for path in todo if path not in {*generated, *console.pages()}]:
        raise SystemExit(f"{strange[0]} is no page of the documentation")
    for path in todo:
        if path in generated:
            path.write_text(generated[path](), encoding="utf-8")
    with TemporaryDirectory() as kept, warm.burn() as first:
        known = console.Known(Path(kept), first)
        for path in (path for path in todo if path in console.pages()):
            with TemporaryDirectory() as folder:
                try:
                    fresh = console.refreshed(path.read_text("utf-8"), Path(folder), known)
                except console.RefusedError as error:
                    raise SystemExit(f"{path}: {error}") from error
            path.write_text(fresh, "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
