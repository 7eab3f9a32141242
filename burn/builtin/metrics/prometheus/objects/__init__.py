"""From series to what there was: nodes, pods, volumes, balancers, what they asked for and used."""
