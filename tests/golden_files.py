"""Golden files: what a run gave when it was last looked at."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

HOW = ".venv/bin/pytest tests/golden --update-golden"

Golden = dict[str, Any]


def golden(path: Path, now: Golden, update: bool) -> Golden:
    """The golden values of a file; writes ``now`` to it first when asked to update."""
    if update:
        path.write_text(json.dumps(now, indent=1) + "\n", encoding="utf-8")
    if not path.is_file():
        pytest.fail(f"{path.name} is missing; {HOW} writes it")
    content: Golden = json.loads(path.read_text(encoding="utf-8"))
    return content
