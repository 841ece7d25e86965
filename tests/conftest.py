"""Fixtures of the whole suite."""

from __future__ import annotations

import os

# Before numpy is loaded: threads slow the small matrices of a fit down tenfold, as on the command line.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from dualcarbon import cli


def pytest_addoption(parser: pytest.Parser) -> None:
    """The flag of the golden runs."""
    parser.addoption("--update-golden", action="store_true", help="write tests/golden/*.json anew")


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
