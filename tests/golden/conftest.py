"""Golden runs: compare with a file, or write it anew when asked to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from golden_files import Golden, golden


@pytest.fixture
def read_golden(request: pytest.FixtureRequest) -> Callable[[Path, Golden], Golden]:
    """Reads a golden file; with the flag it is written anew."""
    return lambda path, now: golden(path, now, update=request.config.getoption("--update-golden"))
