"""For pytest: the fixture ``pathways`` compares with expected pathways, ``--update-pathways`` stores them.

::

    def test_our_scenario(pathways):
        pathways(dc.run("our-scenario.yaml"), variables=["net_co2", "coal_share"])

Expected pathways are CSV files in a folder ``pathways`` beside the test file. This module is imported with
every start of pytest, so it imports nothing heavy itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from dualcarbon.testing import Pathways

FOLDER = "pathways"
HOW = "`pytest --update-pathways` writes it"

FINEST = 1e-9
"""Stored numbers have ten digits: a tighter relative tolerance would compare their rounding."""

_WRITTEN = pytest.StashKey[list[Path]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--update-pathways``."""
    parser.getgroup("dualcarbon").addoption(
        "--update-pathways",
        action="store_true",
        help="store the pathways of this run as the expected ones instead of comparing with them",
    )


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config
) -> None:
    """Say what was stored, so that it is looked at before it is committed."""
    written = config.stash.get(_WRITTEN, [])
    if written:
        terminalreporter.write_line(
            f"dualcarbon: expected pathways written: {len(written)}; look at the diff"
        )


@pytest.fixture
def pathways(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Compare a pathway with the expected one: ``pathways(run, name=None, rtol=1e-6, variables=None)``.

    Parameters
    ----------
    run : a run, results, a run folder, or a scenario's name or file
    name : of the file below ``pathways/``, without ending; default the test's own
    rtol : relative tolerance, at least 1e-9
    variables : keys to store and compare; default all
    """
    used: set[Path] = set()

    def compare(
        run: Pathways, name: str | None = None, rtol: float = 1e-6, variables: Iterable[str] | None = None
    ) -> None:
        __tracebackhide__ = True
        from dualcarbon.testing import assert_pathways_close, write_expected

        path = _expected_file(request, name)
        if path in used:
            raise ValueError(f"{path.name} is compared twice in this test; give each pathway its own name")
        used.add(path)
        if not rtol >= FINEST:
            raise ValueError(
                f"rtol is at least {FINEST:g}, since stored numbers have ten digits; found {rtol}"
            )
        keys = variables if variables is None or isinstance(variables, str) else list(variables)
        if request.config.getoption("update_pathways"):
            write_expected(path, run, keys)
            request.config.stash.setdefault(_WRITTEN, []).append(path)
            return
        if not path.is_file():
            pytest.fail(f"{FOLDER}/{path.name} is missing; {HOW}", pytrace=False)
        try:
            assert_pathways_close(run, path, rtol, keys)
        except AssertionError as error:
            raise AssertionError(f"{error}\nif the change is meant, {HOW} anew") from None

    return compare


def _expected_file(request: pytest.FixtureRequest, name: str | None) -> Path:
    """The file of an expected pathway: beside the test, named after it unless a name is given."""
    if name is None:
        test = ".".join([request.path.stem, *request.node.nodeid.split("::")[1:]])
        name = re.sub(r"[^\w.+-]+", "-", test).strip("-")
    elif not name or name != Path(name).name:
        raise ValueError(
            f"a name of an expected pathway is that of a file without its folder; found {name!r}"
        )
    return request.path.parent / FOLDER / f"{name}.csv"
