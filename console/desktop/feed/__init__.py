"""The feed room of the window."""
