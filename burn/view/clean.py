"""The same as `burn.clean`, for burn's own views."""

from burn.clean import clean

__all__ = ["clean"]
