"""Outputs named by texts: what they mean, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

import dualcarbon as dc
from dualcarbon import api
from dualcarbon.build import build, vary
from dualcarbon.errors import InputError
from dualcarbon.explore.ensembles.draws import draw_inputs, lever_paths
from dualcarbon.explore.ensembles.prior import read_prior
from dualcarbon.explore.sensitivity.outputs import read_outputs
from dualcarbon.project import pathway
from dualcarbon.tables.variables import read_variables

LIBRARY = api.open_library()
VARIABLES = read_variables(LIBRARY)
TEXTS = [
    "peak_year",
    "peak_level",
    "neutral_year",
    "co2_neutral_year",
    "cumulative_co2@2035",
    "cumulative_net_co2@2060",
    "net_ghg@2060",
    "non_fossil_share@2040",
]
INDICATORS = {
    "peak_year": ("eip_co2_peak_year", None),
    "neutral_year": ("net_ghg_neutral_year", None),
    "co2_neutral_year": ("net_co2_neutral_year", None),
    "cumulative_co2@2035": ("cumulative_eip_co2_from_2020", 2035),
    "cumulative_net_co2@2060": ("cumulative_net_co2_from_2020", 2060),
    "net_ghg@2060": ("net_ghg", 2060),
    "non_fossil_share@2040": ("non_fossil_share", 2040),
}


@pytest.mark.parametrize("name", ["current-policies", "deep-decarbonisation"])
def test_one_run_gives_its_indicators(name):
    """What `dualcarbon run` lists; a neutral year that is not there is the year after the end."""
    run = dc.run(name)
    listed = {(i.name, i.year): i.value for i in run.indicators}
    values = {
        o.name: float(o.of(run.results, run.results)) for o in read_outputs(TEXTS, run.results, VARIABLES)
    }
    for text, key in INDICATORS.items():
        assert values[text] == (2061.0 if np.isnan(listed[key]) else listed[key])
    peak = next(i for i in run.indicators if i.name == "eip_co2_peak_level")
    assert values["peak_level"] == peak.value


def test_a_draw_in_a_batch_is_a_run_of_its_own():
    """Bit for bit, with the years before the base year, where the batch has none."""
    scenario = dc.load("peak-2030-neutral-2060")
    built = build(scenario, LIBRARY)
    past = pathway(built.inputs)
    prior = read_prior(scenario, built, LIBRARY)
    uniform = np.random.default_rng(1).random((len(prior.levers), 40))
    paths = lever_paths(built, prior, uniform, {}.__getitem__)
    outputs = read_outputs(TEXTS, past, VARIABLES)
    batch = pathway(draw_inputs(built, paths))
    together = np.stack([output.of(batch, past) for output in outputs])
    assert np.unique(together[0]).size > 1
    for k in range(40):
        single = pathway(vary(built, {name: path[k] for name, path in paths.items()}))
        alone = [float(output.of(single, single)) for output in outputs]
        assert together[:, k].tolist() == alone


def test_values_come_in_the_unit_of_the_registry():
    run = dc.run("current-policies")
    (share,) = read_outputs(["coal_share@2030"], run.results, VARIABLES)
    assert share.unit == "%"
    assert float(share.of(run.results, run.results)) == run["coal_share"][run.years == 2030][0] * 100.0


def test_the_same_text_twice_counts_once():
    run = dc.run("current-policies")
    assert len(read_outputs(["peak_year", " peak_year ", "net_co2@2060"], run.results, VARIABLES)) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("net_cO2@2060", "there is no variable 'net_cO2'; did you mean net_co2?"),
        ("peak_yaer", "there is no variable 'peak_yaer'; did you mean peak_year?"),
        ("xyz@2060", "`dualcarbon variables` lists them; also peak_year, peak_level"),
        ("net_co2", "net_co2: needs a year, such as net_co2@2060"),
        ("net_co2@", "needs a year, such as net_co2@2060"),
        ("net_co2@soon", "'soon' is not a year; write one of 2026-2060, such as net_co2@2060"),
        ("net_co2@2061", "2061 is outside the projected years 2026-2060"),
        ("cumulative_co2@2025", "2025 is outside the projected years 2026-2060"),
        ("peak_year@2060", "belongs to the whole pathway, not to a year; write peak_year"),
        ("", "there is no variable ''"),
    ],
)
def test_what_is_refused(text, expected):
    run = dc.run("current-policies")
    with pytest.raises(InputError) as error:
        read_outputs([text], run.results, VARIABLES)
    assert expected in str(error.value)


def test_every_fault_is_named():
    run = dc.run("current-policies")
    with pytest.raises(InputError) as error:
        read_outputs(["net_co2@1999", "peak", "net_ghg@2060"], run.results, VARIABLES, "--of")
    assert len(error.value.faults) == 2
    assert {fault.where for fault in error.value.faults} == {"--of"}
    with pytest.raises(InputError, match="nothing is asked for"):
        read_outputs([], run.results, VARIABLES)
