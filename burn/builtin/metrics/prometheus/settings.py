"""`[source.prometheus]` in burn.toml."""

from __future__ import annotations

from dataclasses import dataclass

from burn.api import UsageError, setting


@dataclass(frozen=True, slots=True)
class PrometheusSettings:
    """Where Prometheus is, how to sign in, and how its series are told apart."""

    url: str = setting("", help="base URL of the Prometheus API, such as http://localhost:9090")
    bearer_token: str = setting("", help="token for `Authorization: Bearer`", secret=True)
    bearer_token_file: str = setting("", help="file that holds the token; read at each run")
    username: str = setting("", help="user for basic authentication")
    password: str = setting("", help="password for basic authentication", secret=True)
    ca_file: str = setting("", help="PEM file of the authorities to trust instead of the system's")
    client_cert: str = setting("", help="PEM file of the client certificate (mutual TLS)")
    client_key: str = setting("", help="PEM file of the client certificate's key")
    insecure_skip_verify: bool = setting(False, help="do not verify the server's certificate")
    headers: dict[str, str] = setting(
        {}, help="headers for every request, such as a tenant's X-Scope-OrgID", secret=True
    )
    sigv4_region: str = setting("", help="sign requests with SigV4 for this region (needs boto3)")
    sigv4_profile: str = setting(
        "", help="credentials profile to sign with; default chain if empty"
    )
    sigv4_service: str = setting("aps", help="service name in the SigV4 signature")
    timeout: float = setting(120.0, help="seconds that one request may take, to its last byte")
    largest_answer: int = setting(
        256, help="MiB, unpacked; a larger answer is asked for in shorter pieces of time"
    )
    attempts: int = setting(5, help="tries of a request that was throttled or failed on its way")
    cluster_label: str = setting(
        "cluster", help="label that tells clusters apart in a shared Prometheus; empty: never"
    )
    facts: bool = setting(
        True,
        help="ask for what advice needs: quantiles, limits, restarts by container; replicas, autoscalers,"
        " budgets, tolerations, start-up times; pods per node, and how full volumes are (eight queries a day)",
    )
    gpu_resources: list[str] = setting(
        [], help="further device resources to count as whole GPUs, such as example.com/npu"
    )

    def __post_init__(self) -> None:
        if not 0 < self.timeout < float("inf"):
            raise UsageError(
                f"source.prometheus.timeout is {self.timeout}; it must be more than 0 seconds"
            )
        for name in ("attempts", "largest_answer"):
            if getattr(self, name) < 1:
                raise UsageError(
                    f"source.prometheus.{name} is {getattr(self, name)}; it must be 1 or more"
                )
