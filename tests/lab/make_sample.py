"""Writes the sample that burn-aws embeds: `python -m tests.lab.make_sample [FOLDER]`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from tests.lab.cur2 import write_cur2
from tests.lab.ledger import charge
from tests.lab.shop import shop
from tests.lab.store import write_snapshot

SAMPLE = Path(__file__).parents[2] / "plugins/burn-aws/burn_aws/sample"
LABELS = ("app", "team")
CONFIG = """\
# A made-up month of a made-up shop: `burn run --provider aws --sample` reads it.
[run]
cluster = "shop-prod"
source = "snapshot"
window = "2026-10"

[source.snapshot]
path = "{here}/metrics"

[provider.aws]
bill = "{here}/bill"
price_list = "off"
"""


def make(folder: Path) -> Path:
    """Write metrics, bill and burn.toml, replacing what is there; the same bytes every time."""
    world = shop()
    for part in ("metrics", "bill"):
        shutil.rmtree(folder / part, ignore_errors=True)
    write_snapshot(world, folder / "metrics", LABELS)
    write_cur2(charge(world), folder / "bill", export="shop-cur2", daily=True)
    (folder / "burn.toml").write_text(CONFIG, encoding="utf-8")
    return folder


if __name__ == "__main__":
    print(make(Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLE))
