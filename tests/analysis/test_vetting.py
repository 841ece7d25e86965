"""The check of other people's pathways: our own runs in disguise, an independent book, and by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import dualcarbon as dc
from dualcarbon import api
from dualcarbon.analysis.vetting.deriving import WANTED, Derived
from dualcarbon.analysis.vetting.history import Criterion, check_history
from dualcarbon.analysis.vetting.placing import place_among_studies
from dualcarbon.analysis.vetting.reported import YEARS, Reported, held, interpolated
from dualcarbon.analysis.vetting.result import PathwayCheck, ScenarioCheck
from dualcarbon.explore.checking import check_reported, read_criteria, read_past
from dualcarbon.explore.validate_data import validate_data
from dualcarbon.paths import data_folder
from dualcarbon.tables.studies import StudyValue
from dualcarbon.tables.variables import read_variables

COAL_RATE = np.full(YEARS.size, 300.0)


@pytest.fixture(scope="module")
def library():
    return api.open_library()


@pytest.fixture(scope="module", params=[scenario.name for scenario in api.scenarios()])
def run(request: pytest.FixtureRequest) -> api.Run:
    return dc.run(request.param)


def reported(**series: dict[int, float] | list[dict[int, float]]) -> Reported:
    """Pathways of a file from values by year; a list gives one pathway an entry."""
    rows = {key: given if isinstance(given, list) else [given] for key, given in series.items()}
    count = max(map(len, rows.values()))
    arrays = {key: np.full((count, YEARS.size), np.nan) for key in rows}
    for key, entries in rows.items():
        for number, values in enumerate(entries):
            for year, value in values.items():
                arrays[key][number, year - int(YEARS[0])] = value
    names = {key: (key,) for key in rows}
    return Reported("x.csv", tuple(("m", f"s{k}") for k in range(count)), arrays, names)


def as_reported(run: api.Run, keys: list[str] | None = None, years: list[int] | None = None) -> Reported:
    """A run as somebody else's file: some of its variables in some of its years."""
    chosen = [int(year) for year in run.years] if years is None else years
    first = int(run.years[0])
    return reported(
        **{
            key: {year: float(run.results[key][year - first]) for year in chosen if year <= run.years[-1]}
            for key in keys or list(run.results)
        }
    )


def check(given: Reported, library) -> ScenarioCheck:
    return check_reported(given, library).scenarios[0]


# gaps between reported years


@given(st.lists(st.none() | st.floats(-1e6, 1e6), min_size=2, max_size=30))
def test_lines_and_steps_between_reported_years(cells):
    array = np.array([[np.nan if c is None else c for c in cells]])
    series = pd.Series(array[0])
    np.testing.assert_allclose(
        interpolated(array)[0], series.interpolate(limit_area="inside"), rtol=1e-9, atol=1e-6
    )
    np.testing.assert_array_equal(held(array)[0], series.ffill())


# our own runs are scored as they score themselves


def test_history_differs_by_nothing(run, library):
    found = check(as_reported(run), library)
    assert found.level == "ok"
    assert len(found.history) > 30
    assert max(abs(one.difference) for one in found.history) < 1e-12


def test_targets_are_those_of_the_run(run, library):
    own = {score.target.id: score for score in run.scores}
    found = check(as_reported(run), library).targets
    assert len(found) > 10
    for score in found:
        assert score.verdict == own[score.target.id].verdict
        assert score.value == pytest.approx(own[score.target.id].value, nan_ok=True, rel=1e-12)
        assert score.margin == pytest.approx(own[score.target.id].margin, nan_ok=True, rel=1e-9, abs=1e-9)


def test_years_before_a_file_starts_are_history(run, library):
    """A run that starts in 2020 meets history exactly, so that changes since 2005 stay what they were."""
    whole = {s.target.id: s.value for s in check(as_reported(run), library).targets}
    late = check(as_reported(run, years=list(range(2020, 2061))), library).targets
    for score in late:
        assert score.value == pytest.approx(whole[score.target.id], nan_ok=True, rel=1e-9), score.target.id
    since_2005 = next(s for s in late if s.target.base == 2005)
    assert "years before 2020 are history" in since_2005.remark


