"""Bolt's listeners: each acknowledges first, then asks and answers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from burn.api import BurnError, Desk, ServeRequest
from burn_slack.answer.commands import Wanted, parse
from burn_slack.answer.views import message, of_question
from burn_slack.client.post import upload
from burn_slack.client.reply import Reply
from burn_slack.client.sdk import quiet, web_client
from burn_slack.settings import ServiceSettings
from burn_slack.show.message import ASK, FILES, SHARE, Line, Message

if TYPE_CHECKING:
    from slack_bolt import App
    from slack_sdk import WebClient

DOCUMENTS = ("report.html", "ledger.csv")
_FAILED = "burn failed to answer this; who runs it finds the cause in its output"


def app_of(settings: ServiceSettings, request: ServeRequest, client: WebClient) -> App:
    """The app, with its listeners."""
    from slack_bolt import App

    app = App(
        client=client,
        signing_secret=settings.signing_secret,
        token_verification_enabled=False,
        raise_error_for_unhandled_request=False,
        logger=quiet(),
    )
    asked = Asked(settings, request)
    app.command("/burn")(asked.command)
    app.action(re.compile(f"^{ASK}:"))(asked.pressed)
    app.action(re.compile(f"^{SHARE}:"))(asked.shared)
    app.action(re.compile(f"^{FILES}:"))(asked.sent_files)
    return app


class Asked:
    """What a person asked, answered to that person alone.

    Args:
        settings: who may ask, and where.
        request: makes desks.
    """

    def __init__(self, settings: ServiceSettings, request: ServeRequest) -> None:
        self._settings, self._request = settings, request

    def command(self, ack: Callable[[], Any], body: dict[str, Any]) -> None:
        """`/burn …`."""
        ack()
        self._answer(body, lambda: parse(str(body.get("text") or "")))

    def pressed(self, ack: Callable[[], Any], body: dict[str, Any]) -> None:
        """A button that asks."""
        ack()
        self._answer(body, lambda: _wanted(body))

    def shared(self, ack: Callable[[], Any], body: dict[str, Any]) -> None:
        """The same answer, to everybody in the channel; the rights are those of who shares it."""
        ack()
        who = str((body.get("user") or {}).get("username") or "")
        self._answer(body, lambda: _wanted(body), shared_by=who or "a colleague")

    def sent_files(self, ack: Callable[[], Any], body: dict[str, Any]) -> None:
        """Documents of a report, to who pressed it."""
        ack()
        reply = self._reply(body)
        self._guarded(reply, body, lambda desk: self._send(desk, _wanted(body), body, reply))

    def _answer(
        self, body: dict[str, Any], wanted: Callable[[], Wanted], shared_by: str = ""
    ) -> None:
        reply = self._reply(body)

        def answer(desk: Desk) -> None:
            found = wanted()
            if found.view == "run":
                from burn_slack.runs import follow

                follow(desk, found, reply)
                return
            for one in self._messages(desk, found):
                made = self._without(one)
                if shared_by:
                    made = replace(made, context=(*made.context, f"shared by {shared_by}"))
                self._say_refused(reply.send(made, public=bool(shared_by and self._settings.share)))

        self._guarded(reply, body, answer)

    def _messages(self, desk: Desk, found: Wanted) -> list[Message]:
        if found.view != "ask":
            return [message(desk, found.view, found.params)]
        meant = self._request.meant
        if meant is None:
            return [_told("/burn ask needs a newer burn-core", "update burn-core")]
        return [
            of_question(desk, name, params) for name, params in meant(desk, found.params["text"])
        ]

    def _guarded(self, reply: Reply, body: dict[str, Any], do: Callable[[Desk], None]) -> None:
        """What goes wrong is told to the person, without what is inside."""
        try:
            user, channel = _user(body), _channel(body)
            if refusal := self._refusal(user, channel):
                reply.send(refusal)
                return
            do(self._request.desk(f"slack:{channel if self._settings.view == 'channel' else user}"))
        except BurnError as error:
            self._try_to_tell(reply, _told(error.message, error.hint or ""))
        except Exception as error:
            self._request.say(f"slack: a request failed: {type(error).__name__}")
            self._try_to_tell(reply, _told(_FAILED, ""))

    def _try_to_tell(self, reply: Reply, told: Message) -> None:
        try:
            self._say_refused(reply.send(told))
        except BurnError as error:
            self._request.say(f"slack: {error.message}")

    def _refusal(self, user: str, channel: str) -> Message | None:
        allowed = self._settings
        if allowed.users and user not in allowed.users:
            return _told(
                "you may not ask burn", f"who runs it can add {user} to service.slack.users"
            )
        if allowed.channels and channel not in allowed.channels:
            hint = f"who runs it can add {channel} to service.slack.channels"
            return _told("burn does not answer in this channel", hint)
        return None

    def _send(self, desk: Desk, found: Wanted, body: dict[str, Any], reply: Reply) -> None:
        from slack_sdk.errors import SlackApiError

        from burn_slack.client.errors import denied

        run = str(found.params.get("run") or "latest")
        files = {name: desk.document(run, name).encode() for name in DOCUMENTS}
        settings = self._settings
        client = web_client(settings.bot_token, settings.api, settings.timeout)
        try:
            opened = client.conversations_open(users=_user(body))
        except SlackApiError as error:
            raise denied(error, "open a direct message") from None
        upload(client, opened["channel"]["id"], files)
        reply.send(_told("The page and the ledger are in your direct messages from burn.", ""))

    def _without(self, made: Message) -> Message:
        """Without buttons for what is off."""
        off = {SHARE: not self._settings.share, FILES: not self._settings.files}
        return replace(made, buttons=tuple(b for b in made.buttons if not off.get(b.action)))

    def _say_refused(self, word: str) -> None:
        if word:
            self._request.say(f"slack: an answer was refused: {word}")

    def _reply(self, body: dict[str, Any]) -> Reply:
        settings = self._settings
        url = str(body.get("response_url") or "")
        return Reply(url, settings.api, settings.timeout, tables=settings.tables)


def _wanted(body: dict[str, Any]) -> Wanted:
    view, params = json.loads(body["actions"][0]["value"])
    return Wanted(str(view), dict(params))


def _user(body: dict[str, Any]) -> str:
    return str(body.get("user_id") or (body.get("user") or {}).get("id") or "")


def _channel(body: dict[str, Any]) -> str:
    return str(body.get("channel_id") or (body.get("channel") or {}).get("id") or "")


def _told(text: str, hint: str) -> Message:
    head = f"{text[:1].upper()}{text[1:]}".rstrip(".") + "."
    lines = [Line(head), *([Line(hint, "Next:")] if hint else [])]
    return Message(summary=head, title="burn", lines=tuple(lines))
