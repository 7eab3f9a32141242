"""What `[provider.gcp]` in burn.toml may hold. Credentials are never among it: Google's SDK finds them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from burn.api import setting
from burn.api.bills.files.places import places


@dataclass(frozen=True, slots=True)
class GcpSettings:
    """Settings of the Google Cloud provider."""

    bill: str | tuple[str, ...] = setting(
        "",
        help="where the bill is: a file or folder, gs://bucket/prefix/, or bigquery://project/dataset/table;"
        " a list adds exports of different projects",
    )
    project: str = setting(
        help="project that BigQuery jobs run in and are billed to; empty: that of the credentials"
    )
    location: str = setting(help="location of the BigQuery dataset; empty: BigQuery finds it")
    endpoint_url: str = setting(help="send every Google Cloud call to this URL (an emulator)")
    projects: tuple[str, ...] = setting(
        (), help="project ids in scope; empty means every line of the billing account"
    )
    ancestors: tuple[str, ...] = setting(
        (), help="numbers of folders or organisations; only projects below one of them are in scope"
    )
    cluster_name: str = setting(
        help="the cluster's name in the label goog-k8s-cluster-name, where it differs from --cluster"
    )
    cluster_location: str = setting(
        help="the cluster's location, where two clusters of one name are on the bill"
    )
    cluster_labels: tuple[str, ...] = setting(
        (), help="further labels, key=value, that mark a resource as the cluster's"
    )
    cluster_resources: tuple[str, ...] = setting(
        (), help="resource keys that are the cluster's though nothing says so; * at the end matches"
    )
    forwarding_rules: tuple[str, ...] = setting(
        (), help="names of forwarding rules and the address each serves, NAME=IP"
    )
    describe: bool = setting(
        False,
        help="ask the Compute API which forwarding rules, addresses and disks are the cluster's",
    )
    free_namespaces: tuple[str, ...] = setting(
        ("kube-system", "kube-node-lease", "gke-managed-*", "gke-gmp-system", "gmp-system"),
        help="namespaces of GKE's own pods, which Autopilot does not bill; * at the end matches",
    )
    maximum_bytes_billed: int = setting(
        0, help="refuse BigQuery queries that would bill more bytes than this; 0 means no limit"
    )
    timeout: float = setting(1800.0, help="seconds until a running BigQuery job is cancelled")
    price_list: Literal["auto", "off"] = setting(
        "auto",
        help="ask the Cloud Billing Catalog for what the bill does not teach: auto or off",
    )
    cache: str = setting(help="folder for downloaded bill files; empty: the user's cache folder")

    @property
    def places(self) -> tuple[str, ...]:
        """Where the bill is, each place for itself."""
        return places(self.bill, "provider.gcp.bill")

    @property
    def table(self) -> str:
        """The bill's BigQuery table, else empty."""
        return next((url for url in self.places if url.startswith("bigquery://")), "")

    @property
    def cache_dir(self) -> Path:
        """Where bill files from Cloud Storage are kept."""
        if self.cache:
            return Path(self.cache).expanduser()
        from os import environ

        return Path(environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "burn" / "gcp"
