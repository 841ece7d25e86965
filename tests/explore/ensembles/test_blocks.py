"""Draws in blocks give what full runs of single draws give."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pytest

from dualcarbon import api
from dualcarbon.analysis import indicators
from dualcarbon.analysis.targets import score
from dualcarbon.build import vary
from dualcarbon.explore.ensembles import blocks
from dualcarbon.explore.ensembles.blocks import draw, run_part, run_pilot
from dualcarbon.explore.ensembles.draws import lever_paths
from dualcarbon.explore.ensembles.outcomes import (
    ALL_OFFICIAL,
    HEADLINE,
    NEUTRAL,
    PEAKS,
    SUMS,
    Answers,
    quantities,
)
from dualcarbon.explore.ensembles.running import make_task
from dualcarbon.explore.ensembles.sampling import CHUNK
from dualcarbon.explore.ensembles.settings import read_settings
from dualcarbon.explore.ensembles.summaries import Tally
from dualcarbon.project import pathway

LIBRARY = api.open_library()
DRAWS = 60


def task_of(name, *, history=False, n=2 * CHUNK + 100, keep=()):
    settings = read_settings(n=n, seed=7, history=history, keep=keep)
    return make_task(api.load(name, data=LIBRARY), LIBRARY, settings)


@pytest.fixture(scope="module")
def held():
    return task_of("current-policies", history=True)


@pytest.mark.parametrize("name", ["current-policies", "deep-decarbonisation"])
def test_peaks_neutrality_sums_and_targets_are_those_of_full_runs(name):
    task = task_of(name)
    asked, years, first = task.asked, task.asked.years, int(task.asked.years[0])
    results = draw(task, 0, DRAWS).results
    single, classes = Answers(asked).single(Answers(asked).full(results))
    uniform = task.sampler.uniform(0, DRAWS)
    paths = lever_paths(task.built, task.prior, uniform, lambda name: task.sampler.normals(name, 0, DRAWS))
    neutral_draws = 0
    for k in range(DRAWS):
        full = pathway(vary(task.built, {lever: path[k] for lever, path in paths.items()}))
        for key in HEADLINE:
            np.testing.assert_allclose(results[key][k], full[key][years >= full.base_year], rtol=1e-12)
        for key in PEAKS:
            peak = indicators.peak(full[key], years, full.base_year)
            assert classes[f"{key}_peak_year"][k] + first == peak.year
            assert single[f"{key}_peak_level"][k] == pytest.approx(float(peak.level), rel=1e-12)
        for key in NEUTRAL:
            year = float(indicators.neutral_year(full[key], years))
            neutral_draws += not np.isnan(year)
            assert classes[f"{key}_neutral_year"][k] == (years.size if np.isnan(year) else year - first)
        for key in SUMS:
            total = float(indicators.cumulative(full[key], years, 2020, 2060))
            assert single[f"cumulative_{key}"][k] == pytest.approx(total, rel=1e-12)
        met = [score(target, full).verdict == "met" for target in asked.targets]
        assert classes["targets"][:, k].tolist() == met
        for group, places in zip(classes["groups"][:, k], asked.groups.values(), strict=True):
            assert group == all(met[place] for place in places)
    assert (neutral_draws > 0) == (name == "deep-decarbonisation")


def test_a_peak_may_lie_in_the_past(held):
    """With the error of the base year and noise, some draws never reach 2024 again."""
    asked, drawn = held.asked, draw(held, 0, 2000)
    full = Answers(asked).full(drawn.results)
    _, classes = Answers(asked).single(full)
    years = classes["eip_co2_peak_year"] + int(asked.years[0])
    below = drawn.results["eip_co2"].max(axis=1) <= np.nanmax(asked.past["eip_co2"])
    assert 0 < below.sum() < 2000
    assert (years[below] == 2024).all()
    assert (years[~below] >= 2025).all()


def test_all_official_targets_are_asked_for():
    run = api.run("current-policies", data=LIBRARY)
    asked = task_of("current-policies").asked
    together = [asked.targets[place].id for place in asked.groups[ALL_OFFICIAL]]
    assert together == [s.target.id for s in run.official()]
    assert "ndc2035-net-ghg-top" in [t.id for t in asked.targets]
    assert "ndc2035-net-ghg-top" not in together


def same(one, other):
    if one is None or other is None:
        return one is other
    names = ("draws", "total", "squares")
    arrays = ("bins", "sums", "lowest", "highest")
    return (
        all(getattr(one, name) == getattr(other, name) for name in names)
        and all(np.array_equal(getattr(one, name), getattr(other, name)) for name in arrays)
        and all(np.array_equal(one.classes[name], other.classes[name]) for name in one.classes)
    )


@pytest.mark.parametrize("history", [False, True])
def test_parts_add_up_to_the_whole_in_any_order(history, held):
    task = held if history else task_of("current-policies")
    pilot, n = run_pilot(task), task.sampler.n
    whole = run_part(task, pilot, 0, n)
    sent = pickle.loads(pickle.dumps(task))
    pieces = [run_part(sent, pilot, first, min(CHUNK, n - first)) for first in (2 * CHUNK, 0, CHUNK)]
    merged = [Tally(task.asked.quantities, task.classes) for _ in range(2)]
    for piece in pieces:
        merged[0].merge(piece.plain)
        if history:
            merged[1].merge(piece.weighted)
    assert same(merged[0], whole.plain)
    assert same(merged[1] if history else None, whole.weighted)
    assert (whole.weighted is not None) == history


def test_a_draw_has_the_same_bits_in_any_block(held):
    task = replace(held, keep=("net_ghg",))
    many, few = draw(task, 0, CHUNK), draw(task, 100, 7)
    for key in (*HEADLINE, "net_ghg"):
        assert np.array_equal(many.results[key][100:107], few.results[key])
    assert np.array_equal(many.log_weights[100:107], few.log_weights)


def test_draws_that_history_contradicts_are_widened_and_said(held, monkeypatch):
    strict = replace(held.past, root=held.past.root * 300.0)
    pilot = run_pilot(replace(held, past=strict))
    assert pilot.effective < 1000 < held.sampler.n * 0.5
    assert pilot.widening > 1.0
    part = run_part(replace(held, past=strict), pilot, 0, held.sampler.n)
    assert part.weighted.effective(weighted=True) == pytest.approx(1000.0, rel=1e-3)
    assert not part.weighted.beyond().max() > 0.02


def test_weighted_means_are_those_of_the_weighted_draws(held):
    task = replace(held, keep=("net_co2",))
    pilot = run_pilot(task)
    part = run_part(task, pilot, 0, task.sampler.n)
    mean, _ = part.weighted.moments(pilot.weighted, weighted=True)
    w = part.kept[blocks.WEIGHT]
    place = list(HEADLINE).index("net_co2") * task.asked.ahead.size
    expected = np.average(part.kept["net_co2"], axis=0, weights=w)
    np.testing.assert_allclose(mean[place : place + task.asked.ahead.size], expected, rtol=1e-9)
    assert w.max() == 1.0


def test_quantities_are_in_order(held):
    results = draw(held, 0, 5).results
    single, _ = Answers(held.asked).single(Answers(held.asked).full(results))
    listed = np.concatenate(quantities(results, single))
    assert len(listed) == held.asked.quantities
    assert np.array_equal(listed[1], results["eip_co2"][:, 1])
