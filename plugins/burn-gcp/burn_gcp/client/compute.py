"""The Compute API: what forwarding rules, addresses and disks a project has right now; read only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from burn_gcp.client.errors import translated

if TYPE_CHECKING:
    from burn_gcp.client.session import GcpSession

Kind = Literal["forwardingRules", "addresses", "disks"]
KINDS: tuple[Kind, ...] = ("forwardingRules", "addresses", "disks")
PAGE = 500
"""The most that one page holds."""
PATIENCE, WAIT = 120.0, 60.0
"""Seconds until a refused call is given up, and until an answer has to come."""
ROLE = "the role Compute Viewer (roles/compute.viewer)"


@dataclass(frozen=True, slots=True)
class Listing:
    """All things of one kind in one project.

    Attributes:
        items: as the API gives them.
        missing: regions and zones that did not answer.
    """

    project: str
    kind: Kind
    items: tuple[dict[str, Any], ...]
    missing: tuple[str, ...] = ()


def listed(session: GcpSession, project: str, kind: Kind, *, first: bool = False) -> Listing:
    """Everything of a kind, of all regions and zones.

    Args:
        session: for the connection.
        project: whose.
        kind: of what.
        first: one thing of the first page is enough: is it allowed at all?

    Raises:
        AccessError: compute.KIND.list is not allowed, or Google Cloud is out of reach.
    """
    items: list[dict[str, Any]] = []
    missing: set[str] = set()
    asked = {"maxResults": "1" if first else str(PAGE)}
    permission = f"{ROLE}, which has compute.{kind}.list, on project {project}"
    what = f"the {kind} of project {project}"
    with translated(permission, what, missing="is it the cluster's project id?"):
        while True:
            page = _get(session, f"projects/{project}/aggregated/{kind}", asked)
            for scope, found in page.get("items", {}).items():
                items.extend(found.get(kind, ()))
                if found.get("warning", {}).get("code", "") == "UNREACHABLE":
                    missing.add(scope)
            missing.update(page.get("unreachables", ()))
            if first or not page.get("nextPageToken"):
                return Listing(project, kind, tuple(items), tuple(sorted(missing)))
            asked["pageToken"] = page["nextPageToken"]


def _get(session: GcpSession, path: str, asked: dict[str, str]) -> dict[str, Any]:
    from google.api_core.exceptions import from_http_response
    from google.api_core.retry import Retry

    def once() -> dict[str, Any]:
        answer = session.http.get(f"{session.compute_url}/{path}", params=asked, timeout=WAIT)
        if not answer.ok:
            raise from_http_response(answer)  # type: ignore[no-untyped-call]
        page: dict[str, Any] = answer.json()
        return page

    again = Retry(predicate=_passes, initial=0.5, maximum=20.0, timeout=PATIENCE)
    return again(once)()


def _passes(error: Exception) -> bool:
    """Whether it is worth another try; Compute Engine says 403 where others say 429."""
    from google.api_core.exceptions import Forbidden
    from google.api_core.retry import if_transient_error

    if isinstance(error, Forbidden):
        reasons = {str(one.get("reason", "")) for one in error.errors if isinstance(one, dict)}
        return bool(reasons & {"rateLimitExceeded", "userRateLimitExceeded"})
    return bool(if_transient_error(error))
