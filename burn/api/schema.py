"""What a frame's schema is, and the check that every frame passes at a plugin border."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Any, Final, Generic, Literal, NoReturn, TypeVar, cast

from burn.api.errors import ContractError

if TYPE_CHECKING:
    import pandas as pd

F = TypeVar("F")
_TIME: Final = "datetime64[us, UTC]"
Kind = Literal["string", "timestamp", "float", "int", "bool"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its logical kind, unit, whether it may be null, and its FOCUS name if it has one.

    An optional column may be left out of a frame: it is null then.
    """

    name: str
    kind: Kind
    _: KW_ONLY
    unit: str = ""
    null: bool = False
    focus: str = ""
    one_of: tuple[str, ...] = ()
    doc: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Schema(Generic[F]):
    """A frame's columns, in order, and the columns that together name a row; F is its frame type.

    A minor version of the plugin API may add a column: it is optional, and its name begins with
    `x_`. So a plugin that fills it runs on an older core too, which leaves such a column out.
    """

    name: str
    _: KW_ONLY
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    about: str = ""

    @property
    def names(self) -> list[str]:
        """Column names in order."""
        return [column.name for column in self.columns]

    def empty(self) -> F:
        """A valid frame without rows."""
        import pandas as pd

        return self.validate(pd.DataFrame({name: [] for name in self.names}), author="burn")

    def fill(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame with the columns it lacks: null where that is allowed, else empty, 0 or false.

        For a plugin that fills a few columns of many. What is not known stays unknown: a number
        that may be null is never 0, and an optional column is left out. Timestamps are not made up.

        Args:
            frame: any of the columns, in any order; not changed.
        """
        import pandas as pd

        blank: dict[str, Any] = {"string": "", "float": 0.0, "int": 0, "bool": False}
        more: dict[str, Any] = {}
        for column in self.columns:
            if column.name in frame or column.optional or column.kind not in blank:
                continue
            unknown: pd.Series[Any] = pd.Series(float("nan"), index=frame.index)
            if column.kind == "string":
                unknown = unknown.astype("str")
            more[column.name] = unknown if column.null else blank[column.kind]
        out = frame.assign(**more)
        return out[[name for name in self.names if name in out]]

    def completed(self, frame: pd.DataFrame) -> F:
        """A frame that was valid when it was stored, with the optional columns that were left out."""
        import pandas as pd

        dtype = {"string": "str", "timestamp": _TIME}
        absent = [c for c in self.columns if c.optional and c.name not in frame]
        null = {
            c.name: pd.Series(None, index=frame.index, dtype=dtype.get(c.kind, "float64"))
            for c in absent
        }
        return cast("F", frame.assign(**null)[self.names])

    def validate(self, frame: pd.DataFrame, *, author: str) -> F:
        """Return the frame with columns in order and kinds made uniform, or raise.

        Args:
            frame: what the author returned; not changed.
            author: distribution and version, for the error.

        Raises:
            ContractError: names the author, the column and the first rows at fault.
        """
        import pandas as pd

        if not isinstance(frame, pd.DataFrame):
            self._fail(author, f"it is a {type(frame).__name__}, not a DataFrame")
        absent = [column for column in self.columns if column.name not in frame.columns]
        frame = frame.assign(**{c.name: None for c in absent if c.optional})
        missing = [column.name for column in absent if not column.optional]
        extra = self._unknown(frame)
        if missing:
            self._fail(author, f"columns missing: {', '.join(_near(n, extra) for n in missing)}")
        if extra:
            self._fail(author, f"unknown columns: {', '.join(_near(n, self.names) for n in extra)}")
        out = {c.name: self._column(frame[c.name], c, author) for c in self.columns}
        # Not copied: a day of usage is hundreds of MB, and pandas copies what is written to.
        result = pd.DataFrame(out, columns=self.names, copy=False).reset_index(drop=True)
        if self.key:
            twice = result.duplicated(list(self.key), keep=False)
            if twice.any():
                self._fail(author, f"key ({', '.join(self.key)}) is not unique", twice)
        return cast("F", result)

    def _unknown(self, frame: pd.DataFrame) -> list[str]:
        """Columns that are refused. `x_…` ones of a newer minor version are left out in silence.

        One that resembles a column of this schema is a misspelling, whatever it begins with.
        """
        extra = [str(name) for name in frame.columns if name not in self.names]
        return [
            name
            for name in extra
            if not name.startswith("x_") or _meant(name, self.names, _MISSPELT)
        ]

    def _column(self, values: pd.Series[Any], column: Column, author: str) -> pd.Series[Any]:
        import numpy as np
        import pandas as pd

        if _as_said(values, column):
            return values
        label = f"column `{column.name}`"
        nulls = values.isna()
        if nulls.any() and not column.null:
            self._fail(author, f"{label} has {int(nulls.sum())} nulls", nulls, column)
        if column.kind != "string" and len(values) and _holds(values) == "string":
            self._fail(author, f"{label} is text, not {column.kind}", column=column)
        try:
            if column.kind == "timestamp":
                if not nulls.all() and not isinstance(values.dtype, pd.DatetimeTZDtype):
                    what = f"{label} is {values.dtype}, not timestamps in UTC"
                    self._fail(author, what, column=column)
                return pd.to_datetime(values, utc=True).astype(_TIME)
            if column.kind == "bool":
                return values.astype("bool")
            if column.kind in ("float", "int"):
                numbers = values.astype("float64")
                wrong = pd.Series(np.isinf(numbers))
                if wrong.any():
                    self._fail(author, f"{label} has {int(wrong.sum())} infinities", wrong, column)
                return numbers if column.kind == "float" else numbers.astype("int64")
        except (TypeError, ValueError) as error:
            what = f"{label} is {values.dtype}, not {column.kind}: {error}"
            self._fail(author, what, column=column)
        if not _is_text(values):
            holds = _holds(values)
            json = " (as JSON text)" if "JSON" in column.doc else ""
            self._fail(author, f"{label} holds {holds}, not text{json}", column=column)
        if column.one_of:
            odd_ones = ~values.isin(column.one_of)
            if odd_ones.any():
                odd = [_near(v, column.one_of) for v in sorted({str(v) for v in values[odd_ones]})]
                allowed = ", ".join(f"`{v}`" for v in column.one_of)
                what = f"{label} has {', '.join(odd[:3])}; allowed are {allowed}"
                self._fail(author, what, odd_ones, column)
        done = isinstance(values.dtype, pd.CategoricalDtype) or values.dtype == "str"
        return values if done else values.astype("str")

    def _fail(
        self, author: str, what: str, rows: Any = None, column: Column | None = None
    ) -> NoReturn:
        where = ""
        if rows is not None:
            at = [str(i) for i, bad in enumerate(rows.to_numpy()) if bad][:3]
            where = f" (rows {', '.join(at)}{', …' if int(rows.sum()) > 3 else ''})"
        meaning = f"`{column.name}`: {column.doc or column.kind}; " if column else ""
        raise ContractError(
            f"{author} returned a bad {self.name} frame: {what}{where}",
            hint=f"{meaning}its author finds the frame in docs/reference/frames.md#{self.name}",
        )


def _as_said(values: pd.Series[Any], column: Column) -> bool:
    """Whether a column is what its schema says, as most are: told without a copy of it."""
    import numpy as np

    dtype = values.dtype
    if column.kind == "float" and dtype == np.float64:
        numbers = values.to_numpy()
        known = np.isfinite(numbers)
        return bool(known.all() or (column.null and not np.isinf(numbers[~known]).any()))
    if column.kind in ("int", "bool"):
        return bool(dtype == (np.int64 if column.kind == "int" else np.bool_))
    if column.kind == "string":
        fits = str(dtype) == "str" and not column.one_of
    else:
        fits = str(dtype) == _TIME
    return bool(fits and (column.null or not values.hasnans))


_ALIKE, _MISSPELT = 0.6, 0.85
"""How alike two names are, as difflib counts: a suggestion; what can only be a slip."""


def _near(name: str, known: Iterable[str]) -> str:
    """The name, and the one that may have been meant."""
    meant = _meant(name, known, _ALIKE)
    return f"`{name}` (did you mean `{meant}`?)" if meant else f"`{name}`"


def _meant(name: str, known: Iterable[str], least: float) -> str:
    import difflib

    squashed = {re.sub(r"[^a-z0-9]", "", one.lower()): one for one in known if one}
    plain = re.sub(r"[^a-z0-9]", "", name.lower())
    close = difflib.get_close_matches(plain, squashed, n=1, cutoff=least)
    return squashed[close[0]] if close else ""


def _holds(values: pd.Series[Any]) -> str:
    """What kind of values a column has: a string, a decimal, a dict, or a mixture."""
    import pandas as pd

    kind = values.dtype.categories if isinstance(values.dtype, pd.CategoricalDtype) else values
    if kind.dtype == "str":
        return "string"
    if kind.dtype != "object":
        return str(kind.dtype)
    first = next(iter(kind.dropna()), None)
    held = str(pd.api.types.infer_dtype(kind, skipna=True))
    return type(first).__name__ if held == "mixed" and first is not None else held


def _is_text(values: pd.Series[Any]) -> bool:
    import pandas as pd

    if values.dtype == "str":
        return True
    kind = values.dtype.categories if isinstance(values.dtype, pd.CategoricalDtype) else values
    if len(kind) == 0 or values.isna().all():
        return True
    return bool(pd.api.types.infer_dtype(kind, skipna=True) == "string")
