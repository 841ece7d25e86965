"""Speed of fits: with differences as one batch, in sweeps, of many draws, from a cold start.

Answers are asserted. Speed is printed beside its goal, for a busy machine must not fail a test.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import dualcarbon as dc
from bench import fit_variants as fits
from bench.measure import at_least, at_most, best_by_turns, table
from dualcarbon.explore.fitting import Fit
from dualcarbon.explore.fitting.problem import Problem

Rows = list[tuple[str, ...]]

THREADS = "OPENBLAS_NUM_THREADS"
NEUTRAL = (2050, 2053, 2055, 2058, 2060)
DRAWS, ALL_DRAWS = 40, 1_000
WORKERS = 2


def assert_same(fit: Fit, other: Fit) -> None:
    assert fit.feasible == other.feasible
    assert fit.objective == pytest.approx(other.objective, abs=1e-6)
    for one, two in zip(fit.levers, other.levers, strict=True):
        assert one.fitted == pytest.approx(two.fitted, rel=1e-6, abs=1e-6)


def test_all_official_targets_with_all_levers_free() -> None:
    """One batch of differences beside one run for each parameter."""
    rows: Rows = [("", "ms", "", "one at a time", "faster by", "", "iterations", "pathways")]
    for name in ("current-policies", "plan-pace"):
        scenario = dc.load(name)
        for title, starts, explain in (("1 start", 1, False), ("3 starts, explained", 3, True)):
            ours = partial(fits.fit_all, scenario, starts=starts, explain=explain)

            def one_at_a_time(call: Callable[[], Fit] = ours) -> Fit:
                with fits.problems_of(fits.OneAtATime):
                    return call()

            fit = ours()
            assert fit.feasible
            assert_same(fit, one_at_a_time())
            ms = best_by_turns({"ours": ours}, rounds=9)["ours"] * 1e3
            other = best_by_turns({"other": one_at_a_time}, rounds=2)["other"] * 1e3
            goals = at_most(ms, 100.0), at_least(other / ms, 5.0)
            counts = f"{fit.iterations}", f"{fit.evaluations:,}"
            times = f"{ms:.0f}", goals[0], f"{other:.0f}", f"{other / ms:.1f}", goals[1]
            rows.append((f"{name}, {title}", *times, *counts))
    table(f"fit of all official targets, all levers free, {THREADS}={os.environ.get(THREADS)}", rows)


def test_cost_of_a_value_and_of_a_jacobian() -> None:
    """One place: objective, room of every condition, and their derivatives."""
    scenario = dc.load("current-policies")
    ours, other = (
        fits.first_problem(lambda: fits.fit_all(scenario), kind) for kind in (Problem, fits.OneAtATime)
    )
    place = 0.3 * ours.upper
    np.testing.assert_allclose(ours.at(place).jacobian, other.at(place).jacobian, atol=1e-6)
    np.testing.assert_allclose(ours.at(place).gradient, other.at(place).gradient, atol=1e-6)
    best = best_by_turns(
        {
            "value": lambda: ours.rooms(ours.results(place)),
            "Jacobian, one batch": lambda: fits.afresh(ours).at(place),
            "Jacobian, one at a time": lambda: fits.afresh(other).at(place),
        },
        rounds=40,
    )
    rows: Rows = [("", "ms", "pathways", "µs a pathway")]
    for name, seconds in best.items():
        count = 1 if name == "value" else ours.size + 1
        rows.append((name, f"{seconds * 1e3:.2f}", f"{count}", f"{seconds / count * 1e6:.1f}"))
    gain = best["Jacobian, one at a time"] / best["Jacobian, one batch"]
    rows.append(("one batch is faster by", f"{gain:.1f}"))
    table(f"one place: {ours.size} variables, {ours.at(place).rooms.size} conditions", rows)


def test_sweep() -> None:
    """Five peak years by five years of neutrality, other targets left out."""
    grid = {"peak_year": range(2026, 2031), "neutral_year": NEUTRAL}
    start = time.perf_counter()
    cells = dc.sweep("current-policies", grid, data=fits.the_library())
    seconds = time.perf_counter() - start
    possible = np.array([cell.feasible for cell in cells]).reshape(5, len(NEUTRAL))
    for of_one_peak in possible:
        assert all(later or not earlier for earlier, later in pairwise(of_one_peak))
    rows: Rows = [("s", "ms a cell", "feasible")]
    rows.append((f"{seconds:.1f}", f"{seconds / possible.size * 1e3:.0f}", f"{possible.sum()}"))
    table(f"sweep of {possible.size} cells, two starts a cell", rows)


def test_fits_of_draws() -> None:
    """Different growth, intensity, process CO2 and other gases: one process, and several."""
    context = multiprocessing.get_context("spawn")  # a fork would copy locks that other threads may hold
    with ProcessPoolExecutor(WORKERS, mp_context=context) as pool:
        start = time.perf_counter()
        list(pool.map(fits.fit_draw, range(2 * WORKERS)))
        begin = time.perf_counter() - start

        def alone() -> list[tuple[bool, float]]:
            return [fits.fit_draw(k) for k in range(DRAWS)]

        def together() -> list[tuple[bool, float]]:
            return list(pool.map(fits.fit_draw, range(DRAWS), chunksize=2))

        answers = alone()
        assert together() == answers
        best = best_by_turns({"one process": alone, f"{WORKERS} processes": together}, rounds=2)
        start = time.perf_counter()
        everything = list(pool.map(fits.fit_draw, range(ALL_DRAWS), chunksize=10))
        seconds = time.perf_counter() - start
    assert everything[:DRAWS] == answers
    rows: Rows = [("", "fits", "s", "ms a fit")]
    for name, count, total in (
        *((name, DRAWS, total) for name, total in best.items()),
        (f"{WORKERS} processes", ALL_DRAWS, seconds),
    ):
        rows.append((name, f"{count:,}", f"{total:.1f}", f"{total / count * 1e3:.0f}"))
    one, several = best.values()
    rows.append((f"faster by, of {DRAWS}", "", f"{one / several:.2f}"))
    rows.append(("processes begin, first fits", f"{2 * WORKERS}", f"{begin:.1f}"))
    rows.append(("feasible", f"{sum(feasible for feasible, _ in everything)} of {ALL_DRAWS:,}"))
    table("fits of draws, one start each", rows)


FIRST_CALLS = """
import json, time
marks = [time.perf_counter()]
mark = lambda: marks.append(time.perf_counter())
import numpy; mark()
import dualcarbon as dc; dc.fit; mark()
import scipy.optimize; mark()
dc.fit("current-policies"); mark()
library = dc.api.open_library()
dc.fit("current-policies", data=library)
for _ in range(5):
    mark(); dc.fit("current-policies", data=library)
