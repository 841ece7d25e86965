"""What must hold for our plan."""

from pathlib import Path

import pytest

import dualcarbon as dc
from dualcarbon.testing import assert_pathways_close

PLAN = Path(__file__).with_name("our-plan.yaml")


@pytest.fixture(scope="module")
def plan():
    return dc.run(PLAN)


def test_our_plan_has_not_moved(plan, pathways):
    pathways(plan, variables=["net_co2", "energy_total", "non_fossil_share", "dac"])


def test_our_plan_leaves_the_economy_as_it_is(plan):
    assert_pathways_close(plan, "current-policies", rtol=1e-6, variables=["gdp", "population"])


def test_our_plan_would_fail_without_its_clean_power(plan):
    weaker = dc.run(PLAN, change=["non_fossil_share={ambition: 0.4}"])
    with pytest.raises(AssertionError, match="non_fossil_share"):
        assert_pathways_close(weaker, plan, variables=["net_co2"])
