"""Where reports are kept."""

from __future__ import annotations

from burn import place


def default_path(*, sample: bool = False) -> str:
    """The user's data folder, by the platform's rule; reports of samples lie apart."""
    from platformdirs import user_data_path

    folder = user_data_path("burn", appauthor=False)
    return str(folder / ("sample-history" if sample else "history"))


class Place(place.Place):
    """The folder or bucket of `history.path`."""

    holds = "kept reports"
    named = "`history.path`"
    hint = "see `history.path` in `burn config show`"
