"""What sources share: from what was seen to the five frames."""
