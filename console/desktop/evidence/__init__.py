"""The evidence room of the window."""
