"""Speed and memory of inputs to results, beside the same equations written in other ways.

Results and memory are asserted. Speed is printed beside its goal, for a busy machine must not fail a test.
"""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from bench import references
from bench.measure import at_least, best_by_turns, table
from bench.references import OUTPUTS
from dualcarbon.inputs import Inputs
from dualcarbon.project import BLOCK, pathway

MEMBERS = 100_000
LOOP_MEMBERS = 2_000
SIZES = (1, 10, 100, 1_000, 10_000, 100_000)

Draws = Callable[[int], Inputs]


def assert_same(results: Mapping[str, Any], expected: Mapping[str, Any]) -> None:
    for name in OUTPUTS:
        np.testing.assert_allclose(np.asarray(results[name]), expected[name], rtol=1e-12, err_msg=name)


def test_one_scenario(benchmark: Any, one_scenario: Inputs) -> None:
    """Every output, 2000-2060."""
    results = benchmark(pathway, one_scenario)
    assert np.isfinite(results.in_year("net_ghg", 2060))


def test_batch(benchmark: Any, draws: Draws) -> None:
    """1e5 draws, 2025-2060, eight outputs."""
    results = benchmark.pedantic(pathway, (draws(MEMBERS), OUTPUTS), rounds=15, warmup_rounds=1)
    assert results["net_ghg"].shape == (MEMBERS, draws(MEMBERS).years.size)


def test_one_scenario_beside_the_references(one_scenario: Inputs) -> None:
    """Eight outputs of one scenario, 2000-2060."""
    rows = {name: np.asfortranarray(getattr(one_scenario, name)[None]) for name in references.LEVERS}
    as_batch = replace(one_scenario, **rows)
    frames, lists = references.frames(as_batch), references.lists(as_batch)
    expected = {name: array[None] for name, array in pathway(one_scenario, OUTPUTS).items()}
    cases: dict[str, Callable[[], Any]] = {
        "dualcarbon": lambda: pathway(one_scenario, OUTPUTS),
        "pandas, year by year": lambda: references.pandas_by_year(frames),
        "pandas, whole frames": lambda: references.pandas_whole(frames),
        "pure-Python loop": lambda: references.pure_loop(lists),
    }
    for case in list(cases.values())[1:]:
        assert_same(case(), expected)
    best = best_by_turns(cases, rounds=5, calls=20)
    ours = best["dualcarbon"]
    table(
        f"one scenario, {one_scenario.years.size} years, {len(OUTPUTS)} outputs",
        [("", "ms", "dualcarbon is faster by")]
        + [(name, f"{s * 1e3:.2f}", f"{s / ours:.1f}") for name, s in best.items()],
    )


def test_batch_beside_the_references(draws: Draws, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Eight outputs of 1e5 draws, 2025-2060; the loop on fewer, scaled."""
    inputs, few = draws(MEMBERS), draws(LOOP_MEMBERS)
    frames, lists = references.frames(inputs), references.lists(few)
    fused = references.compile_fused(tmp_path_factory.mktemp("fused"))
    cases: dict[str, Callable[[], Any]] = {
        "dualcarbon": lambda: pathway(inputs, OUTPUTS),
        "pandas, year by year": lambda: references.pandas_by_year(frames),
        "pandas, whole frames": lambda: references.pandas_whole(frames),
        "pure-Python loop": lambda: references.pure_loop(lists),
    }
    expected = pathway(inputs, OUTPUTS)
    assert_same(cases["pandas, year by year"](), expected)
    assert_same(cases["pandas, whole frames"](), expected)
    assert_same(cases["pure-Python loop"](), pathway(few, OUTPUTS))
    if fused is None:
        print("\nno C compiler here: the fused C loop is left out")
    else:
        kept = fused(inputs)
        assert_same(kept, expected)
        cases["fused C loop"] = lambda: fused(inputs)
        cases["fused C loop, results overwritten"] = lambda: fused(inputs, kept)
    goals = {"pandas, year by year": 8.0, "pandas, whole frames": 8.0, "pure-Python loop": 40.0}
    goals["fused C loop"] = 0.25

    best = best_by_turns(cases, rounds=7)
    best["pure-Python loop"] *= MEMBERS / LOOP_MEMBERS
    ours, member_years = best["dualcarbon"], MEMBERS * inputs.years.size
    rows = [("", "ms", "M member-years/s", "dualcarbon is faster by", "")]
    for name, seconds in best.items():
        speed = f"{member_years / seconds / 1e6:.1f}"
        verdict = at_least(seconds / ours, goals[name]) if name in goals else ""
        rows.append((name, f"{seconds * 1e3:.1f}", speed, f"{seconds / ours:.2f}", verdict))
    table(f"batch of {MEMBERS:,} draws x {inputs.years.size} years, {len(OUTPUTS)} outputs", rows)


def test_cost_by_batch_size(draws: Draws) -> None:
    """Cost of a pathway falls with the size of the batch, then stays."""

    def repeated(inputs: Inputs, times: int) -> None:
        for _ in range(times):
            pathway(inputs, OUTPUTS)

    times = {size: max(1, 1_000 // size) for size in SIZES}
    best = best_by_turns({str(n): partial(repeated, draws(n), times[n]) for n in SIZES}, rounds=15)
    costs = [best[str(n)] / times[n] / n * 1e6 for n in SIZES]
    falls = all(after <= before * 1.25 for before, after in pairwise(costs))
    table(
        f"cost by batch size, {len(OUTPUTS)} outputs, BLOCK {BLOCK:,} values",
        [("draws", "µs a pathway", "")]
        + [(f"{size:,}", f"{cost:.2f}", "") for size, cost in zip(SIZES, costs, strict=True)]
        + [("goal: falls, then flat", "", "met" if falls else "missed")],
    )


def test_memory_of_a_batch(draws: Draws) -> None:
    """Inputs, results and what is used on the way stay within twice inputs and results."""
    inputs = draws(MEMBERS)
    given = sum(array.nbytes for array in inputs.arrays().values())
    tracemalloc.start()
    results = pathway(inputs, OUTPUTS)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    asked = sum(array.nbytes for array in results.values())
    ratio = (given + peak) / (given + asked)
    table(
        f"memory of {MEMBERS:,} draws x {inputs.years.size} years",
        [
            ("inputs", f"{given / 1e6:.1f} MB"),
            ("results asked for", f"{asked / 1e6:.1f} MB"),
            ("worked in besides", f"{(peak - asked) / 1e6:.1f} MB"),
            ("all, of inputs and results", f"{ratio:.3f}"),
        ],
    )
    assert ratio <= 2.0
