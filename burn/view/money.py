"""The same as `burn.api.money`, which plugins use too."""

from burn.api.money import SYMBOLS, cents, count, figure, money, percent, spread

__all__ = ["SYMBOLS", "cents", "count", "figure", "money", "percent", "spread"]
