"""The command `burn ask`."""

from __future__ import annotations

from typing import Annotated

import typer

from burn.cli.options import (
    ConfigOption,
    DebugOption,
    Flags,
    KeptClusterOption,
    KeptSampleOption,
    Listing,
    ListingOption,
    SetOption,
)

RedactOption = Annotated[
    bool, typer.Option("--redact", help="Send pseudonyms instead of names to the model.")
]
ShowPromptOption = Annotated[
    bool,
    typer.Option("--show-prompt", help="Say each message on standard error before it is sent."),
]


def ask(
    question: Annotated[
        list[str],
        typer.Argument(metavar="QUESTION", help="In plain words, e.g. why is the bill higher?"),
    ],
    run: Annotated[
        str,
        typer.Option(
            "--run",
            metavar="RUN",
            help="A kept report, as for `burn show`, if the question names none.",
        ),
    ] = "latest",
    cluster: KeptClusterOption = None,
    listing: ListingOption = Listing.TABLE,
    config: ConfigOption = None,
    sets: SetOption = None,
    sample: KeptSampleOption = False,
    redact: RedactOption = False,
    show_prompt: ShowPromptOption = False,
    _debug: DebugOption = False,
) -> None:
    """Answer a question out of kept reports, each figure cited.

    Common questions are understood by rules, and nothing leaves the machine. With ask.model set, that model
    is asked any question, and gets answers of burn's.
    """
    from burn.cli.ask import ask as command

    typed = [*(sets or []), *(["ask.redact=true"] if redact else [])]
    flags = Flags(cluster=cluster, config=config, sets=typed, sample=sample)
    command(flags, question, run, as_json=listing is Listing.JSON, show_prompt=show_prompt)
