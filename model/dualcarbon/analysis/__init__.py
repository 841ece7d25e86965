"""Judges results, never projects: indicators of a pathway and the targets it meets."""
