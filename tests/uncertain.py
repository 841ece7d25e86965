"""Scenarios with uncertainty, and draws of them, for the tests of ensembles."""

from __future__ import annotations

import hashlib
from functools import lru_cache

import numpy as np

from dualcarbon import api
from dualcarbon.build import build
from dualcarbon.explore.ensembles.prior import read_prior
from dualcarbon.scenario import read_scenario_text

LIBRARY = api.open_library()

EVERYTHING = """
  gdp_growth: {normal: {sd: 0.6 pp}, correlate: {energy_intensity_change: 0.4, population: -0.3}}
  energy_intensity_change: {normal: {low: -1 pp, high: 0.8 pp}}
  population: {uniform: {low: -3 %, high: 3 %}, relative: true, over_time: growing}
  land_sink: {pert: {low: -400 Mt, mode: 0 Mt, high: 300 Mt}, over_time: growing, full: 2050}
  process_co2: {normal: {sd: 5 %}, relative: true, over_time: {ar1: 0.7}}
  oil_ef: {normal: {sd: 0.02 t CO2/tce}, over_time: {ar1: 0.5}, correlate: {process_co2: 0.5}}
  gas_share: {history: {window: [2010, 2021]}, over_time: {ar1: 0.5}}
  beccs: {choice: {values: [-50 %, 0 %, 50 %], weights: [1, 2, 1]}, relative: true}
  dac: fixed
  coal_share: {lognormal: {sd: 8 %}, truncate: {low: -10 %, high: 10 %}, over_time: growing}
  capture_rate: {triangular: {low: -5 pp, mode: 1 pp, high: 5 pp}, truncate: {low: -2 pp}}
  non_fossil_share: {correlate: {coal_share: -0.2}}
"""
"""Every kind of distribution, course and correlation at once."""


@lru_cache
def read(uncertainty="", levers="", extends="current-policies"):
    """The scenario, its inputs and its prior; ``uncertainty`` and ``levers`` are indented YAML."""
    text = f"name: uncertain\nextends: {extends}\n"
    text += f"levers:\n{levers}\n" if levers else ""
    text += f"uncertainty:\n{uncertainty}\n" if uncertainty else ""
    scenario = read_scenario_text(text, "uncertain.yaml")
    built = build(scenario, LIBRARY)
    return scenario, built, read_prior(scenario, built, LIBRARY)


def marginal(lever, words, **more):
    """The distribution of one lever from what its entry says."""
    _, _, prior = read(f"  {lever}: {words}", **more)
    return prior.marginals[prior.levers.index(lever)]


def uniforms(prior, count, seed=0):
    """Independent uniform numbers (lever, member)."""
    return np.random.default_rng(seed).random((len(prior.levers), count))


def normals(count, years=35):
    """Standard normals (member, year) by name, from a generator of that name."""

    def named(name):
        seed = int(hashlib.sha256(name.encode()).hexdigest()[:8], 16)
        return np.random.default_rng(seed).standard_normal((count, years))

    return named
