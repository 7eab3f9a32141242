"""The same as `burn.api.headline`, which plugins use too."""

from burn.api.headline import Headline, headline

__all__ = ["Headline", "headline"]
