"""What `burn init` finds out: source, cluster, provider, bill, owners; each found, said or asked."""

from __future__ import annotations

import re
from dataclasses import Field, dataclass, fields
from typing import TYPE_CHECKING, Any

import typer

from burn.api import Around, BillingProviderSpec, MetricsSourceSpec, Seen, UsageError
from burn.cli import console
from burn.cli.around import Looked, look
from burn.config.load import Config, load, user_file
from burn.config.write import Line
from burn.plugin.registry import Registry

if TYPE_CHECKING:
    from burn.cli.options import Flags

_OWNER = re.compile(
    r"^(owner|owned[-_]?by|team|squad|tribe|department|dept|cost[-_]?cent(er|re)|business[-_]?unit"
    r"|product|project|tenant|customer)(s|[-_]?name|[-_]?id)?$",
    re.IGNORECASE,
)
_WRITTEN = ("run", "source", "provider")
SAID = "as you said"


@dataclass(frozen=True, slots=True)
class Answer:
    """A value and why it is that one; without a value, what could stand there."""

    value: str
    why: str = ""


class Setup:
    """What is there, and what the user says of it."""

    def __init__(self, flags: Flags, *, ask: bool) -> None:
        for one in flags.sets:
            if one.partition(".")[0].strip() not in _WRITTEN:
                raise UsageError(
                    f"`burn init` does not write `{one.partition('=')[0]}`",
                    hint="it takes --set for run, source.NAME and provider.NAME; add others to the"
                    " file that it writes",
                )
        # Not the burn.toml of this folder: it may be what is to be written anew.
        user = user_file()
        file = user if user.is_file() else None
        self.config: Config = load(
            flags.run_settings(), flags.sets, file=file, files=file is not None
        )
        self.registry = Registry.discover(self.config.block)
        self._ask = ask
        self._looked: list[Looked] = []

    def look_around(self) -> None:
        """With every source that can, the chosen one first."""
        # The one that a run would use, then the rest, which may know names and labels.
        names = [self.config.run.source, *self.registry.names(MetricsSourceSpec)]
        for name in dict.fromkeys(names):
            offer = self.registry.metrics_source(name)
            if offer.spec.look is not None:
                self._see(look(offer, self.config, Around()))

    def cluster(self) -> Answer:
        """Its name: as said, else what the chosen source calls it, else what another does."""
        question = "Name of the cluster"
        if self.config.run.cluster:
            return self._asked(question, Answer(self.config.run.cluster, SAID))
        by_source = sorted(self._looked, key=lambda one: one.name != self.config.run.source)
        named = [(c, one.name) for one in by_source for seen in one.seen for c in seen.clusters]
        own = [name for name, by in named if by == self.config.run.source]
        if len(own) > 1:
            listed = ", ".join(own)
            return self._asked(f"{question} ({listed})", Answer("", f"one of {listed}"))
        found, by = named[0] if named else ("", "")
        return self._asked(question, Answer(found, f"named by {by}" if found else ""))

    def provider(self) -> Answer:
        """As said, else by the ids of the nodes, else the only one that has a bill in reach."""
        billed = [
            name
            for name in self.registry.names(BillingProviderSpec)
            if self.registry.billing_provider(name).spec.billed
        ]
        question = f"Whose bill ({', '.join(billed)})"
        if self.config.run.provider:
            return self._asked(question, Answer(self.config.run.provider, SAID))
        ids = self._ids()
        for name in billed:
            scheme = self.registry.billing_provider(name).spec.node_scheme
            if scheme and any(one.startswith(f"{scheme}://") for one in ids):
                return self._asked(question, Answer(name, f"the nodes' ids begin with {scheme}://"))
        within = [name for name in billed if self.bills(name)]
        if len(within) == 1:
            return self._asked(question, Answer(within[0], "the only one with a bill in reach"))
        return self._asked(question, Answer("", f"one of {', '.join(billed)}"))

    def bills(self, provider: str) -> bool:
        """Whether a provider sees a bill; it is asked once, and not if it was told of one."""
        offer = self.registry.billing_provider(provider)
        told = self._said("provider", provider, offer.spec)
        where = [one.name for one in _where(offer.spec)]
        if offer.spec.look is None or any(line.key in where for line in told):
            return False
        before = self._seen("provider", provider)
        if before is None:
            around = Around(cluster=self.config.run.cluster, provider_ids=self._ids())
            before = self._see(look(offer, self.config, around))
        return bool(before.seen)

    def owners(self) -> Answer:
        """The label key that looks most like an owner, and all that do."""
        keys = {key for one in self._looked for seen in one.seen for key in seen.label_keys}
        alike = [key for key in keys if _OWNER.match(key.rpartition("/")[2])]
        alike.sort(key=lambda key: (len(key), key))
        why = f"labels that look like owners: {', '.join(alike)}" if alike else ""
        return self._asked("Label that names an owner", Answer(alike[0] if alike else "", why))

    def lines(self, table: str, spec: Any) -> list[Line]:
        """Of a plugin's table: what was said, and its first setting, which says where it reads."""
        lines = self._said(table, spec.name, spec)
        looked = self._seen(table, spec.name)
        bills = [one for one in looked.seen if one.settings] if looked else []
        for where in _where(spec):
            first, help_ = where.name, where.metadata.get("help", "")
            if any(line.key == first for line in lines):
                continue
            suggested = bills[0].settings.get(first, "") if bills else ""
            answer = self._asked(f"{table}.{spec.name}.{first}, {help_}", Answer(suggested))
            if answer.value == suggested and suggested:
                lines += _of(bills[0], on=True)
            else:
                lines.append(Line(first, answer.value, help_, on=bool(answer.value)))
        for other in bills[1:]:
            lines += _of(other, on=False)
        return lines

    def providers(self) -> list[BillingProviderSpec]:
        """All that are installed."""
        names = self.registry.names(BillingProviderSpec)
        return [self.registry.billing_provider(name).spec for name in names]

    def blank(self, spec: BillingProviderSpec) -> list[Line]:
        """The first setting of a provider that may not be the user's, with each bill it sees."""
        looked = self._seen("provider", spec.name)
        suggested = [
            line for seen in (looked.seen if looked else ()) for line in _of(seen, on=False)
        ]
        return suggested or [
            Line(f.name, "", f.metadata.get("help", ""), on=False) for f in _where(spec)
        ]

    def _said(self, table: str, name: str, spec: Any) -> list[Line]:
        """What --set gave of a plugin's table; a secret is not written."""
        entries = self.config.plugin(table, name, spec.settings).entries
        lines = []
        for one in (entry for entry in entries if entry.origin == "--set"):
            if one.secret:
                variable = "BURN_" + one.key.upper().replace(".", "__").replace("-", "_")
                console.warn(f"{one.key} is a secret and not written; keep it in {variable}")
            else:
                lines.append(Line(one.key.removeprefix(f"{table}.{name}."), one.value, SAID))
        return lines

    def _seen(self, table: str, name: str) -> Looked | None:
        return next((o for o in self._looked if (o.table, o.name) == (table, name)), None)

    def _see(self, one: Looked) -> Looked:
        self._looked.append(one)
        one.tell()
        return one

    def _ids(self) -> tuple[str, ...]:
        return tuple(one for looked in self._looked for s in looked.seen for one in s.provider_ids)

    def _asked(self, question: str, default: Answer) -> Answer:
        """What the user says, where there is one to ask; enter takes what was found."""
        if not self._ask:
            return default
        said = str(typer.prompt(question, default=default.value, err=True)).strip()
        return default if said == default.value else Answer(said, SAID)


def run_lines(config: Config) -> list[Line]:
    """What --set and other flags gave of `[run]`, less what has a line of its own."""
    apart = ("provider", "providers", "cluster", "source", "policies")
    given = [e for e in config.entries if e.key.startswith("run.") and e.origin != "default"]
    named = [(one.key.removeprefix("run."), one) for one in given if one.origin.startswith("--")]
    return [Line(key, one.value, SAID) for key, one in named if key not in apart]


def _where(spec: Any) -> tuple[Field[Any], ...]:
    """The first of a plugin's settings, by convention where it reads; none if it has no settings."""
    return fields(spec.settings)[:1]


def _of(seen: Seen, *, on: bool) -> list[Line]:
    """A thing's settings, the first with what it is."""
    why = seen.what if on else f"or {seen.what}"
    return [
        Line(key, value, why if at == 0 else "", on=on)
        for at, (key, value) in enumerate(seen.settings.items())
    ]
