"""Scenarios of the tests: current policies in which only some levers are uncertain."""

from __future__ import annotations

from pathlib import Path

import yaml

from dualcarbon import api
from dualcarbon.tables.levers import read_levers

LEVERS = tuple(read_levers(api.open_library()))


def scenario_with(folder: Path, uncertainty: dict[str, object], **rest: object) -> Path:
    """A file in which the levers that are not named are certain."""
    path = folder / "uncertain.yaml"
    fixed: dict[str, object] = dict.fromkeys(LEVERS, "fixed")
    content = {"name": "uncertain", "extends": "current-policies", "uncertainty": fixed | uncertainty, **rest}
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return path
