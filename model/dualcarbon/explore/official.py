"""Official targets as criteria, and the groups that name them, from the tables."""

from __future__ import annotations

from dualcarbon.analysis.targets import Target
from dualcarbon.tables import Library
from dualcarbon.tables.official import read_target_rows


def official_targets(library: Library) -> list[Target]:
    """Every official target of the tables."""
    return [Target(**row) for row in read_target_rows(library)]


def target_groups(library: Library) -> dict[str, list[str]]:
    """Targets of each named group, by its name."""
    groups: dict[str, list[str]] = {}
    for row in library["groups"].rows:
        groups.setdefault(row["group"], []).append(row["target"])
    return groups
