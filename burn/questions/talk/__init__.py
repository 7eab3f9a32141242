"""`burn ask` with a model: it chooses questions of the registry and words the answer; figures stay burn's.

    settings.py   `[ask]`
    conversation.py  the talk: what is sent, how often, when it ends
    prompt.py     what the model is told
    known.py      the figures, dates and names that the answers of a talk hold
    words.py      figures and dates as they stand in a text
    gate.py       compares the two: a text passes, or it is said why not
    pseudonyms.py what `--redact` replaces on the way out, and puts back

A text that does not pass is asked for once more, and then given up for the answer by rules.
"""
