"""What is told, in plain text and figures, before it has the shape of anybody's message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from burn.api import AccessError, Alert, Desk, News, figure
from burn.api.alerts import sentence

_FIGURES = ("report", "cluster", "billed")


@dataclass(frozen=True, slots=True)
class Digest:
    """All of it is text; amounts are exact decimals.

    Attributes:
        title: cluster and window.
        text: sentences, a line each; what is new comes first.
        state: final, or from which day the bill can still change.
        report, cluster_cost, billed, gap: in `currency`; empty where the person sees only a part.
        alerts: sentences.
    """

    title: str
    text: str
    cluster: str = ""
    provider: str = ""
    window: str = ""
    run: str = ""
    state: str = ""
    currency: str = ""
    report: str = ""
    cluster_cost: str = ""
    billed: str = ""
    gap: str = ""
    gap_percent: str = ""
    alerts: tuple[str, ...] = ()

    @property
    def plain(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Figures with a name, for a card; the gap is that of the two above it, as the text has it."""
        pairs = [
            ("Kubernetes report", self.report),
            ("Cluster, effective", self.cluster_cost),
            ("Billed", self.billed),
        ]
        shown = [(name, _cents(value)) for name, value in pairs if value]
        if self.gap:
            shown.append(("Gap", _cents(self.billed) - _cents(self.report)))
        return [(name, f"{figure(value)} {self.currency}") for name, value in shown]


def of_report(desk: Desk, news: News) -> Digest:
    """Of the latest report of a desk; of who sees a part of it, that part's cost."""
    told = tuple(map(sentence, news.reached))
    try:
        answer = desk.ask("summary")
    except AccessError:
        return _of_part(desk)
    about = answer["about"]
    ends = {one["name"]: one["figure"]["amount"] for one in answer["landings"]}
    lines = [*told, news.change, answer["sentence"], answer["detail"], _doubt(about)]
    return Digest(
        **_about(about),
        text="\n".join(filter(None, lines)),
        report=ends["report"],
        cluster_cost=ends["cluster"],
        billed=ends["billed"],
        gap=answer["gap"]["amount"],
        gap_percent=answer["gap_percent"],
        alerts=told,
    )


def of_alerts(cluster: str, found: Sequence[Alert]) -> Digest:
    """What `burn check` found."""
    told = tuple(map(sentence, found))
    text = "\n".join(told) or "No limit is reached."
    return Digest(title=f"{cluster}: limits", text=text, cluster=cluster, alerts=told)


def _of_part(desk: Desk) -> Digest:
    answer = desk.ask("allocation", {"limit": 1})
    total = answer["total"]
    amount = figure(_cents(total["amount"]))
    words = f"What you see of it costs {amount} {total['currency']} ({total['basis']})."
    text = "\n".join(filter(None, (words, _doubt(answer["about"]))))
    return Digest(**_about(answer["about"]), text=text, cluster_cost=total["amount"])


def _doubt(about: dict[str, str]) -> str:
    """That the bill can still change, where it can."""
    return "" if about["state"] == "final" else f"The bill is {about['state']} on."


def _about(about: dict[str, str]) -> dict[str, Any]:
    # Of the run its id: the same report has the same digest, whenever it was kept.
    return {
        "title": f"{about['cluster'] or about['provider']}, {about['window']}",
        "run": about["run"].partition(".")[0],
        **{name: about[name] for name in ("cluster", "provider", "window", "state", "currency")},
    }


def _cents(amount: str) -> int:
    from decimal import Decimal

    return round(Decimal(amount) * 100)
