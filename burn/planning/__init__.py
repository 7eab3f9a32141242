"""What a cluster could save, step by step.

Pure, but that `asked` may ask price lists: `demand` keeps the busiest hours of observed days, `pools` puts them on the nodes there are, `pack`
says what fits, `nodes` which of them can go or be spot. Each step has a file: `fewer`, `others` (of
other types, which `market` knows), `onto_spot`, `commit`; `plan` puts them in sequence, so that they add
up; `offers` has what else could be committed to, by the bill or by price lists (`ways`). What may run on spot nodes is `spot` (`readiness`, by `traits`), at what was paid (`rates`).
"""

from burn.planning.asked import PlanRequest
from burn.planning.plan import planned
from burn.planning.spot import spotted

__all__ = ["PlanRequest", "planned", "spotted"]