def test_steps_of_five_years(run, library):
    """Levels in reported years stay; a target in a year between is not judged; years are reported ones."""
    whole = {s.target.id: s for s in check(as_reported(run), library).targets}
    steps = list(range(2005, 2061, 5))
    for score in check(as_reported(run, years=steps), library).targets:
        if score.target.year % 5:
            assert score.verdict == "not applicable"
            assert score.remark == f"{score.target.year} is not reported"
        elif score.target.unit == "year":
            assert np.isnan(score.value) or "as far as the reported years show" in score.remark
            assert np.isnan(score.value) or score.value in steps
            assert np.isnan(score.value) == np.isnan(whole[score.target.id].value)
        elif score.target.base != "peak":
            assert score.value == pytest.approx(whole[score.target.id].value, rel=1e-9)


def test_the_coal_equivalent_share_comes_back_from_direct_equivalent(run, library):
    """Only common names are left: our own conversion undone, so equal; and said to be an approximation."""
    keys = [v.key for v in read_variables(library).values() if not v.custom]
    given = as_reported(run, keys, list(range(2010, 2061)))
    own = {score.target.id: score for score in run.scores}
    shares = [s for s in check(given, library).targets if s.target.indicator == "non_fossil_share"]
    assert len(shares) >= 4
    for score in shares:
        assert score.value == pytest.approx(own[score.target.id].value, rel=1e-9)
        assert "approximate: from direct-equivalent energy" in score.remark


def test_what_follows_from_parts_is_worked_out(run):
    parts = ["eip_co2", "dac", "land_sink", "non_co2", "coal_energy", "oil_energy", "gas_energy"]
    derived = Derived(as_reported(run, [*parts, "energy_total_direct", "captured_co2", "beccs"]), COAL_RATE)
    known = slice(0, run.years.size)
    for key in ("net_co2", "net_ghg", "non_fossil_energy_direct", "coal_share_direct", "gross_co2"):
        np.testing.assert_allclose(derived[key][0, known], run.results[key], rtol=1e-12)
        assert derived.remarks([key], 0) == []


# by hand


def test_coal_equivalent_of_direct_equivalent_energy():
    """100 Mtce of power at 300 gce/kWh instead of 122.835 count as 244.23 Mtce; biomass stays 50 Mtce."""
    derived = Derived(
        reported(
            coal_energy={2030: 600.0},
            oil_energy={2030: 200.0},
            gas_energy={2030: 50.0},
            biomass_energy={2030: 50.0},
            energy_total_direct={2030: 1000.0},
        ),
        COAL_RATE,
    )
    at_2030 = 2030 - int(YEARS[0])
    assert derived["non_fossil_energy"][0, at_2030] == pytest.approx(294.23, abs=0.01)
    assert derived["non_fossil_share"][0, at_2030] == pytest.approx(294.23 / 1144.23, abs=1e-5)
    assert derived["non_fossil_share_direct"][0, at_2030] == pytest.approx(0.15)


def test_gases_add_up_by_gwp100_of_ar5():
    """60 Mt CH4 x 28 + 1.5 Mt N2O x 265 + 400 Mt CO2e (IPCC AR5 WGI, table 8.A.1)."""
    derived = Derived(reported(ch4={2030: 60.0}, n2o={2030: 1.5}, f_gases={2030: 400.0}), COAL_RATE)
    assert np.nanmax(derived["non_co2"]) == pytest.approx(2477.5)


def test_what_a_scenario_reports_itself_is_kept():
    """The first reports energy and processes together, the second apart."""
    derived = Derived(
        reported(
            eip_co2=[{2030: 100.0}, {}], energy_co2_net=[{2030: 80.0}] * 2, process_co2_net=[{2030: 15.0}] * 2
        ),
        COAL_RATE,
    )
    assert [float(np.nanmax(row)) for row in derived["eip_co2"]] == [100.0, 95.0]


def test_a_modelled_sink_is_said(library):
    found = check(reported(ghg_modelled_sink={2020: 12_000.0, 2035: 9_000.0, 2060: -100.0}), library)
    neutral = next(s for s in found.targets if s.target.id == "neutral-2060")
    assert (neutral.value, neutral.verdict) == (2060.0, "met")
    assert "land as models see it" in neutral.remark


CRITERION = Criterion("eip_co2", "CO2", "level", (2015, 2020, 2023), warn=0.1, fail=0.2)
PAST = {"eip_co2": np.where(YEARS < 2026, 10_000.0, np.nan)}

OFF = [(0.0, "ok"), (0.0999, "ok"), (-0.11, "warn"), (0.1999, "warn"), (0.21, "fail"), (-0.5, "fail")]


