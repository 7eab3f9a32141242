"""What a reader can act on: rules over columns, each finding with the numbers behind it.

digest(observation)   one day, small enough to keep
combine(digests)      the window
find(inputs)          the findings, largest monthly amount first
"""

from burn.findings.digest import combine, digest
from burn.findings.find import find
from burn.findings.inputs import FindingInputs
from burn.thresholds import Thresholds

__all__ = ["FindingInputs", "Thresholds", "combine", "digest", "find"]
