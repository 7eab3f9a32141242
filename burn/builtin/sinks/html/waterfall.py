"""The walk from REPORT to BILLED as bars on one scale."""

from __future__ import annotations

from collections.abc import Sequence

from burn.api.money import figure
from burn.builtin.sinks.html.elements import Markup, tag
from burn.builtin.sinks.html.palette import DOWN, INK, LINE, MUTED, TOTAL, UP, chart
from burn.view.waterfall import Step

ROW, LABELS, BARS, FIGURES = 24.0, 280.0, 470.0, 110.0


def drawn(steps: Sequence[Step], currency: str) -> Markup:
    """A bar a step: landings from zero, changes from where the walk stood.

    Args:
        steps: of `burn.view.waterfall`; groups are sums of the rows below and get no bar.
        currency: of the cents.
    """
    walked = [step for step in steps if step.kind != "check"]
    spans, stood = [], 0
    for step in walked:
        if step.kind == "landing":
            spans.append((0, step.cents))
            stood = step.cents
        elif step.kind == "group":
            spans.append((stood, stood))
        else:
            spans.append((stood, stood + step.cents))
            stood += step.cents
    low = min(0, *(min(span) for span in spans))
    high = max(1, *(max(span) for span in spans))

    def x(value: int) -> float:
        return LABELS + BARS * (value - low) / (high - low)

    height = ROW * len(walked) + 8
    parts = [tag("path", d=f"M{x(0):.1f} 0V{height:.0f}", stroke=LINE, class_="line")]
    for at, (step, (start, end)) in enumerate(zip(walked, spans, strict=True)):
        parts += _bar(step, ROW * at, x(min(start, end)), x(max(start, end)))
    return chart(
        f"From report to bill, {currency}",
        "A bar a step, in the order of the table below: totals from zero, changes from where the walk stood.",
        LABELS + BARS + FIGURES,
        height,
        *parts,
    )


def _bar(step: Step, top: float, left: float, right: float) -> list[Markup]:
    is_total, middle = step.kind == "landing", top + ROW * 0.68
    name, colour = (
        ("total", TOTAL) if is_total else ("up", UP) if step.cents > 0 else ("down", DOWN)
    )
    label = tag(
        "text",
        step.label if len(step.label) <= 36 else step.label[:35] + "…",
        x=0.0 if step.kind in ("landing", "group") else 14.0,
        y=middle,
        fill=MUTED if step.kind == "group" else INK,
        class_="muted" if step.kind == "group" else "ink",
        font_weight="600" if step.kind in ("landing", "group") else None,
    )
    if step.kind == "group":
        return [label]
    amount = tag(
        "text",
        figure(step.cents, sign=not is_total),
        x=LABELS + BARS + FIGURES,
        y=middle,
        text_anchor="end",
        fill=INK,
        class_="ink",
        font_weight="600" if is_total else None,
    )
    width = max(1.5, right - left)
    bar = tag("rect", x=left, y=top + 4, width=width, height=ROW - 8, fill=colour, class_=name)
    return [label, bar, amount]
