"""Golden outputs of the sample report. After a wanted change, write them again and read the diff:

python -m tests.unit.builtin.sinks.outputs
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from burn.api import OutputSinkSpec, Report, WriteRequest
from burn.builtin.sinks.json_schema import report_schema
from burn.builtin.sinks.specs import SINKS
from burn.history.place import Place
from burn.history.store import History
from burn.questions import opened
from tests.unit.view.sample import sample

GOLDEN = Path(__file__).parent / "golden"
SCHEMA = Path(__file__).parents[4] / "docs" / "reference" / "report.schema.json"
BY_NAME: dict[str, OutputSinkSpec] = {spec.name: spec for spec in SINKS}
CASES = {
    "screen-80.txt": ("table", {"width": 80}, {}),
    "screen-list-120.txt": ("table", {"width": 120}, {"basis": "list"}),
    "table-80.txt": ("table", {"width": 80, "detail": True}, {}),
    "table-120.txt": ("table", {"width": 120, "detail": True}, {}),
    "table-list-80.txt": (
        "table",
        {"width": 80, "services": 2, "workloads": 0, "detail": True},
        {"basis": "list"},
    ),
    "report.md": ("markdown", {}, {}),
    "report.json": ("json", {}, {}),
    "ledger.csv": ("csv", {"table": "ledger"}, {}),
}


def render(sink: str, report: Report, **settings: object) -> str:
    """What the sink writes into a file."""
    spec = BY_NAME[sink]
    with tempfile.TemporaryDirectory() as folder:
        target, history = Path(folder) / "out", History(Place(f"{folder}/kept"))
        history.keep(report)
        desk = opened(history)
        request = WriteRequest(report=report, target=str(target), desk=lambda _: desk)
        spec.make(spec.settings(**settings)).write(request)
        return target.read_text(encoding="utf-8")


def golden(name: str) -> str:
    """What a golden file must hold."""
    sink, settings, info = CASES[name]
    return render(sink, sample(**info), **settings)


def schema_text() -> str:
    """What docs/reference/report.schema.json must hold."""
    return json.dumps(report_schema(), indent=2) + "\n"


if __name__ == "__main__":
    for name in CASES:
        (GOLDEN / name).write_text(golden(name), encoding="utf-8")
    SCHEMA.write_text(schema_text(), encoding="utf-8")
