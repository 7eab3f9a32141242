"""What every output sink must do, whatever it writes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar, cast

import pytest

from burn.api import (
    AccessError,
    Alert,
    AlertRequest,
    AlertSink,
    OutputSink,
    OutputSinkSpec,
    Report,
    UsageError,
    Window,
    WriteRequest,
)
from burn.history.place import Place
from burn.history.store import History
from burn.questions import opened
from burn.testing.gaps import Conformance
from burn.testing.plugin import PluginChecks
from burn.testing.tiny import tiny_report

DAY = Window(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 2, tzinfo=UTC))


class OutputSinkConformance(PluginChecks, Conformance):
    """Subclass, set `plugin`, implement `make`; `binary = True` for sinks that need --output."""

    check_group = "frames"
    kind = OutputSinkSpec
    contract = OutputSink
    binary: ClassVar[bool] = False

    def made(self) -> OutputSink:
        """See `PluginChecks`."""
        return self.make()

    def test_the_spec_says_whether_it_is_binary(self) -> None:
        """Then the core asks for --output before it starts to work."""
        assert {spec.name: spec.binary for spec in self._specs()}[self.plugin] is self.binary

    def make(self) -> OutputSink:
        """A fresh sink."""
        raise NotImplementedError

    @pytest.fixture
    def report(self) -> Report:
        """A small report with hostile names in it."""
        return tiny_report(DAY)

    def _write(self, report: Report, target: str | None) -> None:
        """As a run does: with a desk at which the report is the latest."""
        with TemporaryDirectory() as folder:
            history = History(Place(folder))
            history.keep(report)
            desk = opened(history)
            self.make().write(WriteRequest(report=report, target=target, desk=lambda _: desk))

    def _bytes(self, report: Report, target: Path) -> dict[str, bytes]:
        self._write(report, str(target))
        files = (
            [target] if target.is_file() else sorted(p for p in target.rglob("*") if p.is_file())
        )
        return {file.relative_to(target.parent).name: file.read_bytes() for file in files}

    def test_it_writes_the_target(self, report: Report, tmp_path: Path) -> None:
        """A file, or a folder of files, that is not empty."""
        written = self._bytes(report, tmp_path / "out")
        assert written
        assert all(written.values())

    def test_the_same_report_gives_the_same_bytes(self, report: Report, tmp_path: Path) -> None:
        """So that two runs can be compared."""
        first, second = tmp_path / "a", tmp_path / "b"
        first.mkdir()
        second.mkdir()
        again = self._bytes(tiny_report(DAY), second / "out")
        assert self._bytes(report, first / "out") == again

    def test_the_report_is_left_alone(self, report: Report, tmp_path: Path) -> None:
        """Other sinks read the same report."""
        self._bytes(report, tmp_path / "out")
        fresh = tiny_report(DAY)
        assert report.ledger.equals(fresh.ledger)
        assert report.allocation.equals(fresh.allocation)

    def test_standard_output(
        self, report: Report, capsysbinary: pytest.CaptureFixture[bytes]
    ) -> None:
        """Text sinks write to stdout; binary ones ask for --output."""
        if self.binary:
            with pytest.raises(UsageError) as caught:
                self._write(report, None)
            assert "--output" in f"{caught.value.message} {caught.value.hint}"
        else:
            self._write(report, None)
            assert capsysbinary.readouterr().out

    def test_a_place_that_cannot_be_written_is_named(self, report: Report, tmp_path: Path) -> None:
        """The error says which path, and exits 4."""
        (tmp_path / "file").write_text("in the way")
        with pytest.raises(AccessError, match="file"):
            self._write(report, str(tmp_path / "file" / "out"))

    def test_no_terminal_control_characters(self, report: Report, tmp_path: Path) -> None:
        """A pod may be named anything; a reader's terminal is not its to drive."""
        if not self.binary:
            assert not any(
                b"\x1b" in body for body in self._bytes(report, tmp_path / "out").values()
            )

    def test_alerts_are_written_if_the_spec_says_so(self, tmp_path: Path) -> None:
        """All of them, none as well, and without what would drive a terminal."""
        if not {spec.name: spec.alerts for spec in self._specs()}[self.plugin]:
            return
        alert = Alert(
            kind="anomaly",
            check="anomaly: te\x1b[31mst",
            period=DAY.start,
            threshold=0.0,
            limit=12.5,
            amount=40.25,
            unit="USD",
            final=True,
            because="node-\x1b[1m7 +27.75 (new)",
        )
        bodies = []
        for name, alerts in (("some", (alert,)), ("none", ())):
            target = tmp_path / name
            sink = cast("AlertSink", self.make())
            sink.alert(AlertRequest(cluster="c", provider="p", alerts=alerts, target=str(target)))
            bodies.append(target.read_bytes())
        assert b"40.25" in bodies[0]
        assert b"27.75" in bodies[0]
        assert bodies[0] != bodies[1]
        assert b"\x1b" not in b"".join(bodies)
