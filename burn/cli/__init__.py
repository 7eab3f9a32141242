"""The command line."""

import sys

# httpx has a command line of its own, whose rich and pygments are half of what it takes to import.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
