"""What crosses the network: one table of endpoints, the problems, the live events. No input or output here."""
