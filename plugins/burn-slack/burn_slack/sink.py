"""`--format slack`: posts a digest of the report, or prints it where nothing says to where."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from burn.api import AccessError, News, UsageError, WriteRequest
from burn.api.standard_output import standard_output
from burn_slack.show.digest import digest, found

if TYPE_CHECKING:
    from collections.abc import Iterable

    from burn.api import AlertRequest, Check, CheckRequest, Desk
    from burn_slack.settings import DigestSettings
    from burn_slack.show.message import Message


class SlackSink:
    """See the module.

    Args:
        settings: `[sink.slack]`.
    """

    def __init__(self, settings: DigestSettings) -> None:
        settings.require_usable()
        self._settings = settings

    def check(self, request: CheckRequest) -> Iterable[Check]:  # noqa: ARG002
        """Token and scopes, for `burn doctor`."""
        from burn_slack.doctor import of_sink

        return of_sink(self._settings)

    def write(self, request: WriteRequest) -> None:
        """Post what is due; with a target, write the message there and post nothing.

        Raises:
            AccessError: Slack cannot be reached or refuses it, or the target cannot be written.
            UsageError: this burn hands out no desk.
        """
        settings = self._settings
        if request.desk is None:
            raise UsageError("format `slack` needs a newer burn-core", hint="update burn-core")
        desk = request.desk(settings.person or None)
        where = settings.webhook or settings.channel
        if request.target or settings.dry_run or not where:
            _print(digest(desk, News(due=True)), request.target, tables=settings.tables)
            return
        news = News(due=True)
        if request.news is not None:
            news = request.news(f"slack:{where}", settings)
        if news.due:
            self._post(digest(desk, news), desk)
            news.sent()

    def alert(self, request: AlertRequest) -> None:
        """Post what `burn check` found and nobody was told; with a target, write all of it there.

        Raises:
            AccessError: as `write`.
        """
        from burn_slack.client.post import Poster

        settings, whose = self._settings, request.cluster or request.provider
        if request.target or settings.dry_run or not (settings.webhook or settings.channel):
            _print(found(whose, request.alerts), request.target, tables=settings.tables)
        elif new := [one for one in request.alerts if one.told is None]:
            Poster(settings).post(found(whose, new))

    def _post(self, message: Message, desk: Desk) -> None:
        from burn_slack.client.post import Poster

        poster = Poster(self._settings)
        thread = poster.post(message)
        if not self._settings.attach:
            return
        names = self._settings.attach
        poster.attach({name: desk.document("latest", name).encode() for name in names}, thread)


def _print(message: Message, target: str | None, *, tables: bool) -> None:
    text = json.dumps(message.payload(tables=tables), indent=1, ensure_ascii=False) + "\n"
    if target is None:
        with standard_output() as out:
            encoding = out.encoding or "utf-8"
            out.write(text.encode(encoding, "replace").decode(encoding))
        return
    try:
        Path(target).write_text(text, encoding="utf-8")
    except OSError as error:
        raise AccessError(
            f"cannot write `{target}`: {error.strerror or error}",
            hint="check that its folder exists and may be written, or choose another --output",
        ) from error
