"""Answers through a `response_url`: five within half an hour, nobody else's address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from burn_slack.client.errors import NO_TABLES, unreachable
from burn_slack.client.sdk import quiet, retries

if TYPE_CHECKING:
    from burn_slack.show.message import Message

_HOSTS = ("hooks.slack.com", "hooks.slack-gov.com")


class Reply:
    """Where one person's request is answered.

    Args:
        url: as Slack gave it.
        api: the web API's address; its host may answer, too.
        timeout: seconds.
        tables: whether Slack draws tables.
    """

    def __init__(self, url: str, api: str, timeout: float, *, tables: bool) -> None:
        self._url, self._timeout, self._tables = url, timeout, tables
        there = urlsplit(url)
        ours = urlsplit(api)
        self._known = there.scheme == "https" and there.hostname in _HOSTS
        self._known |= (there.scheme, there.netloc) == (ours.scheme, ours.netloc)

    def send(self, message: Message, *, public: bool = False, replace: bool = False) -> str:
        """Answer; Slack's word for why not, empty: it took it.

        Raises:
            AccessError: it cannot be reached.
        """
        from slack_sdk.webhook import WebhookClient

        if not self._known:
            return "response_url is not Slack's"
        client = WebhookClient(
            self._url,
            timeout=max(1, round(self._timeout)),
            retry_handlers=retries(),
            logger=quiet(),
        )
        word = ""
        for tables in (True, False) if self._tables else (False,):
            try:
                answer = client.send(**_arguments(message, public, replace, tables=tables))
            except (OSError, ValueError) as error:
                raise unreachable(error, "take the answer") from None
            word = "" if answer.status_code == 200 else answer.body.strip()[:60] or "refused"
            if word not in NO_TABLES:
                break
        return word


def _arguments(message: Message, public: bool, replace: bool, *, tables: bool) -> dict[str, Any]:
    return {
        **message.payload(tables=tables),
        "response_type": "in_channel" if public else "ephemeral",
        "replace_original": replace,
        "unfurl_links": False,
        "unfurl_media": False,
    }
