"""What a provider builds a bill reader from: files, an engine, SQL by words, the frame.

Nothing here knows a cloud. `DuckDbEngine` opens files as one relation; `span`, `sql` and
`dialect` write queries that run on any engine; `KeySet` ties lines to observed assets;
`bill_frame` makes the `bill` frame, and `taught` the prices its lines teach.
"""
