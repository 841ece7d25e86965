"""Data tables and their provenance: tidy CSV files with a YAML sidecar each."""

from dualcarbon.tables.library import Library, Row, Table

__all__ = ["Library", "Row", "Table"]
