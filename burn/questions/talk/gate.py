"""The gate between a model's text and the reader: each figure and date in it is one that burn answered."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from burn.questions.talk.days import BLANK, blanked
from burn.questions.talk.known import Known, Money
from burn.questions.talk.words import Number, numbers
from burn.text.clean import clean

LONGEST = 6_000
_SMALL = [
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
_SMALL_VALUES = {word: Decimal(number) for number, word in enumerate(_SMALL, 2)}
_SPELLED = re.compile(
    r"\b(?:(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty"
    r"|hundreds?|thousands?|millions?|billions?|trillions?|dozens?|zero|half|halves|halved"
    r"|doubled?|doubles|twice|tripled?|triples|thrice|quadrupled?|(?:two|three)-?fold)\b",
    re.IGNORECASE,
)
_LINK = re.compile(r"://|\bwww\.|\]\(|<[a-z!/]", re.IGNORECASE)
_ITEM = re.compile(r"^([ \t]*)(\d{1,2})([.)][ \t])", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Used:
    """A figure that a text states.

    Attributes:
        end: where it ends in the text.
        money: the cited figure that it is.
    """

    text: str
    end: int
    money: Money


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a text may be shown.

    Attributes:
        text: it, harmless to a terminal.
        used: its cited figures, in their order.
        wrong: what is not accepted, in sentences for the model; empty: it may be shown.
    """

    text: str
    used: tuple[Used, ...]
    wrong: tuple[str, ...]


def judged(said: str, known: Known) -> Verdict:
    """Judge a text by the answers that were given in its talk."""
    text = "\n".join(clean(line.rstrip()) for line in said.strip().splitlines())
    wrong = list(_form(text))
    rest, odd, dates = blanked(_unlisted(_unquoted(text, known)), known)
    wrong += [f"`{one}` is no date of an answer" for one in odd]
    used, counted = [], dates
    for number in numbers(rest):
        if number.kind == "money":
            matched = _money(number, known, text)
            if isinstance(matched, str):
                wrong.append(matched)
            else:
                used.append(Used(number.text, number.end, matched))
        elif why := _other(number, known):
            wrong.append(why)
        else:
            counted += 1
    wrong += _spelled(rest, known)
    if not used and not counted and not wrong:
        wrong.append("it states no figure and no date of an answer")
    return Verdict(text, tuple(used), tuple(dict.fromkeys(wrong)))


def _form(text: str) -> Iterable[str]:
    if not text:
        yield "it is empty"
    if len(text) > LONGEST:
        yield f"it has more than {LONGEST:,} characters"
    if _LINK.search(text):
        yield "it has a link or markup"
    if any(char.isnumeric() and not char.isascii() for char in text):
        yield "it has numerals other than 0-9"


def _money(number: Number, known: Known, text: str) -> Money | str:
    """The figure that a text means: of equal ones, the one whose name it says."""
    in_currency = [one for one in known.money if one.currency == number.currency]
    same = [one for one in in_currency if _equal(number, one.amount)]
    if not same:
        if any(_equal(number, -one.amount) for one in in_currency):
            return f"`{number.text}` has the sign wrong; a negative figure keeps its minus"
        return f"`{number.text}` is no cited figure"
    if number.step > Decimal("0.01") and number.shown < 3:
        return f"`{number.text}` is rounded too much; give cents"
    return next((one for one in same if one.label and one.label in text), same[0])


def _other(number: Number, known: Known) -> str:
    """Why a number that is no money is not accepted; empty: it is."""
    if number.kind == "unclear":
        return f"`{number.text}` cannot be told for a figure or a name of an answer"
    if number.kind == "percent":
        found = any(_equal(number, one) for one in known.percents)
        return "" if found else f"`{number.text}` is no percentage of an answer"
    # A whole number is a count, and exact; only a number with a fraction may be a rounded one.
    whole = number.step == 1
    found = any(number.value == n if whole else _equal(number, n) for n in known.counts)
    return "" if found else f"`{number.text}` is no count of an answer"


def _equal(number: Number, exact: Decimal) -> bool:
    """At the precision that is shown."""
    return abs(exact - number.value) * 2 <= number.step and not (
        number.value == 0 and number.text[:1] in "-\u2212\u2013"
    )


def _spelled(text: str, known: Known) -> Iterable[str]:
    for found in _SPELLED.findall(text):
        yield f"`{found}` is a figure in words; write it in digits, or leave it out"
    for word, value in _SMALL_VALUES.items():
        if value not in known.counts and re.search(rf"\b{word}\b", text, re.IGNORECASE):
            yield f"`{word}` is no count of an answer; leave it out"


def _unlisted(text: str) -> str:
    """Without the numbers of a list that counts 1, 2, 3."""
    expected = 1

    def item(found: re.Match[str]) -> str:
        nonlocal expected
        if int(found[2]) not in (1, expected):
            return found[0]
        expected = int(found[2]) + 1
        return f"{found[1]}{' ' * len(found[2] + found[3])}"

    return _ITEM.sub(item, text)


def _unquoted(text: str, known: Known) -> str:
    """Without citations and names that answers hold.

    A name that looks like money stays: it would be read as a figure. In backticks a name may have
    any other form; elsewhere it must begin with a letter and have no space.
    """
    for quoted in sorted(known.texts, key=len, reverse=True):
        if quoted in text:
            text = re.sub(_alone(quoted), BLANK * len(quoted), text)
    for name in sorted(filter(_harmless, known.names), key=len, reverse=True):
        if f"`{name}`" in text:
            text = text.replace(f"`{name}`", BLANK * (len(name) + 2))
        if name in text and name[:1].isalpha() and not any(map(str.isspace, name)):
            text = re.sub(_alone(name), BLANK * len(name), text)
    return text


def _alone(name: str) -> str:
    return rf"(?<![\w$€£.,+-]){re.escape(name)}(?![\w%]|[.,:/-]\w)"


def _harmless(name: str) -> bool:
    """Whether it holds a digit, which would have to be a figure, and no figure that misleads."""
    if not any(map(str.isdigit, name)) or not any(map(str.isalpha, name)) or len(name) > 160:
        return False
    return all(one.kind not in ("money", "percent") for one in numbers(name))
