"""What a cluster could save, step by step: right-sizing, then fewer nodes, then commitments.

Pure: `demand` keeps the busiest hours of observed days, `pack` says what fits, `nodes` which nodes can go,
`commit` what to commit to, `plan` puts them in sequence, so that the steps add up. Beside the steps, `spot`
says what may run on spot nodes (`readiness`, by `traits`).
"""

from burn.planning.plan import planned
from burn.planning.spot import spotted

__all__ = ["planned", "spotted"]
