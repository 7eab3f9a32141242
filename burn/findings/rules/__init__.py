"""The rules, by what they look at. Each is a function from `FindingInputs` to findings."""
