"""What containers should ask for: from days of quantiles to requests and limits, by several rules.

Pure: frames in, frames out. `days` reduces observed days, `presets` are the rules, `advise` applies them.
"""

from burn.sizing.advise import advise
from burn.sizing.days import by_day, latest

__all__ = ["advise", "by_day", "latest"]
