"""What a report says, before any format: headline, waterfall, namespaces, notes, next steps.

Pure functions of a `Report`; every sink shows the same words and the same cents.
"""
