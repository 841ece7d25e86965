"""Golden runs: compare with a file, or write it anew when asked to."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SWITCH = "DUALCARBON_UPDATE_GOLDEN"
HOW = f"{SWITCH}=1 .venv/bin/pytest tests/golden"

Golden = dict[str, Any]


def golden(path: Path, now: Golden, update: bool) -> Golden:
    """The golden values of a file; writes ``now`` to it first when asked to update."""
    if update:
        path.write_text(json.dumps(now, indent=1) + "\n", encoding="utf-8")
    if not path.is_file():
        pytest.fail(f"{path.name} is missing; {HOW} writes it")
    content: Golden = json.loads(path.read_text(encoding="utf-8"))
    return content


@pytest.fixture
def read_golden() -> Callable[[Path, Golden], Golden]:
    """Reads a golden file; with the switch in the environment it is written anew."""
    return lambda path, now: golden(path, now, update=os.environ.get(SWITCH) == "1")
