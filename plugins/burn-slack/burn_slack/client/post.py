"""Posts a message: through a webhook, or with a token into a channel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from burn_slack.client.errors import NO_TABLES, code_of, denied, refused, unreachable, word_of
from burn_slack.client.sdk import web_client, webhook_client

if TYPE_CHECKING:
    from burn_slack.settings import DigestSettings
    from burn_slack.show.message import Message

_DOING = "take the digest"
_PLAIN: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False}


class Poster:
    """See the module.

    Args:
        settings: a webhook, or a bot token and a channel.
    """

    def __init__(self, settings: DigestSettings) -> None:
        self._settings = settings

    def post(self, message: Message) -> str:
        """Post it; the thread it begins, empty through a webhook.

        Raises:
            AccessError: Slack cannot be reached or refuses it.
        """
        send = self._to_webhook if self._settings.webhook else self._to_channel
        code, thread = "", ""
        for tables in (True, False) if self._settings.tables else (False,):
            code, thread = send(message.payload(tables=tables))
            if code not in NO_TABLES:
                break
        if code:
            raise refused(code, _DOING)
        return thread

    def attach(self, files: Mapping[str, bytes], thread: str) -> None:
        """Put files into the thread.

        Raises:
            AccessError: as `post`.
        """
        upload(self._client, self._settings.channel, files, thread)

    @property
    def _client(self) -> Any:
        made = self._settings
        return web_client(made.bot_token, made.api, made.timeout)

    def _to_webhook(self, payload: dict[str, Any]) -> tuple[str, str]:
        client = webhook_client(self._settings.webhook, self._settings.timeout)
        try:
            answer = client.send(**payload, **_PLAIN)
        except (OSError, ValueError) as error:
            raise unreachable(error, _DOING) from None
        if answer.status_code == 200:
            return "", ""
        said = "ratelimited" if answer.status_code == 429 else answer.body
        return word_of(said, answer.status_code), ""

    def _to_channel(self, payload: dict[str, Any]) -> tuple[str, str]:
        from slack_sdk.errors import SlackApiError, SlackClientError

        channel = self._settings.channel
        try:
            answer = self._client.chat_postMessage(
                channel=channel, parse="none", link_names=False, mrkdwn=False, **_PLAIN, **payload
            )
        except SlackApiError as error:
            code = code_of(error)
            if code == "missing_scope":
                raise denied(error, _DOING) from None
            return code, ""
        except (SlackClientError, OSError, ValueError) as error:
            raise unreachable(error, _DOING) from None
        return "", str(answer["ts"])


def upload(client: Any, channel: str, files: Mapping[str, bytes], thread: str = "") -> None:
    """Upload files to a channel or a conversation.

    Raises:
        AccessError: Slack cannot be reached or refuses them.
    """
    from slack_sdk.errors import SlackApiError, SlackClientError

    doing = "take the files"
    try:
        client.files_upload_v2(
            channel=channel,
            thread_ts=thread or None,
            file_uploads=[
                {"filename": name, "title": name, "content": content}
                for name, content in files.items()
            ],
        )
    except SlackApiError as error:
        raise denied(error, doing) from None
    except (SlackClientError, OSError, ValueError) as error:
        raise unreachable(error, doing) from None
