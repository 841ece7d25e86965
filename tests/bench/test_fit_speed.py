"""Speed of fits: with differences as one batch, in sweeps, over processes, from a cold start, by solver.

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
from dualcarbon.axes import Floats
from dualcarbon.explore.fitting import Fit
from dualcarbon.explore.fitting.problem import Problem

LEVERS_WITHOUT_SINK = (
    "energy_intensity_change",
    "non_fossil_share",
    "oil_ef",
    "process_co2",
    "capture_rate",
    "beccs",
    "dac",
    "non_co2",
)
DRAWS, ALL_DRAWS = 60, 1_000
WORKERS = 2
THREADS = "OPENBLAS_NUM_THREADS"


def problem_of(call: Callable[[], object]) -> Problem:
    """The first problem that a call solves."""
    with fits.problems_of(Problem) as made:
        call()
    return made[0]


def fit_official(name: str) -> Fit:
    return dc.fit(name, targets=["all-official"], starts=1, data=fits.the_library())


def assert_same(fit: Fit, other: Fit) -> None:
    assert fit.feasible == other.feasible
    assert fit.objective == pytest.approx(other.objective, abs=1e-6)
    for one, two in zip(fit.levers, other.levers, strict=True):
        assert one.fitted == pytest.approx(two.fitted, abs=1e-6 * max(1.0, abs(two.fitted)))


def test_all_official_targets_with_all_levers_free() -> None:
    """One batch of differences beside one run for each parameter."""
    rows: list[tuple[str, ...]] = [
        ("", "ms", "", "one at a time, ms", "faster by", "", "iterations", "pathways")
    ]
    for name in ("current-policies", "plan-pace"):
        scenario = dc.load(name)
        for starts, explain in ((1, False), (3, True)):
            ours = partial(fits.fit_all, scenario, starts=starts, explain=explain)

            def one_at_a_time(call: Callable[[], Fit] = ours) -> Fit:
                with fits.problems_of(fits.OneAtATime):
                    return call()

            fit = ours()
            assert fit.feasible
            assert_same(fit, one_at_a_time())
            quick = best_by_turns({"ours": ours}, rounds=9)["ours"]
            best = best_by_turns({"ours": ours, "other": one_at_a_time}, rounds=2)
            milliseconds = min(quick, best["ours"]) * 1e3
            ratio = best["other"] * 1e3 / milliseconds
            rows.append(
                (
                    f"{name}, {starts} start{'s' if starts > 1 else ''}{', explained' if explain else ''}",
                    f"{milliseconds:.0f}",
                    at_most(milliseconds, 100.0),
                    f"{best['other'] * 1e3:.0f}",
                    f"{ratio:.1f}",
                    at_least(ratio, 5.0),
                    f"{fit.iterations}",
                    f"{fit.evaluations:,}",
                )
            )
    table(f"fit of all official targets, all levers free, {THREADS}={os.environ.get(THREADS)}", rows)


def test_cost_of_a_value_and_of_a_jacobian() -> None:
    """One place, from lever values to objective, room of every condition, and their derivatives."""
    with fits.problems_of(fits.OneAtATime) as made:
        fits.fit_all(dc.load("current-policies"))
    ours, other = problem_of(partial(fit_official, "current-policies")), made[0]
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
    pathways = {"value": 1}
    rows: list[tuple[str, ...]] = [("", "ms", "pathways", "µs a pathway")]
    for name, seconds in best.items():
        count = pathways.get(name, ours.size + 1)
        rows.append((name, f"{seconds * 1e3:.2f}", f"{count}", f"{seconds / count * 1e6:.1f}"))
    rows.append(
        ("one batch is faster by", f"{best['Jacobian, one at a time'] / best['Jacobian, one batch']:.1f}")
    )
    conditions = ours.at(place).rooms.size
    table(f"one place: {ours.size} variables, {conditions} conditions", rows)


def test_sweep() -> None:
    """Five peak years by five years of neutrality, other targets left out."""
    neutral = (2050, 2053, 2055, 2058, 2060)
    grid = {"peak_year": range(2026, 2031), "neutral_year": neutral}
    start = time.perf_counter()
    cells = dc.sweep("current-policies", grid, data=fits.the_library())
    seconds = time.perf_counter() - start
    possible = [cell.feasible for cell in cells]
    for first in range(0, len(cells), len(neutral)):
        of_one_peak = possible[first : first + len(neutral)]
        assert all(later or not earlier for earlier, later in pairwise(of_one_peak))
    rows: list[tuple[str, ...]] = [("", "s", "ms a cell", "feasible")]
    rows.append(
        ("two starts a cell", f"{seconds:.1f}", f"{seconds / 25 * 1e3:.0f}", f"{sum(possible)} of 25")
    )
    table("sweep of 25 cells", rows)


def test_fits_of_draws() -> None:
    """Different growth, intensity, process CO2 and other gases: one process, and several."""
    start = time.perf_counter()
    alone = [fits.fit_draw(k) for k in range(DRAWS)]
    one = time.perf_counter() - start
    context = multiprocessing.get_context("spawn")  # a fork would copy the threads' locks of the parent
    with ProcessPoolExecutor(WORKERS, mp_context=context) as pool:
        start = time.perf_counter()
        list(pool.map(fits.fit_draw, range(2 * WORKERS)))
        begin = time.perf_counter() - start
        start = time.perf_counter()
        together = list(pool.map(fits.fit_draw, range(DRAWS), chunksize=3))
        several = time.perf_counter() - start
    assert together == alone
    rows: list[tuple[str, ...]] = [("", "ms a fit", f"{ALL_DRAWS:,} fits, s")]
    for name, seconds, extra in (("one process", one, 0.0), (f"{WORKERS} processes", several, begin)):
        total = extra + seconds / DRAWS * ALL_DRAWS
        rows.append((name, f"{seconds / DRAWS * 1e3:.0f}", f"{total:.0f}"))
    rows.append(("faster by", f"{one / several:.2f}"))
    rows.append(("processes begin, first fits", f"{begin * 1e3:.0f} ms"))
    rows.append(("feasible", f"{sum(feasible for feasible, _ in alone)} of {DRAWS}"))
    table(f"fits of draws, one start, not explained; measured on {DRAWS}, scaled to {ALL_DRAWS:,}", rows)


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


@contextmanager
def busy_cores(count: int) -> Iterator[None]:
    """So many processes that do nothing but count."""
    words = [sys.executable, "-c", "while True: pass"]
    loops = [subprocess.Popen(words) for _ in range(count)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def test_first_call(tmp_path: Path) -> None:
    """What is paid once, and what threads of the linear algebra cost; best of three processes."""
    free = {name: value for name, value in os.environ.items() if name != THREADS}
    one = free | {THREADS: "1"}
    steps: dict[str, Floats] = {}
    for busy in (0, 1):
        for title, environment in (("one thread", one), ("threads as they come", free)):
            runs = []
            with busy_cores(busy):
                for _ in range(3):
                    words = [sys.executable, "-c", FIRST_CALLS]
                    done = subprocess.run(words, check=True, capture_output=True, text=True, env=environment)
                    runs.append(json.loads(done.stdout))
            steps[f"{title}{', a core busy' if busy else ''}"] = np.min(runs, axis=0) * 1e3
    names = (
        "import numpy",
        "import dualcarbon",
        "import scipy.optimize",
        "first fit, tables read",
        "fit again",
    )
    rows: list[tuple[str, ...]] = [("ms", *steps)]
    rows += [(name, *(f"{found[k]:.0f}" for found in steps.values())) for k, name in enumerate(names)]
    rows.append(("until the first answer", *(f"{sum(found[:4]):.0f}" for found in steps.values())))
    words = [
        sys.executable,
        "-m",
        "dualcarbon",
        "fit",
        "current-policies",
        "--force",
        "-o",
        str(tmp_path / "out"),
    ]
    call = partial(subprocess.run, words, check=True, capture_output=True, env=free)
    seconds = best_by_turns({"fit": call}, rounds=2)["fit"]
    rows.append(("dualcarbon fit current-policies", f"{seconds * 1e3:.0f}", "(sets one thread)"))
    table("first calls: three starts, explained", rows)


def solve_afresh(solver: fits.Solver, problem: Problem) -> tuple[Floats, int]:
    return solver(fits.afresh(problem))


def test_solvers() -> None:
    """The same problems by the solvers that were candidates, from the scenario itself."""
    library = fits.the_library()
    cases: dict[str, tuple[bool, Callable[[], object]]] = {
        name: (True, partial(fit_official, name))
        for name in ("current-policies", "plan-pace", "delayed-transition")
    }

    def with_small_sink() -> object:
        change = ["land_sink=800 Mt"]
        free, targets = LEVERS_WITHOUT_SINK, ["neutral-2060"]
        return dc.fit("current-policies", targets=targets, free=free, change=change, starts=1, data=library)

    def peak_and_neutral(peak: int, neutral: int) -> object:
        grid = {"peak_year": [peak], "neutral_year": [neutral]}
        return dc.sweep("current-policies", grid, data=library)

    cases["peak in 2030, neutral by 2058"] = True, partial(peak_and_neutral, 2030, 2058)
    cases["peak in 2030, neutral by 2055"] = False, partial(peak_and_neutral, 2030, 2055)
    cases["neutral-2060, land sink 800 Mt"] = False, with_small_sink
    solvers: dict[str, fits.Solver] = {
        "SLSQP": fits.slsqp,
        "trust-constr": fits.trust_constr,
        "least squares, misses": fits.misses,
        "least squares, penalty 10": fits.penalties(10.0),
        "least squares, penalty 1000": fits.penalties(1000.0),
    }
    for title, (possible, call) in cases.items():
        problem = problem_of(call)
        rows: list[tuple[str, ...]] = [
            ("", "ms", "iterations", "pathways", "objective", "largest miss", "squares", "out of bounds")
        ]
        worst, squares, objective = {}, {}, {}
        for name, solver in solvers.items():
            seconds = best_by_turns({name: partial(solve_afresh, solver, problem)}, rounds=1)[name]
            before = problem.evaluations
            z, iterations = solve_afresh(solver, problem)
            pathways = problem.evaluations - before
            point = problem.at(z)
            missed = np.maximum(-point.rooms, 0.0)
            outside = max(0.0, float(np.max(np.maximum(problem.lower - z, z - problem.upper))))
            worst[name], squares[name] = float(missed.max()), float(missed @ missed)
            objective[name] = point.objective
            numbers = f"{point.objective:.5f}", f"{worst[name]:.1e}", f"{squares[name]:.3f}", f"{outside:.2f}"
            rows.append((name, f"{seconds * 1e3:.0f}", f"{iterations}", f"{pathways:,}", *numbers))
        table(f"{title} ({'feasible' if possible else 'infeasible'})", rows)
        if possible:
            assert worst["SLSQP"] < 1e-6
            assert objective["SLSQP"] == pytest.approx(objective["trust-constr"], abs=1e-4)
        else:
            assert squares["least squares, misses"] <= squares["SLSQP"] + 1e-6
