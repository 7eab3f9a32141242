"""The `html` sink: one file to read, to send and to keep; it asks no network and needs no script.

page.py puts the sections in order, waterfall.py, treemap.py and days.py draw, data.py is what the
page shows as JSON, elements.py writes tags, page.css and page.js are put into the file.
trend.py is a page of its own: cost over time, for `burn trend`.
"""
