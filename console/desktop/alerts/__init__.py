"""The alerts room: write, approve, update and call off what the agency tells the neighborhood."""
