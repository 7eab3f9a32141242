"""Writes the sample that burn-aws embeds: `python -m tests.lab.make_sample [FOLDER]`.

October as metrics and a bill; of August and September the kept reports alone, which are small.
"""

from __future__ import annotations

import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

from burn.cli import combined
from burn.cli.options import Flags
from burn.cli.providers import open_sessions
from burn.history.place import Place
from burn.history.store import History
from burn.work.events import Silent
from tests.lab.cur2 import write_cur2
from tests.lab.ledger import charge
from tests.lab.shop import shop
from tests.lab.shop_months import august, september
from tests.lab.store import write_snapshot
from tests.lab.things import World

SAMPLE = Path(__file__).parents[2] / "plugins/burn-aws/burn_aws/sample"
LABELS = ("app", "team")
CONFIG = """\
# A made-up month of a made-up shop: `burn run --provider aws --sample` reads it.
[run]
cluster = "shop-prod"
source = "snapshot"
window = "{window}"

[source.snapshot]
path = "{{here}}/metrics"

[provider.aws]
bill = "{{here}}/bill"
price_list = "off"
"""


def make(folder: Path) -> Path:
    """Write all of it, replacing what is there; the same bytes every time."""
    for part in ("metrics", "bill", "history"):
        shutil.rmtree(folder / part, ignore_errors=True)
    month(shop(), folder)
    keep((august(), september()), folder / "history")
    return folder


def month(world: World, folder: Path) -> None:
    """Metrics, bill and burn.toml of one month."""
    write_snapshot(world, folder / "metrics", LABELS)
    write_cur2(charge(world), folder / "bill", export="shop-cur2", daily=True)
    text = CONFIG.format(window=f"{world.start:%Y-%m}")
    (folder / "burn.toml").write_text(text, encoding="utf-8")


def keep(worlds: tuple[World, ...], folder: Path) -> None:
    """The report of each month, kept as a run keeps it."""
    history = History(Place(str(folder)))
    for world in worlds:
        with TemporaryDirectory() as scratch:
            month(world, Path(scratch))
            sessions = open_sessions(Flags(config=Path(scratch, "burn.toml"), provider="aws"))
            plans, note = combined.plans(sessions, shared=False)
            report = combined.report(plans, sessions[0].run, Silent(), note)
        with mock.patch("secrets.token_hex", return_value="sample"):
            history.keep(report, plans[0].stated, datetime(2026, 11, 1, tzinfo=UTC))


if __name__ == "__main__":
    print(make(Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLE))
