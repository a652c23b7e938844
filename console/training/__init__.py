"""The training city: real streets, synthetic homes, neighbours played by the program."""
