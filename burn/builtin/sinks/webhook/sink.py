"""`--format webhook`: posts a digest as JSON; without an address, or with a target, it is written there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from burn.api import AlertRequest, News, UsageError, WriteRequest
from burn.builtin.sinks.target import write_text
from burn.builtin.sinks.webhook.digest import of_alerts, of_report
from burn.builtin.sinks.webhook.shapes import parsed, shaped

if TYPE_CHECKING:
    from burn.builtin.sinks.settings import WebhookSettings
    from burn.builtin.sinks.webhook.digest import Digest


class WebhookSink:
    """See the module.

    Args:
        settings: `[sink.webhook]`.
    """

    def __init__(self, settings: WebhookSettings) -> None:
        if settings.template:
            parsed(settings.template)
        self._settings = settings

    def write(self, request: WriteRequest) -> None:
        """Post what is due.

        Raises:
            AccessError: the address cannot be reached or refuses it.
        """
        if request.desk is None:
            raise UsageError(
                "format `webhook` is handed no desk to ask", hint="write it from `burn run`"
            )
        settings, desk = self._settings, request.desk(self._settings.person or None)
        if self._printed(request.target):
            self._print(of_report(desk, News(due=True)), request.target)
            return
        news = News(due=True)
        if request.news is not None:
            news = request.news(f"webhook:{settings.url}", settings)
        if news.due:
            self._post(of_report(desk, news))
            news.sent()

    def alert(self, request: AlertRequest) -> None:
        """Post what `burn check` found and nobody was told; with a target, write all of it there.

        Raises:
            AccessError: as `write`.
        """
        whose = request.cluster or request.provider
        if self._printed(request.target):
            self._print(of_alerts(whose, request.alerts), request.target)
        elif new := [one for one in request.alerts if one.told is None]:
            self._post(of_alerts(whose, new))

    def _printed(self, target: str | None) -> bool:
        return bool(target) or self._settings.dry_run or not self._settings.url

    def _body(self, digest: Digest) -> Any:
        return shaped(digest, self._settings.shape, self._settings.template)

    def _print(self, digest: Digest, target: str | None) -> None:
        text = json.dumps(self._body(digest), indent=1, ensure_ascii=False)
        write_text(f"{text}\n", target)

    def _post(self, digest: Digest) -> None:
        from burn.builtin.sinks.webhook.post import post

        settings = self._settings
        post(settings.url, self._body(digest), settings.headers, settings.timeout)