mark()
steps = [b - a for a, b in zip(marks, marks[1:])]
print(json.dumps([*steps[:4], min(steps[5:])]))
"""
STEPS = ("import numpy", "import dualcarbon", "import scipy.optimize", "first fit", "fit again")


@contextmanager
def busy_cores(count: int) -> Iterator[None]:
    """So many processes that do nothing but loop."""
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def first_calls(environment: dict[str, str]) -> list[float]:
    """Seconds of each of `STEPS` in a process of its own."""
    words = [sys.executable, "-c", FIRST_CALLS]
    done = subprocess.run(words, check=True, capture_output=True, text=True, env=environment)
    seconds: list[float] = json.loads(done.stdout)
    return seconds


def test_first_call(tmp_path: Path) -> None:
    """What is paid once, and what threads of the linear algebra cost; best of three processes each."""
    free = {name: value for name, value in os.environ.items() if name != THREADS}
    columns = {}
    for busy, beside in ((0, ""), (1, ", a core busy")):
        for title, environment in (("1 thread", free | {THREADS: "1"}), ("default threads", free)):
            with busy_cores(busy):
                runs = [first_calls(environment) for _ in range(3)]
            columns[title + beside] = np.min(runs, axis=0) * 1e3
    rows: Rows = [("ms", *columns)]
    rows += [(step, *(f"{ms[k]:.0f}" for ms in columns.values())) for k, step in enumerate(STEPS)]
    rows.append(("until the first answer", *(f"{sum(ms[:4]):.0f}" for ms in columns.values())))
    command = [sys.executable, "-m", "dualcarbon", "fit", "current-policies", "--force", "-o"]
    call = partial(
        subprocess.run, [*command, str(tmp_path / "out")], check=True, capture_output=True, env=free
    )
    seconds = best_by_turns({"command": call}, rounds=3)["command"]
    rows.append(("dualcarbon fit current-policies", f"{seconds * 1e3:.0f}"))
    table("first calls: three starts, explained; the command line sets one thread", rows)
