"""charts/burn/values.schema.json: what the chart takes, `config` out of burn's own settings classes.

Secrets are left out: a value would end in a ConfigMap. They come from existing Secrets, by `secretEnv`.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from docs.generate import PLUGINS, own_tables

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
SWITCH: Schema = {"type": "boolean"}
TEXTS: Schema = {"type": "object", "additionalProperties": TEXT}
ANYTHING: Schema = {"type": "object"}
SCHEDULE: Schema = {"type": "string", "pattern": r"^(@[a-z]+|\S+ \S+ \S+ \S+ \S+)$"}
COUNT: Schema = {"type": "integer", "minimum": 0}


def closed(**properties: Schema) -> Schema:
    """An object of these properties and no other."""
    return {"type": "object", "additionalProperties": False, "properties": properties}


def page() -> str:
    """The schema, as the chart ships it."""
    return json.dumps(schema(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def schema() -> Schema:
    """Of values.yaml."""
    job = {
        "enabled": SWITCH,
        "schedule": SCHEDULE,
        "timeZone": TEXT,
        "suspend": SWITCH,
        "backoffLimit": COUNT,
        "startingDeadlineSeconds": {"type": "integer", "minimum": 10},
        "deadlineSeconds": COUNT,
        "successfulJobs": COUNT,
        "failedJobs": COUNT,
        "resources": ANYTHING,
        "extraArgs": {"type": "array", "items": TEXT},
    }
    served = {"enabled": SWITCH, "resources": ANYTHING, "extraArgs": job["extraArgs"]}
    root = closed(
        image=closed(
            repository=TEXT,
            tag=TEXT,
            digest={"type": "string", "pattern": "^(sha256:[0-9a-f]{64})?$"},
            pullPolicy={"enum": ["Always", "IfNotPresent", "Never"]},
        ),
        imagePullSecrets={"type": "array", "items": closed(name=TEXT)},
        nameOverride=TEXT,
        fullnameOverride=TEXT,
        config=config(),
        extraConfig=TEXT,
        secretEnv={
            "type": "array",
            "items": closed(
                name={"type": "string", "pattern": "^[A-Z_][A-Z0-9_]*$"},
                secret={"type": "string", "minLength": 1},
                key={"type": "string", "minLength": 1},
            )
            | {"required": ["name", "secret", "key"]},
        },
        extraEnv={"type": "array", "items": ANYTHING},
        extraVolumes={"type": "array", "items": ANYTHING},
        extraVolumeMounts={"type": "array", "items": ANYTHING},
        persistence=closed(
            enabled=SWITCH,
            existingClaim=TEXT,
            size=TEXT,
            storageClass=TEXT,
            accessMode={"enum": ["ReadWriteOnce", "ReadWriteMany"]},
        ),
        serviceAccount=closed(create=SWITCH, name=TEXT, annotations=TEXTS),
        rbac=closed(create=SWITCH),
        workloadIdentity=closed(
            aws=closed(
                roleArn={"type": "string", "pattern": "^(arn:[a-z-]+:iam::[0-9]{12}:role/.+)?$"}
            ),
            gcp=closed(serviceAccount={"type": "string", "pattern": "^([^@ ]+@[^@ ]+)?$"}),
            azure=closed(clientId=TEXT, tenantId=TEXT),
        ),
        networkPolicy=closed(
            enabled=SWITCH,
            egressPorts={
                "type": "array",
                "items": {"type": "integer", "minimum": 1, "maximum": 65535},
            },
            ingressFrom={"type": "array", "items": ANYTHING},
        ),
        podAnnotations=TEXTS,
        podLabels=TEXTS,
        nodeSelector=TEXTS,
        tolerations={"type": "array", "items": ANYTHING},
        affinity=ANYTHING,
        collect=closed(**job, source=TEXT, out=TEXT, catchUp=SWITCH, keepDays=COUNT),
        report=closed(**job, args={"type": "array", "items": TEXT, "minItems": 1}),
        slack=closed(**served),
        mcp=closed(**served, port={"type": "integer", "minimum": 1024, "maximum": 65535}),
        **{"global": ANYTHING},
    )
    return {"$schema": "http://json-schema.org/draft-07/schema#", "title": "burn", **root}


def config() -> Schema:
    """burn.toml: every table of burn, its built-in plugins and the plugins of this repository."""
    from burn.plugin.state import KINDS

    tables = {name: of_class(kind) for name, kind in own_tables()}
    for table_name, _, hook, _ in KINDS.values():
        named = {
            spec.name: of_class(spec.settings)
            for module in ("burn.builtin.hooks", *PLUGINS)
            for spec in getattr(import_module(module), hook, list)()
        }
        tables[table_name] = closed(**dict(sorted(named.items())))
    return closed(**tables)


def of_class(kind: type[Any]) -> Schema:
    """A settings class, as burn reads it; what is secret is left out."""
    from pydantic import TypeAdapter

    whole = TypeAdapter(kind).json_schema()
    secret = {f.name for f in dataclasses.fields(kind) if f.metadata.get("secret")}
    helps = {f.name: f.metadata.get("help", "") for f in dataclasses.fields(kind)}
    found = {
        name: {**_plain(about, whole.get("$defs", {})), "description": helps[name]}
        for name, about in whole.get("properties", {}).items()
        if name not in secret
    }
    return closed(**found)


def _plain(about: Any, named: Mapping[str, Any]) -> Any:
    """Without titles and defaults, and with what is named in its place."""
    if isinstance(about, list):
        return [_plain(one, named) for one in about]
    if not isinstance(about, dict):
        return about
    if "$ref" in about:
        return _plain(named[about["$ref"].rpartition("/")[2]], named)
    if "properties" in about:
        inner = {name: _plain(one, named) for name, one in about["properties"].items()}
        return closed(**inner) | {"required": about.get("required", [])}
    return {
        key: _plain(value, named)
        for key, value in about.items()
        if key not in ("title", "default", "prefixItems", "minItems", "maxItems")
    }
