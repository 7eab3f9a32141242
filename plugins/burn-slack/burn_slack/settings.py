"""`[sink.slack]` and `[service.slack]` in burn.toml."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from burn.api import TellSettings, UsageError, setting

API = "https://slack.com/api/"


@dataclass(frozen=True, slots=True)
class DigestSettings(TellSettings):
    """Where digests go, and when. Without a webhook or a channel, the message is printed as JSON."""

    webhook: str = setting(
        secret=True, help="address of an incoming webhook; it posts into its one channel"
    )
    bot_token: str = setting(secret=True, help="xoxb-…, with the scope chat:write, for `channel`")
    channel: str = setting(
        help="id of the channel to post to, e.g. C0123ABCD; with a bot token, instead of a webhook"
    )
    attach: tuple[str, ...] = setting(
        (),
        help="files to put into the thread: report.html, ledger.csv, report.json; needs the scope files:write",
    )
    person: str = setting(
        help="whose view is posted, as [access] calls them, e.g. slack:C0123ABCD; empty: everything"
    )
    tables: bool = setting(True, help="tables as Slack draws them; false: as columns of text")
    dry_run: bool = setting(False, help="print the message as JSON, and post nothing")
    api: str = setting(API, help="address of Slack's web API, for a proxy")
    timeout: float = setting(10.0, help="seconds to wait for Slack")

    def require_usable(self) -> None:
        """Refuse what cannot work together.

        Raises:
            UsageError: names the settings.
        """
        if self.webhook and self.channel:
            raise UsageError(
                "sink.slack has a webhook and a channel",
                hint="keep one: a webhook has its own channel",
            )
        if self.channel and not self.bot_token:
            raise UsageError(
                "sink.slack has a channel and no bot_token",
                hint="set BURN_SINK__SLACK__BOT_TOKEN, or use a webhook",
            )
        if self.attach and not self.channel:
            raise UsageError(
                "sink.slack attaches files, which a webhook cannot",
                hint="set bot_token and channel, or leave out attach",
            )
        if self.webhook and not self.webhook.startswith(
            ("https://", "http://127.0.0.1:", "http://localhost:")
        ):
            raise UsageError(
                "sink.slack.webhook is no https:// address",
                hint="copy it from the app's page, Incoming Webhooks",
            )
        if not 0 < self.timeout < float("inf"):
            raise UsageError(f"sink.slack.timeout is {self.timeout}; it must be more than 0")


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """How `burn serve slack` is reached, and by whom."""

    mode: Literal["socket", "http"] = setting(
        "socket", help="socket: burn calls Slack, nothing need reach it; http: Slack calls burn"
    )
    bot_token: str = setting(secret=True, help="xoxb-…, of the installed app")
    app_token: str = setting(secret=True, help="xapp-…, with connections:write, for mode socket")
    signing_secret: str = setting(
        secret=True,
        help="of the app's page, Basic Information, for mode http: no request without it",
    )
    users: tuple[str, ...] = setting(
        (), help="ids of the people who may ask, e.g. U0123ABCD; none: everybody in the workspace"
    )
    channels: tuple[str, ...] = setting(
        (), help="ids of the channels in which they may, e.g. C0123ABCD; none: everywhere"
    )
    view: Literal["user", "channel"] = setting(
        "user", help="whose view [access] gives: slack:USER, or slack:CHANNEL of where it is asked"
    )
    share: bool = setting(True, help="a button that shows an answer to the whole channel")
    files: bool = setting(
        True, help="a button that sends the ledger as CSV and the page to who presses it"
    )
    tables: bool = setting(True, help="tables as Slack draws them; false: as columns of text")
    host: str = setting("127.0.0.1", help="address to listen on, in mode http")
    port: int = setting(3000, help="port to listen on, in mode http")
    print_manifest: bool = setting(
        False, help="print the app's manifest for Slack's page, and serve nothing"
    )
    api: str = setting(API, help="address of Slack's web API, for a proxy")
    timeout: float = setting(10.0, help="seconds to wait for Slack")

    def require_usable(self) -> None:
        """Refuse what cannot work.

        Raises:
            UsageError: names the setting that is missing.
        """
        needed = {"bot_token": self.bot_token}
        needed |= {"app_token": self.app_token} if self.mode == "socket" else {}
        needed |= {"signing_secret": self.signing_secret} if self.mode == "http" else {}
        for name, value in needed.items():
            if not value:
                raise UsageError(
                    f"service.slack.{name} is not set",
                    hint=f"set BURN_SERVICE__SLACK__{name.upper()}; the how-to says where it is from",
                )
        if not 0 < self.port < 65536:
            raise UsageError(f"service.slack.port is {self.port}; it must be from 1 to 65535")
        if not 0 < self.timeout < float("inf"):
            raise UsageError(f"service.slack.timeout is {self.timeout}; it must be more than 0")
