"""Whole ensembles: engines, seeds, kept draws, what is refused."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import socket
import threading
import time

import numpy as np
import pandas as pd
import pytest

import dualcarbon as dc
from dualcarbon import api
from dualcarbon.errors import InputError, OutputError
from dualcarbon.explore.ensembles import engine, store, summaries
from dualcarbon.explore.ensembles.band_coverage import BANDS, KINDS, coverage_all
from dualcarbon.explore.ensembles.result import PROBABILITIES
from dualcarbon.explore.ensembles.sampling import CHUNK
from dualcarbon.explore.ensembles.settings import read_settings
from dualcarbon.explore.ensembles.store import open_draws
from dualcarbon.explore.ensembles.weighting import chance
from dualcarbon.tables.levers import SHARES

LIBRARY = api.open_library()
N = 2 * CHUNK + 500
SOON = 30.0
"""Seconds that a failing engine may take on a busy machine; without the failure being seen it would hang."""


def ensemble(name="current-policies", **options):
    return dc.ensemble(name, **{"n": N, "seed": 7, "data": LIBRARY, **options})


@pytest.fixture(scope="module")
def here():
    return ensemble(keep=["net_co2"])


def assert_same(one, other):
    pd.testing.assert_frame_equal(one.to_pandas(), other.to_pandas(), check_exact=True)
    assert one.now.targets == other.now.targets
    assert one.now.groups == other.now.groups
    for name, years in one.now.years.items():
        assert np.array_equal(years.probability, other.now.years[name].probability)


@pytest.mark.parametrize("options", [{"block": CHUNK}, {"block": 10**6}, {"block": CHUNK, "workers": 2}])
def test_results_do_not_depend_on_blocks_and_workers(here, options):
    other = ensemble(keep=["net_co2"], **options)
    assert_same(here, other)
    assert np.array_equal(here.kept["net_co2"], other.kept["net_co2"])


def test_a_dask_cluster_gives_the_same_bits(here, tmp_path):
    distributed = pytest.importorskip("distributed")
    xarray = pytest.importorskip("xarray")
    with (
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=2, processes=True, dashboard_address=None
        ) as cluster,
    ):
        address = cluster.scheduler_address
        other = ensemble(keep=["net_co2"], scheduler=address, folder=tmp_path, block=CHUNK)
    assert_same(here, other)
    with xarray.open_zarr(tmp_path / store.ZARR) as kept:
        assert kept.net_co2.dims == ("draw", "year")
        assert np.array_equal(kept.net_co2.values, here.kept["net_co2"])
        assert kept.year.values[[0, -1]].tolist() == [2025, 2060]
    draws = dc.open_draws(tmp_path)
    assert list(draws) == ["net_co2", "weight"]
    for name, kept in here.kept.items():
        assert np.array_equal(draws[name], kept)
    with pytest.raises(KeyError):
        draws["year"]


@pytest.mark.parametrize("method", ["lhs", "random"])
def test_methods_agree(here, method):
    other = ensemble(method=method, n=CHUNK)
    assert other.peak_year.by(2030) == pytest.approx(here.peak_year.by(2030), abs=0.02)
    np.testing.assert_allclose(other.mean("net_co2"), here.mean("net_co2"), rtol=0.01)


def test_what_a_user_reads(here):
    assert (here.n, here.seed) == (N, 7)
    assert here.quantiles("net_co2").shape == (9, 36)
    assert here.quantiles("cumulative_eip_co2").shape == (9,)
    assert (np.diff(here.quantiles("net_co2"), axis=0) > 0.0).all()
    draws, weight = here.kept["net_co2"], here.kept["weight"]
    share = float(weight[draws[:, 5] < 10_000.0].sum() / weight.sum())
    inside = np.interp(10_000.0, here.quantiles("net_co2")[:, 5], PROBABILITIES)
    assert share == pytest.approx(inside, abs=0.03)
    assert 0.0 < here.probability("ndc-2035") <= here.probability("ndc2035-net-ghg") < 1.0
    p = here.probability("peak-2030")
    assert p == pytest.approx(here.peak_year.by(2030), rel=1e-12)
    assert here.neutral_year.never + here.neutral_year.probability.sum() == pytest.approx(1.0)
    assert here.now.quantile_error < 5e-4
    frame = here.to_pandas()
    assert frame.loc[("coal_share", "%", 2030)]["p50"].between(30, 60).all()
    for ask in (here.quantiles, here.mean, here.probability):
        with pytest.raises(KeyError, match=r"not (an indicator|a target)"):
            ask("nett_co2")
    with pytest.raises(KeyError, match=r"'xyz' is not a target or group here; there are .*peak-2030"):
        here.standard_error("xyz")


def test_chances_and_their_errors_are_those_of_the_weighted_draws():
    one = ensemble(n=CHUNK, keep="eip_co2")
    draws, past = one.kept["eip_co2"], one.past["eip_co2"]
    met = (draws.argmax(axis=1) + 2025 <= 2030) | (draws.max(axis=1) < past.max())
    share, error = chance(met, one.kept["weight"])
    assert one.probability("peak-2030") == pytest.approx(share, rel=1e-6)
    assert one.standard_error("peak-2030") == pytest.approx(error, rel=1e-6)
    assert one.prior.standard_error("peak-2030") == pytest.approx(
        np.sqrt(one.prior.probability("peak-2030") * (1 - one.prior.probability("peak-2030")) / CHUNK)
    )
    assert one.now.unseen == 3.0 / one.now.effective
    assert one.settings["weights_cut"] == 0


def test_cuts_are_recorded_and_said(monkeypatch):
    one = ensemble("deep-decarbonisation")
    cut = one.settings["cut_at_bounds"]
    assert {"non_fossil_share", "capture_rate"} <= set(cut)
    assert 0.01 < cut["non_fossil_share"] < 0.02
    (said,) = (text for text in one.warnings if "bound of a lever" in text)
    assert f"non_fossil_share {cut['non_fossil_share']:.1%} of" in said
    assert "capture_rate" not in said
    monkeypatch.setattr(summaries, "HEAVIEST", 1)
    heavy = ensemble(n=8 * CHUNK)
    assert heavy.settings["weights_cut"] >= 1
    assert f"{heavy.settings['weights_cut']:,} of {8 * CHUNK:,} draws count for less" in heavy.warnings[0]


def test_bands_were_too_narrow_in_hindcasts(here):
    found = coverage_all(LIBRARY)
    for band, (inside, years) in {band: found.share(KINDS[-1], band) for band in BANDS}.items():
        assert inside / years < float(band.rstrip(" %")) / 100.0
    assert "held the truth less often than they say" in here.settings["hindcasts"]


def test_a_base_year_without_statistics_before_it_can_be_drawn(tmp_path):
    path = tmp_path / "early.yaml"
    path.write_text("name: early\nextends: current-policies\nbase_year: 2020\n")
    early = ensemble(path, n=500)
    assert any(np.isnan(values).all() for values in early.past.values())
    low = [panel.get_ylim()[0] for panel in dc.plot_fans(early).axes]
    assert low.count(0.0) >= 3


def test_history_moves_the_draws_and_the_prior_stays_beside(here):
    raw = ensemble(history=False)
    assert raw.prior is None
    assert raw.settings["window"] is None
    assert raw.now.effective == N
    assert here.prior.effective == N > here.now.effective > 1000
    assert here.prior.mean["net_co2"][-1] == pytest.approx(raw.mean("net_co2")[-1], rel=0.01)
    assert here.beliefs[0].name == "gdp"
    assert ensemble(window="2010-2020", n=500).settings["window"] == [2010, 2020]
    certain, noisy = here.now.years["eip_co2_peak_year_without_noise"], here.peak_year
    assert certain.by(2024) == 0.0 < noisy.by(2024)


def test_scenarios_with_one_seed_meet_the_same_luck(tmp_path):
    path = tmp_path / "more.yaml"
    path.write_text("name: more\nextends: current-policies\nlevers:\n  land_sink: {shift: 100 Mt}\n")
    asked = {"history": False, "n": 500, "keep": ["eip_co2", "net_co2"]}
    one, other = (ensemble(name, **asked) for name in ("current-policies", path))
    assert np.array_equal(one.kept["eip_co2"], other.kept["eip_co2"])
    assert (one.kept["net_co2"][:, 1:] > other.kept["net_co2"][:, 1:]).mean() > 0.99


def test_a_scenario_with_a_fit_is_fitted_first(tmp_path):
    path = tmp_path / "fitted.yaml"
    path.write_text("name: fitted\nextends: current-policies\nfit: {targets: [neutral-2060]}\n")
    asked = {"n": 200, "history": False}
    fitted, plain = ensemble(path, **asked), ensemble(**asked)
    assert fitted.name == "fitted"
    assert fitted.probability("neutral-2060") > 0.2 > plain.probability("neutral-2060")


def test_levers_may_be_changed_and_fixed(tmp_path):
    path = tmp_path / "fixed.yaml"
    path.write_text("name: fixed\nextends: current-policies\nuncertainty: {population: fixed}\n")
    fixed = ensemble(path, n=200, keep=["population"], history=False)
    assert np.ptp(fixed.kept["population"], axis=0).max() == 0.0
    changed = ensemble(path, n=200, change=["land_sink=1500 Mt"], history=False)
    assert changed.mean("net_co2")[-1] < fixed.mean("net_co2")[-1]


@pytest.mark.parametrize("lever", ["coal_share", "non_fossil_share"])
def test_a_share_that_wanders_has_no_noise_of_history_on_top(tmp_path, lever):
    """Without any other uncertainty, its yearly changes are those that the scenario states."""
    path = tmp_path / "own.yaml"
    spread = "normal: {sd: 2 pp}, over_time: {ar1: 0.1}"
    others = "".join(f"  {name}: fixed\n" for name in SHARES if name != lever)
    path.write_text(f"name: own\nextends: current-policies\nuncertainty:\n  {lever}: {{{spread}}}\n{others}")
    one = ensemble(path, keep=["coal_share", "non_fossil_share"], n=CHUNK)
    raw = ensemble(path, keep=["coal_share", "non_fossil_share"], n=CHUNK, history=False)
    for share in ("coal_share", "non_fossil_share"):
        np.testing.assert_allclose(one.kept[share], raw.kept[share], rtol=1e-12)
    assert any("takes the place of history's noise" in said for said in one.warnings)
    assert raw.warnings == ()


def test_a_correlation_of_two_shares_is_warned_of(here, tmp_path):
    path = tmp_path / "pair.yaml"
    path.write_text(
        "name: pair\nextends: current-policies\nuncertainty:\n"
        "  coal_share: {correlate: {gas_share: -0.3, gdp_growth: 0.2}}\n"
    )
    (said,) = ensemble(path, n=CHUNK, history=False).warnings
    assert said.startswith("the correlation of coal_share and gas_share holds before the mix is closed")
    assert not any("correlation" in other for other in here.warnings)


def test_a_seed_is_drawn_and_recorded():
    seeds = {ensemble(seed=None, n=10, history=False).seed for _ in range(3)}
    assert len(seeds) == 3


def test_few_draws_are_an_ensemble_too():
    one = ensemble(n=1, history=False)
    assert (one.quantiles("net_co2")[0] == one.quantiles("net_co2")[-1]).all()
    assert one.peak_year.probability.max() == 1.0


def test_kept_draws_are_whole_only_at_the_end(here, tmp_path, monkeypatch):
    seen = []

    def watch(done, total, what):
        seen.append(done)
        if done:
            with pytest.raises(InputError, match="never completed"):
                open_draws(tmp_path)
            assert (tmp_path / "net_co2.npy").stat().st_size > N * 36 * 8

    ensemble(keep=["net_co2"], folder=tmp_path, progress=watch, block=CHUNK)
    assert seen == [0, CHUNK, 2 * CHUNK, N]
    kept = open_draws(tmp_path)
    assert np.array_equal(kept["net_co2"], here.kept["net_co2"])
    assert np.array_equal(kept["weight"], here.kept["weight"])
    with pytest.raises(InputError, match="no kept draws"):
        open_draws(tmp_path / "elsewhere")
    for name in kept:
        (tmp_path / f"{name}.npy").unlink()
    with pytest.raises(InputError, match="the draws are gone"):
        open_draws(tmp_path)


def test_a_killed_worker_ends_the_run_with_a_message():
    def kill(done, total, what):
        for child in multiprocessing.active_children():
            os.kill(child.pid, signal.SIGKILL)

    start = time.monotonic()
    with pytest.raises(OutputError, match="worker process ended before its time"):
        ensemble(workers=2, block=CHUNK, progress=kill)
    assert time.monotonic() - start < SOON


def test_a_scheduler_out_of_reach_is_said_within_seconds(monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr(engine, "SCHEDULER_SECONDS", 0.5)
    start = time.monotonic()
    with pytest.raises(InputError, match=r"tcp://127.0.0.1:9: no Dask scheduler answers"):
        ensemble(scheduler="tcp://127.0.0.1:9")
    with pytest.raises(InputError, match="no Dask scheduler answers"):
        ensemble(scheduler="nonsense://x")
    assert time.monotonic() - start < SOON


@pytest.mark.parametrize("greeting", [b"", b"HTTP/1.0 400 Bad request\r\n\r\n"], ids=["silent", "http"])
def test_a_server_of_another_kind_is_said_within_seconds(greeting, monkeypatch, capfd):
    pytest.importorskip("distributed")
    monkeypatch.setattr(engine, "SCHEDULER_SECONDS", 0.5)
    held = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept():
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    connection.sendall(greeting)
                    held.append(connection)

        threading.Thread(target=accept, daemon=True).start()
        address = "tcp://127.0.0.1:{1}".format(*server.getsockname())
        start = time.monotonic()
        with pytest.raises(InputError) as caught:
            ensemble(scheduler=address)
        assert time.monotonic() - start < SOON
    assert held
    for connection in held:
        connection.close()
    assert str(caught.value).startswith(f"{address}: no Dask scheduler answers")
    assert capfd.readouterr() == ("", "")


def test_draws_that_cannot_fit_are_refused_with_an_estimate(monkeypatch, tmp_path):
    monkeypatch.setattr(store, "_free_memory", lambda: 1e6)
    with pytest.raises(InputError, match=r"keep: the draws to keep need 2\.6 MB, and 1\.0 MB of"):
        ensemble(keep=["net_co2"])
    monkeypatch.setattr(store, "_free_disk", lambda folder: 2e6)
    with pytest.raises(InputError, match=r"2.0 MB of disk are free"):
        ensemble(keep=["net_co2"], folder=tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n": 0}, "n: 0 is not a whole number from 1 up, such as 20000"),
        ({"n": -5}, "n: -5 is not a whole number"),
        ({"n": "many"}, "n: 'many' is not a whole number"),
        ({"n": float("nan")}, "n: nan is not a whole number"),
        ({"n": 2**31}, "n: sobol gives at most 1,073,741,824 draws"),
        ({"n": 10**7, "method": "lhs"}, "n: lhs gives at most 2,000,000 draws"),
        ({"seed": 1.5}, "seed: 1.5 is not a whole number that is not negative, such as 7"),
        ({"seed": -1}, "seed: -1 is not a whole number"),
        ({"seed": True}, "seed: True is not a whole number"),
        ({"workers": 0}, "workers: 0 is not a whole number from 1 up"),
        ({"block": "x"}, "block: 'x' is not a whole number from 1 up"),
        (
            {"method": "sobl"},
            "method: there is no method 'sobl'; allowed: sobol, lhs, random; did you mean",
        ),
        ({"keep": ["net_c02"]}, "keep: there is no variable 'net_c02'; did you mean net_co2?"),
        ({"window": "2015"}, "window: '2015' is not a window of years"),
        ({"window": (2015,)}, "window: "),
        ({"window": (1990, 2000)}, "window: 1990-2000 leaves the years"),
        ({"window": "2015-2025", "history": False}, "window: has no meaning without history"),
        ({"workers": 2, "scheduler": "tcp://x:1"}, "workers: the scheduler has its own workers"),
    ],
)
def test_bad_input_is_said(options, message):
    with pytest.raises(InputError) as caught:
        ensemble(**options)
    assert str(caught.value).startswith(message)


def test_every_fault_is_said_at_once():
    with pytest.raises(InputError) as caught:
        ensemble(n=0, seed="x", method="y", keep=["z"])
    assert len(caught.value.faults) == 4


@pytest.mark.parametrize(("text", "n"), [("1e6", 10**6), ("20_000", 20_000), ("1,000", 1000), (5.0, 5)])
def test_numbers_may_be_written_as_people_do(text, n):
    assert read_settings(n=text).n == n


def test_tasks_are_whole_chunks_that_cover_all_draws():
    for n in (1, CHUNK, 10**6, 10**7 + 1):
        parts = read_settings(n=n, workers=2).parts()
        assert sum(count for _, count in parts) == n
        assert all(first % CHUNK == 0 for first, _ in parts)
    wide = read_settings(n=10**7, keep=["net_co2", "net_ghg", "coal_share"])
    assert wide.part * 3 * 36 * 8 < 1.1 * 64e6


def test_no_block_brings_back_more_kept_draws_than_memory_is_meant_for():
    keep = ["net_co2", "net_ghg", "coal_share", "eip_co2"]
    asked = read_settings(n=10**8, keep=keep, block="2e8")
    assert asked.part > CHUNK
    assert asked.part * len(keep) * 36 * 8 < 1.1 * 64e6
    assert read_settings(n=10**8, block=10**7).part >= 10**7
