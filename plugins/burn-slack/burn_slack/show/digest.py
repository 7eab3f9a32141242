"""The digest that is posted by itself: what is new, the summary, the ledger, who carries most."""

from __future__ import annotations

from collections.abc import Sequence

from burn.api import AccessError, Alert, Desk, News, money
from burn.api.alerts import sentence
from burn_slack.show.common import doubt, notes, title
from burn_slack.show.figures import Answer, column
from burn_slack.show.ledger import walk
from burn_slack.show.message import Line, Message
from burn_slack.show.others import allocation

_NAMESPACES = 8


def digest(desk: Desk, news: News) -> Message:
    """Of the latest report of a desk; of who sees a part of it, that part's allocation."""
    carried = desk.ask("allocation", {"limit": _NAMESPACES})
    try:
        answer = desk.ask("summary")
        groups = desk.ask("ledger", {"by": "group"})
    except AccessError:
        return part(carried, news)
    return whole(answer, groups, carried, news)


def whole(answer: Answer, groups: Answer, carried: Answer, news: News) -> Message:
    """Of a report that is seen whole."""
    about = answer["about"]
    return Message(
        summary=" ".join([f"{title(about)}: {answer['sentence']}", *map(sentence, news.reached)]),
        title=title(about),
        lines=(
            *_news(news),
            Line(answer["sentence"]),
            Line(answer["detail"]),
            *doubt(about),
            *_carried(carried),
            *notes(answer["notes"], answer["omitted_notes"]),
        ),
        table=walk(groups),
        context=_small(about),
    )


def part(carried: Answer, news: News) -> Message:
    """Of a report of which only some is seen; what is new is of all of it, and is left out."""
    del news
    shown_part = allocation(carried, {})
    return Message(
        summary=shown_part.summary,
        title=shown_part.title,
        lines=shown_part.lines,
        table=shown_part.table,
        context=_small(carried["about"]),
    )


def alerts(found: Sequence[Alert]) -> list[Line]:
    """A line for each."""
    return [Line(sentence(one), "!") for one in found]


def found(cluster: str, told: Sequence[Alert]) -> Message:
    """What `burn check` found."""
    count = f"{len(told):,} limits are reached" if len(told) != 1 else "1 limit is reached"
    first = sentence(told[0]) if told else "No limit is reached."
    title_ = f"{cluster} · {count if told else 'no limit is reached'}"
    lines = alerts(told) or [Line(first)]
    return Message(summary=f"{cluster}: {first}", title=title_, lines=tuple(lines))


def _news(news: News) -> list[Line]:
    lines = alerts(news.reached)
    return lines + ([Line(news.change)] if news.change else [])


def _carried(answer: Answer) -> list[Line]:
    found, currency = answer["rows"], answer["total"]["currency"]
    parts, _, _ = column([row["figure"] for row in found], answer["total"])
    pairs = [(row["name"], part) for row, part in zip(found, parts, strict=True)]
    names = [f"{name} {money(part, currency)}" for name, part in pairs if name[:1] != "("]
    if not names:
        return []
    return [
        Line(
            f"{', '.join(names[:_NAMESPACES])}.", f"By {answer['by']}, {answer['total']['basis']}:"
        )
    ]


def _small(about: Answer) -> tuple[str, ...]:
    """The same report has the same digest, whenever it was kept."""
    run = about["run"].partition(".")[0]
    return (f"{about['provider']}, {about['state']}", f"run {run}")
