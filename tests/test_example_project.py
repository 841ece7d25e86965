"""The example project: what a user outside sees of the testing helpers, as stored and after changes."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import dualcarbon as dc
from dualcarbon import api
from dualcarbon.tables.variables import read_variables

EXAMPLE = Path(__file__).with_name("example_project")
STORED = Path("pathways", "test_our_plan.test_our_plan_has_not_moved.csv")
HINT = "pytest --update-pathways"
QUICK = [f"-pno:{name}" for name in ("zarr", "hypothesispytest", "benchmark", "xdist", "cacheprovider")]
"""Plugins of this suite that take two thirds of the time and that the example does not have."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project, away from this one."""
    ignored = shutil.ignore_patterns("__pycache__", ".*")
    return Path(shutil.copytree(EXAMPLE, tmp_path / "our-plan", ignore=ignored))


def run_pytest(project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Pytest as a user starts it, without what this suite's own run leaves in the environment."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    return subprocess.run(
        [sys.executable, "-m", "pytest", *QUICK, *words],
        cwd=project,
        env={**environment, "COLUMNS": "200"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def change_capture(project: Path) -> None:
    scenario = project / "our-plan.yaml"
    text = scenario.read_text(encoding="utf-8")
    assert "2060: 100 Mt" in text
    scenario.write_text(text.replace("2060: 100 Mt", "2060: 140 Mt"), encoding="utf-8")


def test_it_passes_as_stored_and_writes_nothing(project: Path) -> None:
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    done = run_pytest(project)
    if done.returncode:
        pytest.fail(f"{done.stdout}\nif the model or its data are meant to move: `{HINT}` in {EXAMPLE}")
    assert "3 passed" in done.stdout
    after = [p for p in project.rglob("*") if p.is_file() and p.suffix != ".pyc"]
    assert {path: path.read_bytes() for path in after} == before


def test_a_changed_lever_is_named_with_variable_year_and_both_values(project: Path) -> None:
    change_capture(project)
    done = run_pytest(project)
    assert done.returncode == 1
    assert "1 failed, 2 passed" in done.stdout
    said = [line.removeprefix("E").strip() for line in done.stdout.splitlines()]
    assert any("pathways are not close (rtol 1e-06): actual our-plan, expected " in line for line in said)
    before, after = stored(EXAMPLE / STORED, "net_co2"), dc.run(project / "our-plan.yaml")
    year = 2060
    actual, expected = float(after.results.in_year("net_co2", year)), before[year]
    assert abs(actual - expected) == pytest.approx(40.0)
    moved = f"net_co2 [Mt CO2] in {year}: actual {actual:.6g}, expected {expected:.6g}; relative difference "
    assert any(line.startswith(moved) for line in said)
    levers = said[said.index("levers that moved:") + 1 :]
    assert levers[0].startswith("dac [Mt CO2] in ")
    assert levers[1] == f"if the change is meant, `{HINT}` writes it anew"


def stored(path: Path, key: str) -> dict[int, float]:
    """A stored variable by year, in the registry's unit."""
    variable = read_variables(api.open_library())[key]
    with path.open(encoding="utf-8", newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["variable"] == variable.iamc)
    return {int(k): float(v) / variable.iamc_factor for k, v in row.items() if k.isdigit() and v}


def test_an_update_stores_the_changed_pathway(project: Path) -> None:
    change_capture(project)
    done = run_pytest(project, "--update-pathways")
    assert (done.returncode, "3 passed" in done.stdout) == (0, True)
    assert "dualcarbon: expected pathways written: 1; look at the diff" in done.stdout
    assert stored(project / STORED, "dac")[2060] == 140.0
    assert stored(EXAMPLE / STORED, "dac")[2060] == 100.0


def test_a_missing_expectation_fails(project: Path) -> None:
    (project / STORED).unlink()
    done = run_pytest(project)
    assert done.returncode == 1
    assert f"{STORED.as_posix()} is missing; `{HINT}` writes it" in done.stdout
    assert "1 failed, 2 passed" in done.stdout
    assert not (project / STORED).exists()
    assert run_pytest(project, "--update-pathways").returncode == 0
    assert (project / STORED).read_bytes() == (EXAMPLE / STORED).read_bytes()
