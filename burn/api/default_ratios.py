"""How a node's price falls on CPU, memory and GPU where nobody states rates of its own."""

from __future__ import annotations

CORE_HOUR = 0.031611
GIB_HOUR = 0.004237
GPU_HOUR = 0.95
"""List prices of one general-purpose core, GiB of memory and GPU an hour.

As weights only their ratio counts. A machine of a type that nothing prices is guessed from them.
"""
