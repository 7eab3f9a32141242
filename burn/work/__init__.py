"""How the work of a run is divided: batches of days, processes, and what they tell meanwhile."""
