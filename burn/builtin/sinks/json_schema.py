"""The JSON Schema of the `json` sink's document, made from the same schemas as the frames."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from burn.api import Finding, Schema, schemas
from burn.api.vocabulary import OBSERVABLE
from burn.builtin.sinks.json_sink import OMITTED, SCHEMA_VERSION, WORDS

DRAFT = "https://json-schema.org/draft/2020-12/schema"
TEXT = {"type": "string"}
NUMBER = {"type": "number"}
INSTANT = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$"}
TEXTS = {"type": "array", "items": TEXT}
KINDS: dict[str, dict[str, Any]] = {
    "string": TEXT,
    "timestamp": INSTANT,
    "float": NUMBER,
    "int": {"type": "integer"},
    "bool": {"type": "boolean"},
}
SOME = ("assets", "use", "commitments")
"""The first two only of a report without a bill, the last only of one with a bill."""
BY_TYPE = {"str": TEXT, "float": NUMBER, "int": KINDS["int"], "bool": KINDS["bool"]}


def report_schema() -> dict[str, Any]:
    """The whole document; closed, so that a reader can rely on there being nothing else."""
    properties = {
        "schema_version": {"const": SCHEMA_VERSION},
        "headline": {"type": "array", "items": TEXT, "minItems": 2, "maxItems": 2},
        "info": _info(),
        "totals": _totals(),
        "control": _or_null(_control()),
        "drivers": _array(_closed(dict.fromkeys(WORDS, TEXT))),
        "ledger": _rows(schemas.LEDGER),
        "allocation": _rows(schemas.ALLOCATION, leave=OMITTED, optional=("day", "dimensions")),
        "prices": _rows(schemas.PRICES),
        "findings": _array(
            _closed({field.name: BY_TYPE[str(field.type)] for field in fields(Finding)})
        ),
        "namespace_split": _or_null(_array(_closed({"namespace": TEXT, "cost": NUMBER}))),
        "notes": TEXTS,
        "coverage": _closed(
            {
                "hours_missing": NUMBER,
                "gaps": _array(_closed({"start": INSTANT, "end": INSTANT})),
                "notes": TEXTS,
                "sees": _closed(dict.fromkeys(OBSERVABLE, _or_null(KINDS["bool"]))),
            }
        ),
        "assets": _rows(schemas.ASSETS),
        "use": _rows(schemas.USE),
        "commitments": _rows(schemas.COMMITMENTS),
    }
    return {
        "$schema": DRAFT,
        "$id": f"urn:burn:report:{SCHEMA_VERSION}",
        "title": "burn report",
        "description": "From a Kubernetes cost report to the cloud bill, with nothing left over.",
        **_closed(properties, SOME),
    }


def _info() -> dict[str, Any]:
    return _closed(
        {
            "run_id": TEXT,
            "burn_version": TEXT,
            "window": _closed({"start": INSTANT, "end": INSTANT}),
            "cluster": _or_null(TEXT),
            "provider": TEXT,
            "source": TEXT,
            "policies": TEXTS,
            "basis": {"type": "string", "enum": list(schemas.BASES)},
            "currency": TEXT,
            "provisional_from": _or_null(INSTANT),
            "plugins": TEXTS,
            "origin": TEXTS,
            "by": TEXTS,
            "paid": TEXT,
            "no_types": TEXTS,
            "no_lists": TEXTS,
        }
    )


def _control() -> dict[str, Any]:
    count = {"file": TEXT, "month": TEXT, "currency": TEXT}
    fate = {"file": TEXT, "fate": {"type": "string", "enum": list(schemas.FATES)}, "currency": TEXT}
    invoice = {"month": TEXT, "issuer": TEXT, "invoice": TEXT}
    rows = {"rows": KINDS["int"]}
    return _closed(
        {
            "lines": KINDS["int"],
            "billed": NUMBER,
            "currency": TEXT,
            "invoice": _or_null(NUMBER),
            "files": _array(_closed({**count, **rows, "priced": KINDS["int"], "amount": NUMBER})),
            "accounted": _array(_closed({**fate, **rows, "amount": NUMBER, "inside": NUMBER})),
            "unread": TEXTS,
            "invoices": _array(_closed({**invoice, **rows, "amount": NUMBER, "inside": NUMBER})),
        }
    )


def _totals() -> dict[str, Any]:
    """What only a bill says is null without one."""
    names = ("cluster_effective", "account_effective", "billed", "residual", "cluster_billed")
    return _closed({"report": NUMBER} | dict.fromkeys((*names, "invoice"), _or_null(NUMBER)))


def _rows(
    schema: Schema[Any], *, leave: tuple[str, ...] = (), optional: tuple[str, ...] = ()
) -> dict[str, Any]:
    """An array of one frame's rows; each column keeps its unit and its words."""
    properties = {}
    for column in schema.columns:
        if column.name in leave:
            continue
        kind = dict(KINDS[column.kind])
        if column.name == "dimensions":
            kind = {"type": "object", "additionalProperties": TEXT}
        if column.one_of:
            kind["enum"] = list(column.one_of)
        words = ", ".join(part for part in (column.doc, column.unit) if part)
        kind = _or_null(kind) if column.null else kind
        properties[column.name] = {**kind, "description": words} if words else kind
    return {**_array(_closed(properties, optional)), "description": schema.about}


def _closed(properties: dict[str, Any], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [name for name in properties if name not in optional],
        "properties": properties,
    }


def _array(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _or_null(kind: dict[str, Any]) -> dict[str, Any]:
    if isinstance(kind.get("type"), str) and "enum" not in kind:
        return {**kind, "type": [kind["type"], "null"]}
    return {"anyOf": [kind, {"type": "null"}]}
