"""Words of SQL, time and money in it, and the keys that lines are matched with."""
