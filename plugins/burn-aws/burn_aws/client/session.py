"""One AWS session and its clients: credentials from boto3's chain, adaptive retries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from burn_aws.client.errors import translated

if TYPE_CHECKING:
    import boto3

    from burn_aws.settings import AwsSettings

MAX_ATTEMPTS = 8
"""Tries a call in all. Adaptive mode also slows the client down as long as AWS throttles it."""


class AwsSession:
    """Clients by service name, made once each.

    Args:
        settings: profile, region and endpoint.
    """

    def __init__(self, settings: AwsSettings) -> None:
        self._settings = settings
        self._clients: dict[tuple[str, str], Any] = {}
        self._session: boto3.Session | None = None

    @property
    def session(self) -> boto3.Session:
        """The boto3 session; reads configuration files, opens no connection."""
        if self._session is None:
            import boto3

            with translated("sts:GetCallerIdentity", "the AWS configuration"):
                self._session = boto3.Session(
                    profile_name=self._settings.profile or None,
                    region_name=self._settings.region or None,
                )
        return self._session

    def must_sign(self) -> None:
        """Raises NoCredentialsError where there is nobody to sign as: sooner than a client is made."""
        from botocore.exceptions import NoCredentialsError

        if self.session.get_credentials() is None:
            raise NoCredentialsError

    def client(self, service: str, region: str = "") -> Any:
        """A client for a service, in the settings' region unless another is asked for."""
        if (service, region) not in self._clients:
            from os import environ

            from botocore.config import Config

            attempts = int(environ.get("AWS_MAX_ATTEMPTS") or MAX_ATTEMPTS)
            config = Config(
                retries={"mode": "adaptive", "total_max_attempts": attempts},
                user_agent_extra="burn-aws",
                connect_timeout=10,
                read_timeout=60,
            )
            with translated(f"{service}:*", service):
                # The stubs know each service by a literal; a name in a variable fits none of them.
                make: Any = self.session.client
                self._clients[service, region] = make(
                    service,
                    region_name=region or None,
                    endpoint_url=self._settings.endpoint_url or None,
                    config=config,
                )
        return self._clients[service, region]

    def caller(self) -> str:
        """The ARN that AWS sees; raises AccessError when it sees none."""
        with translated("sts:GetCallerIdentity", "your AWS identity"):
            # STS is global, but its client wants a region all the same.
            sts = self.client("sts", "" if self.session.region_name else "us-east-1")
            return str(sts.get_caller_identity()["Arn"])
