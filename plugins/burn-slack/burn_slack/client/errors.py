"""What Slack refuses, in words that help; nothing of an address or a token is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api import AccessError, clean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from slack_sdk.errors import SlackApiError

_HINTS = {
    "invalid_auth": "the token is wrong: copy it anew from the app's page, OAuth & Permissions",
    "not_authed": "the token is empty: set bot_token",
    "account_inactive": "the app was removed from the workspace: install it again",
    "token_revoked": "install the app again, and set its new token",
    "token_expired": "install the app again, and set its new token",
    "missing_scope": "add the scope on the app's page, OAuth & Permissions, and install it again",
    "not_in_channel": "invite the app: /invite @burn in that channel",
    "channel_not_found": "give the channel's id, e.g. C0123ABCD; a private one must invite the app",
    "is_archived": "choose another channel",
    "ratelimited": "run it again in a minute",
    "no_service": "the webhook was removed: make another on the app's page, Incoming Webhooks",
    "no_active_hooks": "the webhook was removed: make another on the app's page, Incoming Webhooks",
    "invalid_token": "the webhook was removed: make another on the app's page, Incoming Webhooks",
    "action_prohibited": "an administrator of the workspace must allow it",
    "posting_to_general_channel_denied": "choose another channel",
}
NO_TABLES = ("invalid_blocks", "invalid_blocks_format", "invalid_attachments")
"""How a Slack that knows no table block may answer one."""


def refused(code: str, doing: str, needed: str = "") -> AccessError:
    """Slack's own word for why, and what to do.

    Args:
        code: as Slack has it, e.g. `not_in_channel`.
        doing: what was asked, e.g. `take the digest`.
        needed: a scope that is missing.
    """
    word = clean(code)[:60] or "no reason given"
    hint = _HINTS.get(code, "see the app's page on api.slack.com")
    if needed:
        hint = f"add the scope {clean(needed)[:80]} on the app's page, and install it again"
    return AccessError(f"Slack would not {doing}: {word}", hint=hint)


def unreachable(error: BaseException, doing: str) -> AccessError:
    """No answer at all; the library's words may quote the address, so that only the kind is told."""
    kind = type(getattr(error, "reason", None) or error).__name__
    return AccessError(
        f"Slack could not be reached to {doing}: {kind}",
        hint="check the network and the proxy (HTTPS_PROXY); Slack's address is hooks.slack.com or slack.com",
    )


def denied(error: SlackApiError, doing: str) -> AccessError:
    """What the web API refused, with the scope that is missing if one is."""
    return refused(code_of(error), doing, str(_answer(error).get("needed", "")))


def code_of(error: SlackApiError) -> str:
    """The web API's word for why it refused."""
    return word_of(str(_answer(error).get("error", "")), getattr(error.response, "status_code", 0))


def word_of(said: str, status: int) -> str:
    """Slack's word, or the status: what is no word of Slack's is a proxy's page, and not quoted."""
    word = said.strip()
    return word if word.replace("_", "").isalnum() else f"HTTP {status}"


def _answer(error: SlackApiError) -> Mapping[str, object]:
    """Empty where it is none of Slack's: a proxy may answer anything."""
    data = getattr(error.response, "data", None)
    return data if isinstance(data, dict) else {}
