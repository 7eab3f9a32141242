"""Lists of objects are read without looking for garbage among them."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """No cyclic garbage is looked for meanwhile; JSON has no cycles.

    Thousands of pods are hundreds of thousands of dicts and lists. The collector would walk all of them
    each time their number has grown by a quarter, and again for whatever is made after them; so they are
    also put out of its sight for good. They are freed as ever once nobody refers to them.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if was_on:
            gc.enable()
