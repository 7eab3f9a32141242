"""Google's exceptions as burn's, each with a next step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from burn.api import AccessError

LOGIN = "run `gcloud auth application-default login`, or set GOOGLE_APPLICATION_CREDENTIALS"


@contextmanager
def translated(
    permission: str, what: str, missing: str = "check provider.gcp.bill and provider.gcp.location"
) -> Iterator[None]:
    """Raise AccessError for what goes wrong inside.

    Args:
        permission: what the call takes, for the hint; empty where none.
        what: table, project or service, for the message.
        missing: the hint where there is no such thing.
    """
    from google.api_core import exceptions as api
    from google.auth import exceptions as auth
    from requests import RequestException

    try:
        yield
    except auth.DefaultCredentialsError as error:
        raise AccessError(f"no Google Cloud credentials: {_line(error)}", hint=LOGIN) from error
    except auth.RefreshError as error:
        raise AccessError(
            f"the credentials are not good for {what}: {_line(error)}", hint=LOGIN
        ) from error
    except (api.Forbidden, api.Unauthorized) as error:
        need = f"grant {permission}" if permission else "check the credentials"
        raise AccessError(f"{what} may not be read: {_line(error)}", hint=need) from error
    except api.NotFound as error:
        raise AccessError(
            f"{what} does not exist, or may not be seen: {_line(error)}",
            hint=missing,
        ) from error
    except api.TooManyRequests as error:
        raise AccessError(
            f"{what}: Google Cloud asks to slow down: {_line(error)}", hint="repeat it in a minute"
        ) from error
    except (api.GoogleAPIError, auth.GoogleAuthError, RequestException) as error:
        raise AccessError(
            f"{what} cannot be reached: {_line(error)}",
            hint="check the network and provider.gcp.endpoint_url, then repeat",
        ) from error


def _line(error: Exception) -> str:
    text = getattr(error, "message", "") or str(error)
    return (str(text).strip().splitlines() or [type(error).__name__])[0][:200]
