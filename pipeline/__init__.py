"""Machines: what happens to a recording."""
