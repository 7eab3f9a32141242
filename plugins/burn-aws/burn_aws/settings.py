"""What `[provider.aws]` in burn.toml may hold. Credentials are never among it: boto3 finds them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from burn.api import setting
from burn.api.bills.files.places import places


@dataclass(frozen=True, slots=True)
class AwsSettings:
    """Settings of the AWS provider."""

    bill: str | tuple[str, ...] = setting(
        "",
        help="where the bill is: a file or folder, s3://bucket/prefix/, or athena://database/table;"
        " a list adds exports of different accounts",
    )
    profile: str = setting(help="named profile of the AWS configuration files")
    region: str = setting(help="region of the bucket or of Athena; else from the AWS configuration")
    endpoint_url: str = setting(help="send every AWS call to this URL (an emulator)")
    accounts: tuple[str, ...] = setting(
        (), help="usage accounts in scope; empty means every account on the bill"
    )
    cluster_name: str = setting(
        help="the cluster's name in AWS tags and its ARN, where it differs from --cluster"
    )
    cluster_tags: tuple[str, ...] = setting(
        (), help="further tags, key=value, that mark a resource as the cluster's"
    )
    cluster_resources: tuple[str, ...] = setting(
        (), help="resource ids that are the cluster's though nothing says so; * at the end matches"
    )
    athena_workgroup: str = setting("primary", help="Athena workgroup")
    athena_catalog: str = setting("AwsDataCatalog", help="Athena data catalog")
    athena_output: str = setting(
        help="s3:// folder for Athena's results; empty when the workgroup sets one"
    )
    athena_timeout: float = setting(1800.0, help="seconds until a running query is stopped")
    result_reuse_minutes: int = setting(
        60, help="age up to which Athena may hand back an earlier result; 0 never"
    )
    max_bytes_scanned: int = setting(
        0, help="stop once Athena has scanned this many bytes in a run; 0 means no limit"
    )
    price_list: Literal["auto", "off"] = setting(
        "auto", help="ask the AWS Price List API for what the bill does not teach: auto or off"
    )
    describe: bool = setting(
        False, help="ask EC2 which volumes are attached to the nodes, to find their root volumes"
    )
    cache: str = setting(help="folder for downloaded bill files; empty: the user's cache folder")

    @property
    def places(self) -> tuple[str, ...]:
        """Where the bill is, each place for itself."""
        return places(self.bill, "provider.aws.bill")

    @property
    def athena(self) -> str:
        """The bill's Athena table, else empty."""
        return next((url for url in self.places if url.startswith("athena://")), "")

    @property
    def cache_dir(self) -> Path:
        """Where bill files from S3 are kept."""
        if self.cache:
            return Path(self.cache).expanduser()
        from os import environ

        return Path(environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "burn" / "aws"
