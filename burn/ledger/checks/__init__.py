"""What bill and metrics say of each other: days and hours that one of them lacks, or has twice."""
