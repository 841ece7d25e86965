"""Speed and memory of ensembles: draws, core and streaming summaries of eight indicators, 2025-2060.

Every size runs in a process of its own, so that memory is that of the run. Wall time counts everything from
the import to the result. Results are asserted; times and memory are printed beside their goals.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from bench import references
from bench.measure import at_most, best_by_turns, table
from dualcarbon import api
from dualcarbon.axes import Floats
from dualcarbon.explore.ensembles.blocks import Task, run_part, run_pilot
from dualcarbon.explore.ensembles.draws import draw_inputs, lever_paths
from dualcarbon.explore.ensembles.outcomes import HEADLINE, Answers, quantities
from dualcarbon.explore.ensembles.result import PROBABILITIES
from dualcarbon.explore.ensembles.running import make_task
from dualcarbon.explore.ensembles.sampling import CHUNK
from dualcarbon.explore.ensembles.settings import read_settings
from dualcarbon.explore.ensembles.summaries import Grid, Tally
from dualcarbon.inputs import Inputs
from dualcarbon.project import pathway

SIDE_BY_SIDE = 100_000
PIECES = 16 * CHUNK
CHECKED = 1_000_000
MEMORY_MB = 300.0


def run(n: int, workers: int, history: str = "prior") -> dict[str, Any]:
    script = Path(__file__).with_name("ensemble_run.py")
    done = subprocess.run(
        [sys.executable, str(script), str(n), str(workers), history],
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(json.loads(done.stdout))


def task_of(n: int, history: bool = False, keep: tuple[str, ...] = ()) -> Task:
    library = api.open_library()
    settings = read_settings(n=n, seed=7, history=history, keep=keep)
    return make_task(api.load("current-policies", data=library), library, settings)


def test_sizes() -> None:
    """10^5, 10^6 and 10^7 pathways on two processes, 10^6 on one, and held to history."""
    found = {
        "10^5": run(10**5, 2),
        "10^6": run(10**6, 2),
        "10^7": run(10**7, 2),
        "10^6, one process": run(10**6, 1),
        "10^6, held to history": run(10**6, 2, "history"),
    }
    goals = {"10^6": 10.0, "10^6, held to history": 20.0}
    body = [("draws", "wall s", "CPU s", "parent MB", "worker MB", "")]
    for name, one in found.items():
        verdict = at_most(one["wall"], goals[name]) if name in goals else ""
        numbers = (f"{one[key]:.1f}" for key in ("wall", "cpu", "parent_mb", "worker_mb"))
        body.append((name, *numbers, verdict))
    table("ensembles from the import to the result, two processes unless said", body)
    ratio = found["10^7"]["wall"] / found["10^6"]["wall"]
    faster = found["10^6, one process"]["wall"] / found["10^6"]["wall"]
    largest = max(one[key] for one in found.values() for key in ("parent_mb", "worker_mb"))
    grows = max(found["10^7"][key] / found["10^6"][key] for key in ("parent_mb", "worker_mb"))
    table(
        "ratios",
        [
            ("10^7 takes, times 10^6", f"{ratio:.2f}", at_most(ratio, 11.0)),
            ("two processes are faster than one by", f"{faster:.2f}", ""),
            ("largest memory of a process, MB", f"{largest:.0f}", at_most(largest, MEMORY_MB)),
            ("memory at 10^7, times that at 10^6", f"{grows:.2f}", at_most(grows, 1.1)),
        ],
    )
    assert found["10^7"]["quantile_error"] < 1e-3


@pytest.mark.parametrize("history", [False, True])
def test_where_the_time_goes(history: bool) -> None:
    """Draws, core and summaries of one task in one process, CPU time."""
    task = task_of(10**6, history)
    pilot = run_pilot(task)
    answers, tally = Answers(task.asked), Tally(task.asked.quantities, task.classes, few=True)
    spent = dict.fromkeys(("random numbers", "lever paths and inputs", "core", "summaries"), 0.0)
    for start in range(0, PIECES, CHUNK):
        clock = [time.process_time()]
        uniform = task.sampler.uniform(start, CHUNK)
        clock.append(time.process_time())
        inputs = draw_inputs(
            task.built, lever_paths(task.built, task.prior, uniform, lambda name: np.empty((0, 0)))
        )
        clock.append(time.process_time())
        results = pathway(inputs, task.asked.outputs)
        clock.append(time.process_time())
        single, classes = answers.single(answers.full(results))
        if not history:
            tally.add(quantities(results, single), pilot.plain, classes)
        clock.append(time.process_time())
        for name, before, after in zip(spent, clock, clock[1:], strict=False):
            spent[name] += after - before
    started = time.process_time()
    run_part(task, pilot, 0, PIECES)
    whole = time.process_time() - started
    body = [("", "µs a draw", "of the whole")]
    if history:
        rest = "noise, second run without it, weights, two summaries"
        spent = {"drawn and run without history": sum(spent.values()) - spent["summaries"]}
        spent[rest] = whole - sum(spent.values())
    for name, seconds in {**spent, "whole task": whole}.items():
        body.append((name, f"{seconds / PIECES * 1e6:.2f}", f"{seconds / whole:.0%}"))
    table(f"one task of {PIECES:,} draws, {'held to history' if history else 'prior'}, CPU time", body)


def test_quantiles_against_exact_ones() -> None:
    """Largest error of any quantile of two indicators, as a part of the 5-95 % range, 10^6 draws."""
    keys = ("eip_co2", "net_co2")
    task = task_of(CHECKED, keep=keys)
    pilot = run_pilot(task)
    part = run_part(task, pilot, 0, CHECKED)
    quantiles, years, worst = part.plain.quantiles(pilot.plain, PROBABILITIES), task.asked.ahead.size, 0.0
    for key in keys:
        place = HEADLINE.index(key) * years
        exact = np.quantile(part.kept[key], PROBABILITIES, axis=0)
        spread = exact[PROBABILITIES.index(0.95)] - exact[PROBABILITIES.index(0.05)]
        moving = spread > 0.0
        apart = np.abs(quantiles[:, place : place + years] - exact)[:, moving] / spread[moving]
        worst = max(worst, float(apart.max()))
    table(
        f"quantiles of {CHECKED:,} draws beside exact ones",
        [("largest error, of the 5-95 % range", f"{worst:.1e}", at_most(worst, 5e-4))],
    )
    assert worst <= 5e-4


def test_side_by_side() -> None:
    """Core and summaries of the same draws, against pandas and plain broadcasting."""
    task = task_of(SIDE_BY_SIDE)
    paths = lever_paths(
        task.built, task.prior, task.sampler.uniform(0, SIDE_BY_SIDE), lambda name: np.empty((0, 0))
    )
    inputs = draw_inputs(task.built, paths)
    shape = (SIDE_BY_SIDE, inputs.years.size)
    wide = {
        name: np.asfortranarray(np.broadcast_to(getattr(inputs, name), shape)) for name in references.LEVERS
    }
    factors = {name: array[0] if array.ndim > 1 else array for name, array in inputs.arrays().items()}
    same = Inputs(inputs.years, inputs.base_year, **{**factors, **wide})
    frames = references.frames(same)
    rowwise = {name: np.ascontiguousarray(array) for name, array in wide.items()} | {
        name: factors[name] for name in references.FACTORS
    }
    first = float(inputs.gdp_first), float(inputs.energy_first)

    def ours() -> None:
        tally = Tally(len(references.OUTPUTS) * shape[1], {}, few=True)
        for start in range(0, SIDE_BY_SIDE, CHUNK):
            part = same.members(-1, slice(start, start + CHUNK))
            results = pathway(part, references.OUTPUTS)
            tally.add([results[name].T for name in references.OUTPUTS], grid, {})

    def with_pandas() -> list[Any]:
        return [_described(frame) for frame in references.pandas_whole(frames).values()]

    def broadcasting() -> list[Any]:
        made = _broadcast(rowwise, *first)
        return [
            (np.quantile(array, PROBABILITIES, axis=0), array.mean(axis=0), array.std(axis=0))
            for array in made.values()
        ]

    pilot = pathway(same.members(-1, slice(0, 4 * CHUNK)), references.OUTPUTS)
    grid = Grid.around(np.concatenate([pilot[name].T for name in references.OUTPUTS]))
    best = best_by_turns({"dualcarbon": ours, "pandas": with_pandas, "plain broadcasting": broadcasting}, 2)
    body = [("", "ms", "dualcarbon is faster by")]
    for name, seconds in best.items():
        body.append((name, f"{seconds * 1e3:.0f}", f"{seconds / best['dualcarbon']:.1f}"))
    table(f"core and summaries of {SIDE_BY_SIDE:,} draws, eight indicators, one process", body)


def _described(frame: pd.DataFrame) -> tuple[Any, Any, Any]:
    return frame.quantile(list(PROBABILITIES)), frame.mean(), frame.std()


def _broadcast(x: dict[str, Floats], gdp_first: float, energy_first: float) -> dict[str, Floats]:
    """The national equations on whole arrays (member, year), one temporary after the other."""

    def levels(first: float, change: Floats) -> Floats:
        steps = np.concatenate([np.ones((len(change), 1)), 1.0 + change[:, 1:]], axis=1)
        return np.asarray(first * np.cumprod(steps, axis=1))

    gdp = levels(gdp_first, x["gdp_growth"])
    energy = gdp * levels(energy_first / gdp_first, x["energy_intensity_change"])
    coal_co2 = energy * x["coal_share"] * x["coal_ef"]
    oil, gas_co2 = energy * x["oil_share"], energy * x["gas_share"] * x["gas_ef"]
    energy_co2 = coal_co2 + oil * x["oil_ef"] + gas_co2
    gross = energy_co2 + x["process_co2"]
    eip_co2 = gross - gross * np.clip(x["capture_rate"], 0.0, 1.0) - x["beccs"]
    net_co2 = eip_co2 - x["dac"] - x["land_sink"]
    return {
        "gdp": gdp,
        "energy_total": energy,
        "energy_co2": energy_co2,
        "eip_co2": eip_co2,
        "net_co2": net_co2,
        "net_ghg": net_co2 + x["non_co2"],
        "carbon_intensity_energy": (coal_co2 + oil * x["oil_ef_official"] + gas_co2) / gdp * 10.0,
        "non_fossil_energy_direct": energy
        * x["non_fossil_share"]
        / (x["non_fossil_ce_rate"] * 1e-3)
        * references.DIRECT,
    }