@pytest.mark.parametrize(("off", "level"), OFF)
def test_levels(off, level):
    derived = Derived(reported(eip_co2={2020: 10_000.0 * (1 + off)}), COAL_RATE)
    (found,) = check_history(derived, PAST, [CRITERION])[0]
    assert (found.year, found.level) == (2020, level)
    assert found.difference == pytest.approx(off, abs=1e-12)


def test_years_between_are_interpolated_and_years_outside_are_not():
    derived = Derived(reported(eip_co2={2020: 10_000.0, 2025: 12_000.0}), COAL_RATE)
    at_2020, at_2023 = check_history(derived, PAST, [CRITERION])[0]
    assert (at_2020.year, at_2020.remark) == (2020, "")
    assert (at_2023.year, at_2023.value, at_2023.remark) == (2023, 11_200.0, "between reported years")


def test_gdp_in_another_currency_is_compared_by_its_growth(library):
    """Growth of 2016-2020 as first published (6.7, 6.9, 6.6, 6.1, 2.3 %) makes 1.320; the currency is any."""
    found = check(reported(gdp_abroad={2015: 17.0, 2020: 17.0 * 1.320}), library).history
    assert [(one.criterion.variable, one.year, one.level) for one in found] == [("gdp", 2020, "ok")]
    assert abs(found[0].difference) < 0.005
    assert found[0].remark == "relative to 2015"


def test_an_approximation_is_not_held_against_a_file(library):
    """Coal-equivalent energy that we worked out ourselves is not compared with the statistics."""
    given = reported(
        energy_total_direct={2020: 4500.0}, **{f"{k}_energy": {2020: 900.0} for k in ("coal", "oil", "gas")}
    )
    found = check(given, library)
    assert "energy_total" not in {one.criterion.variable for one in found.history}
    assert "energy_total" in {one.variable for one in found.missing}


def test_wind_and_solar_are_compared_as_power_and_not_with_solar_heat(library):
    """Ember: 466.5 TWh of wind and 261.1 TWh of solar power in 2020; 0.122835 Mtce a TWh."""
    wind, solar = 466.5 * 0.122835, 261.1 * 0.122835
    (power,) = check(reported(wind_energy={2020: wind}, solar_energy={2020: solar}), library).history
    assert (power.criterion.variable, power.level) == ("wind_solar_energy", "ok")
    assert abs(power.difference) < 1e-4
    with_heat = check(reported(wind_energy={2020: wind}, solar_primary={2020: solar + 40.0}), library)
    assert with_heat.history == ()


def test_missing_variables_are_listed_and_not_fatal(library):
    found = check(reported(final_energy={2020: 3000.0, 2030: 3100.0}), library)
    assert found.level == "none"
    assert len(found.missing) == len(read_criteria(library))
    assert {score.verdict for score in found.targets} == {"not applicable"}
    assert {score.remark for score in found.targets} == {f"needs {names}" for names in WANTED.values()}


def test_a_file_to_2050_says_nothing_about_2060(library):
    found = check(reported(net_ghg={2020: 12_000.0, 2050: -1.0}), library)
    neutral = next(s for s in found.targets if s.target.id == "neutral-2060")
    assert (neutral.verdict, neutral.remark) == ("not applicable", "reported to 2050 only")


def test_a_change_from_a_year_between_reported_ones_is_not_judged(library):
    """2020 is no stand-in for 2025; years before the file's first are history, as above."""
    years = {2020: 100.0, 2030: 50.0}
    found = check(reported(gross_co2=years, gdp=years), library).targets
    since_2025 = next(s for s in found if s.target.id == "fyp15-carbon-intensity")
    assert (since_2025.target.base, since_2025.verdict) == (2025, "not applicable")
    assert since_2025.remark == "2025, from which it counts, is not reported"


def test_a_peak_and_a_neutral_year_lie_between_reported_years(library):
    co2 = {2010: 9_000.0, 2020: 11_000.0, 2030: 10_000.0, 2050: 2_000.0, 2060: 0.0}
    found = {s.target.id: s for s in check(reported(eip_co2=co2, net_ghg=co2), library).targets}
    assert found["peak-2030"].remark.startswith("between 2010 and 2030, as far as the reported years show")
    assert "between 2050 and 2060, as far as the reported years show" in found["neutral-2060"].remark


def test_a_file_that_starts_late_says_nothing_about_the_peak(library):
    found = check(reported(eip_co2={2030: 12_000.0, 2060: 0.0}), library)
    peak = next(s for s in found.targets if s.target.id == "peak-2030")
    assert (peak.verdict, peak.remark) == (
        "not applicable",
        "starts in 2030: whether it peaked before is not known",
    )


# an independent book


