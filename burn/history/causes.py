"""Why an amount differs between two reports; for each cause what it is called and what it means."""

from __future__ import annotations

CAUSES = {
    "new": "Was not there before: workloads, nodes, volumes, services.",
    "gone": "Is not there any more.",
    "calendar": "The windows have different hours, or their months different days.",
    "usage": "More or fewer hours, bytes or requests, at the price of before.",
    "price": "The usage of now at another price: list, discount, spot market, commitment coverage.",
    "amount": "The amount; there is no quantity here that tells use from price.",
    "charges": "What stands on the bill once a month: tax, support, credits, fees that fell due.",
    "observed": "The same time, seen or priced otherwise by the report.",
    "restated": "The same time, and the bill now says otherwise.",
    "policy": "Policies or settings differ: it is handed out otherwise, or used otherwise.",
    "ownership": "The workload has another owner.",
}
"""In the order in which they are shown."""
