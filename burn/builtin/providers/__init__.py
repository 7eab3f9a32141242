"""The providers burn comes with: prices of one's own machines, no cloud and no bill."""