def test_the_global_carbon_budget_is_near_history(library):
    """Coal, oil and gas of the Global Carbon Budget 2025 as somebody's CO2 from energy: ok in every year."""
    table = library["co2_gcb2025"]
    years = (2015, 2020, 2023)
    series = [dict(zip(*table.series(f"{fuel}_co2"), strict=True)) for fuel in ("coal", "oil", "gas")]
    energy = {year: float(sum(one[year] for one in series)) for year in years}
    found = check(reported(energy_co2_net=energy), library).history
    assert [(one.year, one.level) for one in found] == [(year, "ok") for year in years]
    assert 0.0 < max(abs(one.difference) for one in found) < 0.035


# published studies


def study(variable: str, year: int | None, low: float, high: float) -> StudyValue:
    value = low if low == high else float("nan")
    return StudyValue("a", "b", variable, year, value, low, high, "Mt CO2", "secondary", "c", "d")


PLACES = [(900.0, "below"), (1000.0, "within"), (1500.0, "within"), (2500.0, "above")]


@pytest.mark.parametrize(("value", "place"), PLACES)
def test_places_in_a_range(value, place):
    studies = [study("eip_co2", 2060, 1000.0, 1000.0), study("eip_co2", 2060, 1200.0, 2000.0)]
    (found,) = place_among_studies(Derived(reported(eip_co2={2060: value}), COAL_RATE), studies)[0]
    assert (found.place, found.low, found.high) == (place, 1000.0, 2000.0)


def test_a_sum_without_its_small_parts_says_so():
    studies = [
        study("captured_co2+beccs+dac", 2060, 1000.0, 1000.0),
        study("eip_co2+non_co2", 2060, 1.0, 1.0),
    ]
    given = reported(captured_co2={2060: 700.0}, beccs={2060: 300.0}, eip_co2={2060: 1.0})
    (found,) = place_among_studies(Derived(given, COAL_RATE), studies)[0]
    assert (found.value, found.place) == (1000.0, "at")
    assert found.remark == "no dac reported, taken as none"


def test_years_of_peak_and_neutrality_are_placed():
    studies = [
        study("eip_co2_peak_year", None, 2027.0, 2030.0),
        study("net_co2_neutral_year", None, 2060.0, 2060.0),
    ]
    given = reported(
        eip_co2={2020: 11_000.0, 2030: 12_000.0, 2060: 0.0},
        net_co2=[{2020: 10_000.0, 2050: -1.0, 2060: -1.0}],
    )
    peak, neutral = place_among_studies(Derived(given, COAL_RATE), studies)[0]
    assert (peak.value, peak.place) == (2030.0, "within")
    assert (neutral.value, neutral.place) == (2050.0, "below")


def test_a_peak_in_the_first_reported_year_is_no_peak():
    studies = [study("eip_co2_peak_year", None, 2027.0, 2030.0)]
    assert place_among_studies(Derived(reported(eip_co2={2020: 3.0, 2030: 2.0}), COAL_RATE), studies) == [[]]


# the result, and the criteria


def test_rows_are_in_printed_units(library):
    result = check_reported(reported(eip_co2={2020: 12_800.0}, non_fossil_share={2030: 0.26}), library)
    assert isinstance(result, PathwayCheck)
    assert result.failed is False
    rows = {(row["part"], row["item"]): row for row in result.rows if row["value"] is not None}
    co2 = rows["history", "eip_co2"]
    assert (co2["value"], co2["unit"], co2["verdict"]) == (12_800.0, "Mt CO2", "warn")
    assert co2["difference_percent"] == pytest.approx(16.1, abs=0.1)
    share = rows["target", "ndc2030-non-fossil-share"]
    assert (share["value"], share["reference"], share["unit"]) == (pytest.approx(26.0), 25.0, "%")


def test_each_criterion_warns_before_it_fails(library):
    criteria = read_criteria(library)
    assert all(0.0 < one.warn < one.fail < 1.0 and all(one.reasons) for one in criteria)
    past = read_past(library)
    for one in criteria:
        observed = past.arrays[one.variable][np.array(one.years) - int(YEARS[0])]
        assert not np.isnan(observed).any(), one.variable


def test_the_shipped_validate_data_file_is_what_the_tables_give(library):
    shipped = Path(data_folder()) / "vetting/nomenclature/validate_data.yaml"
    anew = f"write it anew: dualcarbon criteria --format nomenclature > {shipped}"
    assert shipped.read_text(encoding="utf-8") == validate_data(library), anew
