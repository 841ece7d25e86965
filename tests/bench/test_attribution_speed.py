"""Time to split the difference between two pathways over twelve groups of levers: 4096 pathways."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np

import dualcarbon as dc
from bench.measure import at_most, best_by_turns, table
from dualcarbon.build import Built
from dualcarbon.explore.attribution import MOST_GROUPS, attribute, shapley_values

EVERY_LEVER = (
    "population=1380 million",
    "gdp_growth=4 %",
    "energy_intensity_change=-3 %",
    "non_fossil_share={ambition: 0.8}",
    "oil_ef={ambition: 0.5}",
    "process_co2={ambition: 0.5}",
    "capture_rate=5 %",
    "beccs=90 Mt",
    "dac=50 Mt",
    "land_sink=1 Gt",
    "non_co2={ambition: 0.5}",
)
"""The twelfth is the coal rate of non-fossil power, which no scenario can set."""


def with_another_coal_rate(built: Built) -> Built:
    """The same pathway with non-fossil power counted at a coal rate that falls by a tenth."""
    rate = built.levers["non_fossil_ce_rate"].copy()
    future = built.inputs.years > built.inputs.base_year
    rate[future] *= np.linspace(1.0, 0.9, int(future.sum()))
    return replace(
        built,
        levers={**built.levers, "non_fossil_ce_rate": rate},
        inputs=replace(built.inputs, non_fossil_ce_rate=rate),
    )


def by_orders(values: np.ndarray) -> np.ndarray:
    """Shapley values by their definition: the mean over every order of joining."""
    count = values.shape[0].bit_length() - 1
    total = np.zeros((count, *values.shape[1:]))
    for order in itertools.permutations(range(count)):
        joined = 0
        for player in order:
            total[player] += values[joined | 1 << player] - values[joined]
            joined |= 1 << player
    return total / math.factorial(count)


def test_twelve_groups() -> None:
    """The split of a difference, and the arithmetic of 4096 coalitions alone, beside its definition."""
    a, b = dc.run("current-policies"), dc.run("current-policies", change=EVERY_LEVER)
    other, years = with_another_coal_rate(b.built), list(range(2026, 2061))
    split = attribute(a.built, other, years)
    assert len(split.groups) == MOST_GROUPS == len(EVERY_LEVER) + 1
    worth = np.random.default_rng(4096).normal(size=(1 << 12, 3, len(years)))
    small = worth[: 1 << 7]
    np.testing.assert_allclose(shapley_values(small), by_orders(small), atol=1e-12)
    seconds = best_by_turns(
        {
            "twelve": lambda: attribute(a.built, other, years),
            "arithmetic": lambda: shapley_values(worth),
            "seven": lambda: shapley_values(small),
            "orders": lambda: by_orders(small),
        },
        rounds=3,
    )
    table(
        "Attribution of a comparison, 35 years, three variables",
        [
            (
                "twelve groups, 4096 pathways",
                f"{seconds['twelve'] * 1e3:.0f} ms",
                at_most(seconds["twelve"] * 1e3, 1000),
            ),
            ("of it Shapley values of 4096 coalitions", f"{seconds['arithmetic'] * 1e3:.0f} ms"),
            (
                "seven groups against the mean over 5040 orders",
                f"{seconds['orders'] / seconds['seven']:.0f} x",
            ),
        ],
    )
