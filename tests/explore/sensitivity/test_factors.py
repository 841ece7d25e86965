"""What is varied together, and what is exchanged between two samples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import dualcarbon as dc
from dualcarbon import api
from dualcarbon.build import build
from dualcarbon.explore.ensembles.prior import Prior, read_prior
from dualcarbon.explore.sensitivity.factors import Factor, Sample, independent_factors, values
from dualcarbon.explore.sensitivity.outputs import read_outputs
from dualcarbon.project import pathway
from dualcarbon.tables.variables import read_variables

LIBRARY = api.open_library()
SCENARIO = dc.load("current-policies")
BUILT = build(SCENARIO, LIBRARY)
PRIOR = read_prior(SCENARIO, BUILT, LIBRARY)
COUNT = len(PRIOR.levers)


def correlated(*pairs):
    correlation = np.eye(COUNT)
    for one, other in pairs:
        correlation[one, other] = correlation[other, one] = 0.4
    return Prior(PRIOR.marginals, correlation)


def test_without_correlation_every_lever_is_a_factor():
    factors = independent_factors(PRIOR)
    assert [factor.name for factor in factors] == list(PRIOR.levers)
    assert [factor.rows for factor in factors] == [(k,) for k in range(COUNT)]


def test_a_chain_of_correlations_is_one_factor():
    """The second lever with the sixth, the sixth with the fourth: three levers that hang together."""
    factors = independent_factors(correlated((1, 5), (3, 5)))
    assert len(factors) == COUNT - 2
    assert factors[1].rows == (1, 3, 5)
    assert factors[1].levers == tuple(PRIOR.levers[k] for k in (1, 3, 5))


@given(st.lists(st.tuples(st.integers(0, COUNT - 1), st.integers(0, COUNT - 1)), max_size=6))
def test_factors_part_the_levers(pairs):
    """Every lever is in one factor, and no correlation leads out of a factor."""
    prior = correlated(*((a, b) for a, b in pairs if a != b))
    factors = independent_factors(prior)
    rows = [row for factor in factors for row in factor.rows]
    assert sorted(rows) == list(range(COUNT))
    for factor in factors:
        outside = [row for row in range(COUNT) if row not in factor.rows]
        assert not prior.correlation[np.ix_(factor.rows, outside)].any()


@pytest.mark.parametrize(
    ("levers", "short", "labelled"),
    [
        (("dac",), "dac", "DAC"),
        (("dac", "beccs"), "dac + beccs", "DAC + BECCS"),
        (("dac", "beccs", "land_sink"), "dac and 2 more", "DAC and 2 more"),
    ],
)
def test_short_names(levers, short, labelled):
    factor = Factor(levers, tuple(range(len(levers))), ("",) * len(levers))
    assert factor.short() == short
    assert factor.short({"dac": "DAC", "beccs": "BECCS", "land_sink": "Sink"}) == labelled


def test_an_exchange_takes_uniforms_and_noise_of_its_levers_alone():
    prior = correlated()
    one = Sample(np.zeros((COUNT, 2)), {PRIOR.levers[0]: np.zeros((2, 3)), PRIOR.levers[1]: np.zeros((2, 3))})
    other = Sample(np.ones((COUNT, 2)), {PRIOR.levers[0]: np.ones((2, 3)), PRIOR.levers[1]: np.ones((2, 3))})
    mixed = one.with_levers_of(other, [1], prior)
    assert mixed.uniform.sum(axis=1).tolist() == [2.0 if row == 1 else 0.0 for row in range(COUNT)]
    assert mixed.normals[PRIOR.levers[1]].all()
    assert not mixed.normals[PRIOR.levers[0]].any()
    assert not one.uniform.any()


def test_blocks_do_not_change_a_value(monkeypatch):
    past = pathway(BUILT.inputs)
    outputs = read_outputs(["net_ghg@2060", "peak_year"], past, read_variables(LIBRARY))
    sample = Sample(np.random.default_rng(1).random((COUNT, 50)), {})
    whole = values(sample, BUILT, PRIOR, outputs, past)
    monkeypatch.setattr("dualcarbon.explore.sensitivity.factors._BLOCK", 7)
    assert np.array_equal(values(sample, BUILT, PRIOR, outputs, past), whole)
