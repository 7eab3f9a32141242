"""The rules, by what they look at. Each is a function from `FindRequest` to findings."""
