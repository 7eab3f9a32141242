"""Figures and dates as people write them in a text: each digit is a part of one of them, or of a name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

_SYMBOLS = {"$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "CA$": "CAD", "A$": "AUD"}
_WORDS = {"dollar": "USD", "euro": "EUR", "usd": "USD", "eur": "EUR", "gbp": "GBP"}
_CODES = [
    "AED",
    "ARS",
    "AUD",
    "BGN",
    "BRL",
    "CAD",
    "CHF",
    "CLP",
    "CNY",
    "COP",
    "CZK",
    "DKK",
    "EGP",
    "EUR",
    "GBP",
    "HKD",
    "HUF",
    "IDR",
    "ILS",
    "INR",
    "ISK",
    "JPY",
    "KRW",
    "KZT",
    "MXN",
    "MYR",
    "NGN",
    "NOK",
    "NZD",
    "PEN",
    "PHP",
    "PKR",
    "PLN",
    "RON",
    "RUB",
    "SAR",
    "SEK",
    "SGD",
    "THB",
    "TWD",
    "UAH",
    "USD",
    "VND",
    "ZAR",
]
_SCALES = {"k": 3, "K": 3, "thousand": 3, "m": 6, "M": 6, "million": 6, "B": 9, "bn": 9}
_SYMBOL = r"[A-Z]{0,2}[$€£¢¥\u20a0-\u20cf\u0e3f\ufdfc]"
_CODE = rf"(?:{'|'.join(_CODES)}|usd|eur|gbp)"
NUMBER = re.compile(
    rf"(?P<sign>[-+\u2212\u2013]?)(?:(?P<before>{_SYMBOL}|\b{_CODE})\s?)?(?P<sign2>[-+\u2212\u2013]?)"
    r"(?P<digits>\d+(?:,\d+)*(?:\.\d+)?)"
    r"(?:\s?(?P<scale>thousand|million|billion|bn|[kKmMB])\b)?"
    rf"(?:\s?(?P<after>%|per\s?cent\b|pct\b|percentage\b|{_CODE}\b|{_SYMBOL}|dollars?\b|euros?\b|x\b|×))?",
)
_GROUPED = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_PERCENT = re.compile(r"%|per\s?cent|pct|percentage")

Kind = Literal["money", "percent", "count", "unclear"]


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text.

    Attributes:
        kind: unclear where it cannot be said what it states.
        text: as it is written.
        value: signed; of money in the currency's unit.
        step: what the last written digit is worth.
        currency: of money.
        end: where it ends in the text.
        shown: how many digits it has, without leading zeros.
    """

    kind: Kind
    text: str
    value: Decimal = Decimal(0)
    step: Decimal = Decimal(1)
    currency: str = ""
    end: int = 0
    shown: int = 0


def numbers(text: str) -> Iterator[Number]:
    """Every number of a text in which names and dates are blanked."""
    for found in NUMBER.finditer(text):
        yield _number(text, found)


def _number(text: str, found: re.Match[str]) -> Number:
    written = found[0].strip()
    start, end = found.start(), found.end()
    unclear = Number("unclear", _around(text, start, end), end=end)
    sign = found["sign"] or found["sign2"]
    previous = text[start - 1 : start]
    glued = previous.isalnum() or previous in ("_", ".", ",", "/", "@", "#")
    range_ = bool(sign) and (previous.isdigit() or previous == "%")
    if (glued and not range_) or (found["sign"] and found["sign2"]):
        return unclear
    if re.match(r"[A-Za-z0-9_@]|[.,/:]\d", text[end:]) or not _GROUPED.fullmatch(found["digits"]):
        return unclear
    if re.search(r"\S[ \t]+[-\u2212\u2013][ \t]+$", text[:start]):
        return unclear  # a dash that may be a minus
    if range_:
        sign = ""
    before, after = (_currency(found[side]) for side in ("before", "after"))
    if "?" in (before, after) or (before and after and before != after):
        return unclear
    plain = found["digits"].replace(",", "")
    scale = Decimal(10) ** _SCALES.get(found["scale"] or "", 9 if found["scale"] else 0)
    value = Decimal(plain) * scale
    step = Decimal(1).scaleb(-len(plain.partition(".")[2])) * scale
    if sign not in ("", "+"):
        value = -value
    shown = len(plain.replace(".", "").lstrip("0"))
    kind: Kind = "money" if before or after else "count"
    if found["after"] and _PERCENT.fullmatch(found["after"]):
        kind = "percent"
    if (kind != "money" and found["scale"]) or (kind == "percent" and before):
        return unclear
    return Number(kind, written, value, step, before or after, end, shown)


def _currency(word: str | None) -> str:
    """Its code; empty: none is written; `?`: one that is not known."""
    if not word or word in ("x", "×") or _PERCENT.fullmatch(word):
        return ""
    if word in _CODES:
        return word
    return _SYMBOLS.get(word) or _WORDS.get(word.lower().rstrip("s")) or "?"


def _around(text: str, start: int, end: int) -> str:
    """A number with what is glued to it."""
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return text[start:end][:40]
