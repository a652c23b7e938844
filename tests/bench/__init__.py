"""Figures: a JSON line a measure, with its limit measured in the same run."""
