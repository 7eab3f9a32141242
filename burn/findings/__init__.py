"""What a reader can act on: rules over columns, each finding with the numbers behind it.

digest(observation)   one day, small enough to keep
combine(digests)      the window
find(inputs)          the findings, largest monthly amount first
cannot_tell(inputs)   what the metrics could not have shown, as notes
"""

from burn.api.find import FindRequest
from burn.api.thresholds import Thresholds
from burn.findings.digest import combine, digest
from burn.findings.find import find
from burn.findings.visible import cannot_tell

__all__ = ["FindRequest", "Thresholds", "cannot_tell", "combine", "digest", "find"]
