"""Figures: each a ratio or a count taken in one run."""
