"""Fixtures of the whole suite."""

from __future__ import annotations

import os

# Before numpy is loaded: threads slow the small matrices of a fit down tenfold, as on the command line.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from dualcarbon import cli

collect_ignore = ["example_project"]
"""A project of its own, which test_example_project.py runs."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """The flag of the golden runs."""
    parser.addoption("--update-golden", action="store_true", help="write tests/golden/*.json anew")


LEFT_OUT = "left out: "
"""Begins the reason of a skip that is worth a line at the end, although skips are quiet."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in a line what was left out here, and how to run it."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = [report.longrepr[2].removeprefix("Skipped: ") for report in skipped]
    for reason in dict.fromkeys(one for one in reasons if one.startswith(LEFT_OUT)):
        terminalreporter.write_line(reason)


@dataclass(frozen=True)
class Typed:
    """What a typed command gave: exit code, standard output, standard error."""

    code: int | str | None
    out: str
    err: str


@pytest.fixture
def typed(capsys: pytest.CaptureFixture[str]) -> Callable[..., Typed]:
    """The command line, called in this process with the words of a command."""

    def call(*words: object) -> Typed:
        capsys.readouterr()
        code: int | str | None
        try:
            code = cli.main([str(word) for word in words])
        except SystemExit as stop:
            code = stop.code
        return Typed(code, *capsys.readouterr())

    return call
