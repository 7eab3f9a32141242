"""The same as `burn.api.clean`, which plugins use too."""

from burn.api.clean import clean

__all__ = ["clean"]
