"""A kubelet in miniature: runs a rendered container's arguments with its environment, in this process."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from burn.cli.app import app
from tests.chart.renders import pods


class Kubelet:
    """One namespace.

    Args:
        folder: the node's disk: what is mounted lies there.
        secrets: what `secretKeyRef` finds: secret → key → value.
        cloud: variables that the cloud's webhook puts into each pod.
    """

    def __init__(
        self, folder: Path, secrets: Mapping[str, Mapping[str, str]], cloud: Mapping[str, str]
    ) -> None:
        self.folder, self.secrets, self.cloud = folder, secrets, cloud

    def run(self, objects: list[dict[str, Any]], name: str) -> Result:
        """Start the only container of the pod that the object of that name makes."""
        spec = pods(objects)[name]["spec"]
        (container,) = spec["containers"]
        mounted = {one["mountPath"]: one["name"] for one in container["volumeMounts"]}
        volumes = {one["name"]: one for one in spec["volumes"]}
        home = self.folder / name
        for path, volume in mounted.items():
            (home / path.lstrip("/")).mkdir(parents=True, exist_ok=True)
            if source := volumes[volume].get("configMap"):
                (config,) = (
                    one
                    for one in objects
                    if (one["kind"], one["metadata"]["name"]) == ("ConfigMap", source["name"])
                )
                for key, text in config["data"].items():
                    (home / path.lstrip("/") / key).write_text(text, encoding="utf-8")
        # Folders of the pod's own lie below its home here.
        here = re.compile(rf"^({'|'.join(map(re.escape, mounted))})(?=/|$)")
        with pytest.MonkeyPatch.context() as patch:
            for key, value in {**self._env(container["env"]), **self.cloud}.items():
                patch.setenv(key, here.sub(lambda found: f"{home}{found[0]}", value))
            patch.chdir(home / container["workingDir"].lstrip("/"))
            return CliRunner().invoke(app, container["args"])

    def _env(self, listed: list[dict[str, Any]]) -> dict[str, str]:
        found = {}
        for one in listed:
            if "value" in one:
                found[one["name"]] = one["value"]
            else:
                wanted = one["valueFrom"]["secretKeyRef"]
                found[one["name"]] = self.secrets[wanted["name"]][wanted["key"]]
        return found
