"""What went wrong at AWS, told as a burn error with a next step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from burn.api import AccessError, UsageError

EXPIRED = frozenset(
    {"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"}
)
REFUSED_KEYS = frozenset(
    {
        "AuthFailure",
        "IncompleteSignature",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)  # fmt: skip
DENIED = frozenset(
    {"403", "AccessDenied", "AccessDeniedException", "AllAccessDisabled", "Forbidden", "UnauthorizedOperation"}
)  # fmt: skip
THROTTLED = frozenset(
    {
        "RequestLimitExceeded",
        "RequestThrottled",
        "SlowDown",
        "ServiceUnavailable",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)  # fmt: skip
WRONG_REGION = frozenset(
    {
        "301",
        "PermanentRedirect",
        "AuthorizationHeaderMalformed",
        "IllegalLocationConstraintException",
    }
)


def code_of(error: Exception) -> str:
    """The service's error code, empty when it is not a service's error."""
    response: Any = getattr(error, "response", None) or {}
    return str(response.get("Error", {}).get("Code", ""))


@contextmanager
def translated(action: str, subject: str) -> Iterator[None]:
    """Turn SDK errors inside the block into burn's.

    Args:
        action: the IAM action that is needed, e.g. `s3:GetObject`.
        subject: what is being read, as the user named it.

    Raises:
        AccessError: credentials, permission, throttling, missing bucket or region, no network.
        UsageError: the profile does not exist.
    """
    from boto3.exceptions import Boto3Error
    from botocore import exceptions as sdk

    try:
        yield
    except sdk.ClientError as error:
        raise _service_error(error, action, subject) from error
    except sdk.ProfileNotFound as error:
        raise UsageError(
            f"AWS profile `{getattr(error, 'kwargs', {}).get('profile', '')}` does not exist",
            hint="set provider.aws.profile to one that `aws configure list-profiles` shows",
        ) from error
    except sdk.NoRegionError as error:
        raise AccessError(
            f"no AWS region is set, so {subject} cannot be reached",
            hint="set provider.aws.region, AWS_REGION, or a region in the profile",
        ) from error
    except (sdk.NoCredentialsError, sdk.PartialCredentialsError) as error:
        raise AccessError(
            f"no AWS credentials were found to read {subject}",
            hint="set provider.aws.profile, run `aws configure` or `aws sso login`, or use a role",
        ) from error
    except (
        sdk.CredentialRetrievalError,
        sdk.SSOError,
        sdk.TokenRetrievalError,
        sdk.UnauthorizedSSOTokenError,
    ) as error:
        raise AccessError(
            f"AWS credentials could not be obtained to read {subject}: {_line(error)}",
            hint="log in again, e.g. `aws sso login`",
        ) from error
    except (sdk.HTTPClientError, sdk.EndpointConnectionError) as error:
        raise AccessError(
            f"AWS could not be reached to read {subject}: {_line(error)}",
            hint="check the network, the proxy settings and provider.aws.endpoint_url",
        ) from error
    except (sdk.BotoCoreError, Boto3Error) as error:
        raise AccessError(f"{subject} could not be read: {_line(error)}") from error


def _service_error(error: Exception, action: str, subject: str) -> AccessError:
    code = code_of(error)
    if code in EXPIRED:
        return AccessError(
            f"the AWS credentials have expired ({code} from {action} on {subject})",
            hint="log in again, e.g. `aws sso login`, and repeat the command",
        )
    if code in REFUSED_KEYS:
        return AccessError(
            f"AWS does not accept the credentials ({code} from {action} on {subject})",
            hint="check which profile is used with `aws sts get-caller-identity`",
        )
    if code in DENIED:
        return AccessError(
            f"not allowed: {action} on {subject} ({code})",
            hint=f"grant the IAM action {action} to the role or user that burn runs as",
        )
    if code in THROTTLED:
        return AccessError(
            f"AWS kept throttling {action} on {subject} ({code})",
            hint="wait and repeat, or raise AWS_MAX_ATTEMPTS",
        )
    if code == "NoSuchBucket":
        return AccessError(
            f"{subject}: the bucket does not exist",
            hint="check provider.aws.bill; the export's settings in the billing console name it",
        )
    if code in WRONG_REGION:
        return AccessError(
            f"{subject} is in another region ({code})",
            hint="set provider.aws.region to the bucket's region",
        )
    return AccessError(f"{action} on {subject} failed: {_line(error)}")


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
