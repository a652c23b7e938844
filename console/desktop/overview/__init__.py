"""The first thing an officer sees: the jurisdiction on the map, with what is chosen in lists beside it."""
