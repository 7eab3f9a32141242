"""`burn serve slack`: answers /burn, over Socket Mode or HTTP."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Event
from typing import TYPE_CHECKING, Any

from burn.api import ServeRequest, conceal
from burn.api.standard_output import standard_output
from burn_slack.client.errors import denied, unreachable
from burn_slack.client.sdk import quiet, web_client
from burn_slack.settings import ServiceSettings

if TYPE_CHECKING:
    from slack_bolt import App

    from burn.api import Check, CheckRequest


class SlackService:
    """See the module.

    Args:
        settings: `[service.slack]`.
    """

    def __init__(self, settings: ServiceSettings) -> None:
        if not settings.print_manifest:
            settings.require_usable()
        self._settings = settings

    def check(self, request: CheckRequest) -> Iterable[Check]:  # noqa: ARG002
        """Tokens and scopes, for `burn doctor`."""
        from burn_slack.doctor import of_service

        return of_service(self._settings)

    def serve(self, request: ServeRequest) -> None:
        """Serve until it is stopped.

        Raises:
            AccessError: Slack refuses a token or cannot be reached, or the port is taken.
        """
        settings = self._settings
        if settings.print_manifest:
            from burn_slack.manifest import manifest

            with standard_output() as out:
                out.write(manifest(settings) + "\n")
            return
        from burn_slack.listen import app_of

        conceal([settings.app_token, settings.signing_secret])
        client = web_client(settings.bot_token, settings.api, settings.timeout)
        team = _signed_in(client)
        app = app_of(settings, request, client)
        if settings.mode == "socket":
            self._over_socket(app, request, team)
        else:
            from burn_slack.http import serve

            serve(app, settings.host, settings.port, request.say)

    def _over_socket(self, app: App, request: ServeRequest, team: str) -> None:
        from slack_bolt.adapter.socket_mode import SocketModeHandler
        from slack_sdk.errors import SlackApiError, SlackClientError

        settings = self._settings
        handler: Any = SocketModeHandler(
            app,
            settings.app_token,
            logger=quiet(),
            web_client=web_client(settings.app_token, settings.api, settings.timeout),
        )
        try:
            handler.connect()
        except SlackApiError as error:
            raise denied(error, "take service.slack.app_token") from None
        except (SlackClientError, OSError, ValueError) as error:
            raise unreachable(error, "open a connection") from None
        try:
            request.say(f"answering /burn in {team}")
            Event().wait()
        finally:
            handler.close()


def _signed_in(client: object) -> str:
    """The workspace's name, if the bot's token is right."""
    from slack_sdk import WebClient
    from slack_sdk.errors import SlackApiError, SlackClientError

    assert isinstance(client, WebClient)  # noqa: S101
    try:
        return str(client.auth_test()["team"])
    except SlackApiError as error:
        raise denied(error, "take service.slack.bot_token") from None
    except (SlackClientError, OSError, ValueError) as error:
        raise unreachable(error, "sign in") from None
