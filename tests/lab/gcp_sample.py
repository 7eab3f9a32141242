"""Writes the sample that burn-gcp embeds: `python -m tests.lab.gcp_sample [FOLDER]`.

The shop's month as on Google Cloud: N2 nodes under a flexible commitment that is a little short,
N2D nodes under a resource-based one with a machine left over, spot nodes, a GPU, an orphaned
disk, a promotion, and what Google adds by itself: sustained use and the free cluster.
"""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from pathlib import Path

from burn import snapshot
from burn.api import Coverage, Observation, Scope, Window
from tests.lab.facts import facts
from tests.lab.gcp import gcp_frames, write_gcp
from tests.lab.gcp_names import gcp_world, rules
from tests.lab.ledger import charge
from tests.lab.shop import shop
from tests.lab.source import SEES
from tests.lab.things import World

SAMPLE = Path(__file__).parents[2] / "plugins/burn-gcp/burn_gcp/sample"
LABELS = ("app", "team")
CONFIG = """\
# A made-up month of a made-up shop: `burn run --provider gcp --sample` reads it.
[run]
cluster = "shop-prod"
source = "snapshot"
window = "2026-10"

[source.snapshot]
path = "{{here}}/metrics"

[provider.gcp]
bill = "{{here}}/bill"
price_list = "off"
forwarding_rules = [{rules}]
"""


def gcp_shop() -> World:
    """The shop, without what Google Cloud has not."""
    world = gcp_world(shop())
    return replace(world, extended_support=False)


def make(folder: Path) -> Path:
    """Write metrics, bill and burn.toml, replacing what is there; the same bytes every time."""
    world = gcp_shop()
    for part in ("metrics", "bill"):
        shutil.rmtree(folder / part, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    scope = Scope(cluster=world.cluster, label_keys=LABELS)
    for number, day in enumerate(Window(world.start, world.end).days()):
        seen = Observation(
            **gcp_frames(world, number, LABELS),
            **facts(world, number),
            coverage=Coverage(sees=SEES),
        )  # type: ignore[arg-type]
        snapshot.write_day(folder / "metrics", scope, day, seen)
    _exported_late(write_gcp(charge(world), folder / "bill", daily=True, google=True))
    stated = ", ".join(f'"{one}"' for one in rules(world))
    (folder / "burn.toml").write_text(CONFIG.format(rules=stated), encoding="utf-8")
    return folder


def _exported_late(bill: Path) -> None:
    """As exported on 16 November: the invoice is out, the month is final."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    (file,) = bill.glob("*.parquet")
    table = pq.read_table(file)
    at = table.schema.get_field_index("export_time")
    when = pa.scalar("2026-11-16").cast(pa.timestamp("us"))
    late = pa.repeat(when, len(table)).cast(table.schema.field(at).type)
    pq.write_table(
        table.set_column(at, "export_time", late), file, compression="zstd", store_schema=False
    )


if __name__ == "__main__":
    print(make(Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLE))
