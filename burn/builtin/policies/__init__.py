"""Allocation policies: small steps that move cost between owners and keep its sum.

A policy is a class with one method, `apply(allocation, observed)`. It takes rows out of a
frame, makes rows out of them, and returns all rows, moved or not. A frame holds any number of days
and bases: cost leaves neither. `owners.py` is the shortest to copy;
`spread.py` is what the ones that share cost out have in common.
"""
