"""`burn history`, `burn history prune` and `burn show`: what is kept, and any of it again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from burn.allocation.lookup import unnamed
from burn.api import UsageError, Window
from burn.api.money import cents, count, figure
from burn.cli import console, report_store
from burn.cli.write_requests import Requests
from burn.text.clean import clean

if TYPE_CHECKING:
    from burn.cli.options import Flags
    from burn.history.kept import Kept
    from burn.history.store import History

_FIGURES = ("report", "bill", "gap", "size", "age")
_LEAST = 8
_NOTHING = "No report is kept yet: `burn run` keeps the report of every run."
_SAMPLES = "Reports of the sample lie apart: `burn history --sample` lists them."


def history(flags: Flags, *, as_json: bool) -> None:
    """List what is kept, the newest first."""
    kept = report_store.listed(report_store.configured(flags))
    kept = report_store.asked(flags).of(kept) if kept else []
    if as_json:
        console.data_json([_record(one) for one in kept])
    elif kept:
        _print(kept)
    else:
        console.prose(_NOTHING)
        if not flags.sample and report_store.has_samples():
            console.prose(_SAMPLES)


def show(flags: Flags, run: str, as_of: str | None) -> None:
    """Give a kept report again, in any format."""
    from burn.cli.providers import open_sessions

    session = open_sessions(_reader(flags))[0]
    target = session.run.output
    store = report_store.opened(session.config.history, sample=flags.sample)
    chosen = find(store, flags, run, as_of)
    sink = session.sink(session.run.format, target, billed=chosen.bill)
    report = store.load(chosen)
    if by := session.run.by:
        report = replace(report, info=replace(report.info, by=by))
        if lacking := unnamed(report.allocation, by):
            console.warn(lacking)
    with Requests(report, session, sample=flags.sample) as requests:
        sink.made.write(requests.to(target or None))


def find(store: History, flags: Flags, run: str, as_of: str | None = None) -> Kept:
    """The kept report that a RUN argument means."""
    from burn.history.choose import choose

    about = report_store.asked(flags, as_of)
    return choose(report_store.listed(store), run, about, now=datetime.now(UTC))


def prune(flags: Flags, keep: str, *, dry: bool) -> None:
    """Remove reports that nothing reads any more, and what killed writers left."""
    from burn.history.prune import to_prune

    limit = _limit(keep)
    store, now = report_store.configured(flags), datetime.now(UTC)
    kept = report_store.listed(store)
    mine = report_store.asked(flags).of(kept) if kept else []
    going = to_prune(mine, limit, now)
    if not dry:
        for one in going:
            store.remove(one)
        store.sweep(now)
    word = "would be removed" if dry else "removed"
    console.data(
        f"{count(len(going), 'report')} {word}, {count(len(mine) - len(going), 'report')} kept"
    )


def _limit(text: str) -> int | timedelta:
    match = re.fullmatch(r"(\d{1,4})(d?)", text)
    if not match or (not match[2] and match[1].strip("0") == ""):
        raise UsageError(
            f"`--keep {text}` is neither a number nor days",
            hint="--keep 3 keeps three reports of each window, --keep 400d those of 400 days",
        )
    return timedelta(days=int(match[1])) if match[2] else int(match[1])


def _reader(flags: Flags) -> Flags:
    """A sample's reports are shown without its source and bill."""
    return replace(flags, sample=False, files=not flags.sample, provider=None, cluster=None)


def _print(kept: Sequence[Kept]) -> None:
    """A table for each cluster and provider: names of both beside the figures need a wide terminal."""
    names = _short(kept)
    of: dict[tuple[str, str], list[Kept]] = {}
    for one in kept:
        of.setdefault(one.subject, []).append(one)
    for n, ((cluster, provider), ones) in enumerate(of.items()):
        if len(of) > 1:
            console.data(("\n" if n else "") + clean(f"{cluster} · {provider}".removeprefix(" · ")))
        _table(ones, names)


def _table(kept: Sequence[Kept], names: dict[str, str]) -> None:
    now = datetime.now(UTC)
    rows = [
        [
            names[one.name],
            _window(one.window),
            figure(cents(one.report)),
            *_bill(one),
            state(one),
            age(now - one.kept_at),
            f"{one.size / 1024:,.0f} KiB",
        ]
        for one in kept
    ]
    heads = ("run", "window", "report", "bill", "gap", "state", "age", "size")
    console.table(heads, rows, right=_FIGURES, whole=("run", *_FIGURES))


def _bill(one: Kept) -> tuple[str, str]:
    """What it says, and the gap; a report of `burn analyze` has none."""
    if not one.bill:
        return "none", ""
    return figure(cents(one.billed)), figure(cents(one.billed) - cents(one.report), sign=True)


def _short(kept: Sequence[Kept]) -> dict[str, str]:
    """How much of each name it takes to mean that report and no other; of both halves if need be."""
    ids = {one.run_id for one in kept}
    out = {}
    for one in kept:
        begin = _telling(one.run_id, ids, _LEAST)
        same = {other.name for other in kept if other.run_id == one.run_id}
        more = len(one.run_id) + 1
        rest = _telling(one.name[more:], {name[more:] for name in same}, 1)
        out[one.name] = f"{begin}.{rest}" if len(same) > 1 else begin
    return out


def _telling(text: str, all_of_them: set[str], least: int) -> str:
    """The beginning that no other has."""
    length = least
    while sum(other.startswith(text[:length]) for other in all_of_them) > 1:
        length += 1
    return text[:length]


def _window(window: Window) -> str:
    """`2026-10` for a whole month."""
    month = Window.month(window.start.year, window.start.month)
    return f"{window.start:%Y-%m}" if window == month else str(window)


def state(one: Kept) -> str:
    """`final`, or from when on it is not; without a bill, at whose prices."""
    if not one.bill:
        return one.basis
    since = one.provisional_from
    return "final" if since is None else f"provisional from {since:%Y-%m-%d}"


def age(past: timedelta) -> str:
    """`5 min`, `3 h` or `12 d`."""
    minutes = max(0, int(past.total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} d"


def _record(one: Kept) -> dict[str, object]:
    from dataclasses import asdict

    from burn.builtin.sinks.json_sink import plain

    values = asdict(one)
    for name in ("files", "place"):
        del values[name]
    gap = one.billed - one.report
    values = {**values, "gap": gap, "final": one.final, "size": one.size}
    return dict(plain(values))
