"""Verification: known values, honest verdicts, and a table change that is seen."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from dualcarbon import project
from dualcarbon.build import build
from dualcarbon.explore.verification import Verification, verify_all
from dualcarbon.explore.verification.accounting import AccountingCheck
from dualcarbon.explore.verification.evidence import Span, same_document
from dualcarbon.explore.verification.figures import FigureCheck
from dualcarbon.explore.verification.identities import Identity
from dualcarbon.explore.verification.measures import COMPUTED, CROSS_CHECKED, READINGS
from dualcarbon.paths import data_folder
from dualcarbon.scenario import read_scenario
from dualcarbon.tables import Library

MISSED = {
    "carbon_intensity_2005_2020",
    "co2_avoided_2005_2020",
    "energy_intensity_2012_2023",
    "carbon_intensity_2012_2023",
    "coal_share_2020",
    "non_fossil_share_2023",
}
"""The misses of today's tables: a silent change of any of them must be seen."""


def verification(library: Library, folder: Path, base_year: int | None = None) -> Verification:
    text = "name: reference\n" + (f"base_year: {base_year}\n" if base_year else "")
    path = folder / "reference.yaml"
    path.write_text(text, encoding="utf-8")
    return verify_all(library, project.pathway(build(read_scenario(path), library).inputs))


@pytest.fixture(scope="module")
def library() -> Library:
    return Library(data_folder())


@pytest.fixture(scope="module")
def verified(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Verification:
    return verification(library, tmp_path_factory.mktemp("reference"))


@pytest.fixture
def with_change(tmp_path: Path) -> Callable[[str, str, str], Verification]:
    """Verification with one piece of text replaced in one file of a copied data folder."""

    def change(file: str, old: str, new: str) -> Verification:
        folder = tmp_path / "data"
        shutil.copytree(data_folder(), folder)
        text = (folder / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} must stand once in {file}"
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")
        return verification(Library(folder), tmp_path)

    return change


def figure(v: Verification, key: str) -> FigureCheck:
    return next(check for check in v.figures if check.figure.id == key)


def identity(v: Verification, key: str) -> Identity:
    return next(one for one in v.identities if one.id == key)


def by_year(checks: tuple[AccountingCheck, ...], what: str) -> dict[int, AccountingCheck]:
    return {check.year: check for check in checks if check.what == what}


class TestCoverage:
    def test_every_figure_is_covered_once(self, library: Library, verified: Verification) -> None:
        ids = [row["id"] for row in library["figures"].rows]
        assert [check.figure.id for check in verified.figures] == ids
        assert len(ids) == len(set(ids)) == 55

    def test_every_figure_has_the_check_that_the_table_names(self, library: Library) -> None:
        named = {
            kind: {row["id"] for row in library["figures"].rows if row["check"] == kind}
            for kind in ("computed", "cross-checked")
        }
        assert named == {"computed": set(COMPUTED), "cross-checked": set(CROSS_CHECKED)}
        assert set(READINGS) <= named["computed"] | named["cross-checked"]

    def test_counts(self, verified: Verification) -> None:
        counts = verified.counts
        assert counts.total == len(verified.figures) == 55
        assert (counts.computed.met, counts.computed.missed, counts.computed.not_computed) == (4, 4, 0)
        assert (counts.cross_checked.met, counts.cross_checked.missed) == (12, 2)
        assert (counts.cross_checked.total, counts.quoted.total) == (14, 33)

    def test_quoted_figures_are_never_verified(self, verified: Verification) -> None:
        quoted = [check for check in verified.figures if check.figure.check == "quoted"]
        assert {(check.verdict, check.ours) for check in quoted} == {("not computed", None)}
        assert all(check.remark for check in quoted)
        assert verified.counts.quoted.met == verified.counts.quoted.missed == 0

    def test_misses_are_known_and_have_a_reason(self, verified: Verification) -> None:
        missed = [check for check in verified.figures if check.verdict == "missed"]
        assert {check.figure.id for check in missed} == MISSED
        assert all(check.remark for check in missed)

    def test_everything_compared_names_its_sources(self, verified: Verification) -> None:
        for check in verified.figures:
            assert bool(check.sources) == bool(check.statuses) == (check.verdict in ("met", "missed"))

    def test_records_are_frozen(self, verified: Verification) -> None:
        with pytest.raises(FrozenInstanceError):
            verified.figures[0].verdict = "met"  # type: ignore[misc]


class TestFigures:
    @pytest.mark.parametrize(
        ("key", "ours", "verdict"),
        [
            ("carbon_intensity_2005_2020", -49.75, "missed"),
            ("carbon_intensity_target_2020", -49.75, "met"),
            ("co2_avoided_2005_2020", 9.72, "missed"),
            ("coal_share_2005", 72.4, "met"),
            ("coal_share_2020", 56.9, "missed"),
            ("coal_share_2023", 55.3, "met"),
            ("non_fossil_share_2005", 7.4, "met"),
            ("non_fossil_share_2020", 15.9, "met"),
            ("non_fossil_share_2023", 17.9, "missed"),
            ("forest_cover_2020", 23.04, "met"),
            ("forest_cover_2023", 24.02, "met"),
            ("peak_year_pledge", 2030, "met"),
            ("neutrality_year_pledge", 2060, "met"),
            ("peak_to_neutrality_span", 30, "met"),
            ("energy_growth_since_2012", 3.25, "met"),
            ("gdp_growth_since_2012", 6.08, "met"),
            ("energy_intensity_2012_2023", -25.72, "missed"),
            ("carbon_intensity_2012_2023", -34.90, "missed"),
            ("renewable_capacity_share_2023", 51.94, "met"),
            ("ets_coverage", 5.2, "met"),
        ],
    )
    def test_value_and_verdict(self, verified: Verification, key: str, ours: float, verdict: str) -> None:
        check = figure(verified, key)
        assert check.ours == Span.of(pytest.approx(ours, abs=0.006))
        assert check.verdict == verdict
        stated = check.figure.stated
        assert check.ours is not None
        assert check.difference == pytest.approx(check.ours.beyond(stated))

    def test_a_date_within_the_year_lies_between_the_year_ends(self, verified: Verification) -> None:
        volume = figure(verified, "ets_cumulative_volume_2024")
        value = figure(verified, "ets_cumulative_value_2024")
        assert volume.ours == Span(pytest.approx(441.79), 630.0)
        assert value.ours == Span(pytest.approx(24.919), 43.033)
        assert (volume.verdict, value.verdict) == ("met", "met")

    def test_an_exceeded_pledge_says_so(self, verified: Verification) -> None:
        remark = figure(verified, "carbon_intensity_target_2020").remark
        assert remark == "exceeds the strong end of the range by 4.7 points"

    def test_no_plain_reading_gives_the_avoided_co2(self, verified: Verification) -> None:
        readings = {r.what: r for r in figure(verified, "co2_avoided_2005_2020").readings}
        values = {what: round(reading.value, 2) for what, reading in readings.items()}
        assert values == {
            "in 2020 at the 2005 intensity": 9.72,
            "sum over 2006-2020 at the 2005 intensity": 67.52,
            "in 2015 at the 2005 intensity": 5.67,
            "in 2020 at the 2015 intensity": 2.24,
            "sum over 2016-2020 at the 2015 intensity": 7.65,
            "sum over 2006-2020, each year at the intensity of the year before": 6.03,
            "the same, scaled to the official change of intensity": 5.79,
        }
        reproduces = [what for what, reading in readings.items() if reading.reproduces]
        assert reproduces == ["the same, scaled to the official change of intensity"]

    def test_readings_explain_misses_without_moving_them(self, verified: Verification) -> None:
        energy = figure(verified, "energy_intensity_2012_2023")
        chain = next(r for r in energy.readings if r.what.startswith("chain of official statements"))
        assert chain.value == pytest.approx(-26.84, abs=0.005)
        assert chain.reproduces
        assert energy.verdict == "missed"
        coal = figure(verified, "coal_share_2020")
        assert [(r.value, r.reproduces) for r in coal.readings] == [(56.8, True)]
        assert coal.verdict == "missed"


class TestIndependence:
    def test_no_figure_rests_on_its_own_document(self, library: Library, verified: Verification) -> None:
        documents = library["figures"].sidecar["sources"]
        for check in verified.figures:
            title = documents[check.figure.document]["title"]
            assert not any(title in source for source in check.sources)

    def test_the_same_document_under_another_publisher_is_recognised(self, library: Library) -> None:
        documents = library["figures"].sidecar["sources"]
        revisions = library["energy_revisions"].sidecar["sources"]
        assert same_document(revisions["mee-2024-article"], documents["D3"])
        assert not same_document(revisions["nbs-75-years"], documents["D3"])

    def test_addresses_identify_a_document(self) -> None:
        one = {"title": "A page", "url": "https://example.org/a"}
        assert same_document(one, {"title": "Other title", "url": "https://example.org/a"})
        assert not same_document({"title": "A page", "url": None}, {"title": "Other", "url": None})
        assert not same_document({"title": "Page", "url": None}, {"title": "A page", "url": None})

    def test_a_number_from_the_same_document_is_not_counted(
        self, library: Library, with_change: Callable[[str, str, str], Verification]
    ) -> None:
        title = library["figures"].sidecar["sources"]["D2"]["title"]
        v = with_change("land/forest.yaml", "Forest resources at the end of the 13th Five-Year Plan", title)
        check = figure(v, "forest_cover_2020")
        assert (check.verdict, check.ours) == ("not computed", None)
        assert check.remark == "the other number comes from the same document"
        assert v.counts.cross_checked.not_computed == 1
        assert v.counts.total == 55


class TestChangesAreSeen:
    @pytest.mark.parametrize(
        ("file", "row", "old", "new", "key", "verdict"),
        [
            ("energy/energy_balance.csv", "coal_share,2020,", "56.9", "56.8", "coal_share_2020", "met"),
            (
                "energy/energy_balance.csv",
                "energy_total,2020,",
                "4983.14",
                "6500",
                "carbon_intensity_target_2020",
                "missed",
            ),
            ("land/forest.csv", "forest_cover,2020,", "23.04", "23.05", "forest_cover_2020", "missed"),
            ("economy/gdp.csv", "gdp_growth,2023,", "5.2", "4.1", "gdp_growth_since_2012", "missed"),
            ("economy/gdp.csv", "gdp_growth,2023,", "5.2", "5.5", "carbon_intensity_2012_2023", "met"),
            (
                "market/carbon_market.csv",
                "turnover,2023,",
                "211.9",
                "311.9",
                "ets_cumulative_volume_2024",
                "missed",
            ),
            (
                "targets/targets.csv",
                "二氧化碳排放2030年前达峰,co2_peak_year,energy-and-process,,at_most,",
                "2030",
                "2029",
                "peak_year_pledge",
                "missed",
            ),
        ],
    )
    def test_verdict_moves(
        self,
        with_change: Callable[[str, str, str], Verification],
        file: str,
        row: str,
        old: str,
        new: str,
        key: str,
        verdict: str,
    ) -> None:
        v = with_change(file, f"{row}{old},", f"{row}{new},")
        assert figure(v, key).verdict == verdict

    @pytest.mark.parametrize("key", ["coal_boilers_to", "carbon_intensity_2012_2023"])
    def test_a_figure_without_a_check_is_not_computed(
        self, with_change: Callable[[str, str, str], Verification], key: str
    ) -> None:
        v = with_change("figures/figures.csv", f"\n{key},", "\nanother_figure,")
        assert figure(v, "another_figure").verdict == "not computed"
        assert v.counts.total == 55

    def test_a_missing_year_is_not_computed(
        self, with_change: Callable[[str, str, str], Verification]
    ) -> None:
        v = with_change("energy/capacity.csv", "capacity_wind,2023,", "capacity_wind,1999,")
        check = figure(v, "renewable_capacity_share_2023")
        assert (check.verdict, check.remark) == ("not computed", "statistics are missing for these years")

    def test_projected_years_are_no_evidence(self, library: Library, tmp_path: Path) -> None:
        v = verification(library, tmp_path, base_year=2022)
        assert figure(v, "energy_intensity_2012_2023").verdict == "not computed"
        assert figure(v, "carbon_intensity_2005_2020").verdict == "missed"
        assert max(check.year for check in v.accounting) == 2022
        later = {check.verdict for check in v.intensities if check.year_to > 2022}
        assert later == {"not computed"}


class TestAccounting:
    @pytest.mark.parametrize("year", [*range(2000, 2004), *range(2010, 2025)])
    def test_goal(self, verified: Verification, year: int) -> None:
        check = by_year(verified.accounting, "coal, oil and gas")[year]
        assert check.goal == 3.5
        assert abs(check.difference) <= 3.5
        assert check.verdict == "met"

    @pytest.mark.parametrize("year", range(2004, 2010))
    def test_the_statistical_gap_is_shown_with_its_reason(self, verified: Verification, year: int) -> None:
        check = by_year(verified.accounting, "coal, oil and gas")[year]
        assert (check.goal, check.verdict) == (None, "shown")
        assert 5.0 < check.difference < 11.5
        assert "revised upward" in check.remark

    def test_known_values(self, verified: Verification) -> None:
        checks = by_year(verified.accounting, "coal, oil and gas")
        assert list(checks) == list(range(2000, 2025))
        found = {year: round(checks[year].difference, 1) for year in (2000, 2007, 2016, 2020, 2024)}
        assert found == {2000: -0.7, 2007: 11.4, 2016: 3.4, 2020: -0.6, 2024: -3.1}
        assert checks[2020].theirs == pytest.approx(7679.382 + 1523.058 + 676.473)

    def test_fuels_add_up_to_the_total(self, verified: Verification) -> None:
        total = by_year(verified.accounting, "coal, oil and gas")
        fuels = [by_year(verified.accounting, fuel) for fuel in ("coal", "oil", "gas")]
        assert [list(fuel) for fuel in fuels] == [list(range(2020, 2025))] * 3
        for year in fuels[0]:
            assert sum(fuel[year].ours for fuel in fuels) == pytest.approx(total[year].ours)
            assert sum(fuel[year].theirs for fuel in fuels) == pytest.approx(total[year].theirs)
        assert all(check.verdict == "shown" and check.remark for fuel in fuels for check in fuel.values())

    def test_a_worse_book_misses(self, with_change: Callable[[str, str, str], Verification]) -> None:
        v = with_change("emissions/co2_gcb2025.csv", "coal_co2,2020,7679.382,", "coal_co2,2020,8100,")
        assert by_year(v.accounting, "coal, oil and gas")[2020].verdict == "missed"

    def test_inventory(self, verified: Verification) -> None:
        ghg = by_year(verified.inventory, "net GHG")
        assert {year: check.theirs for year, check in ghg.items()} == {2020: 12463.0, 2021: 12999.0}
        assert {year: check.goal for year, check in ghg.items()} == {2020: 1.0, 2021: 1.0}
        assert ghg[2020].difference == pytest.approx(-0.6, abs=0.05)
        assert ghg[2021].difference == pytest.approx(-1.5, abs=0.05)
        # Known: 2021 misses the goal of 1 %, since official industrial-process CO2 is wider.
        assert (ghg[2020].verdict, ghg[2021].verdict) == ("met", "missed")
        assert "process" in ghg[2021].remark

    def test_inventory_co2_is_shown(self, verified: Verification) -> None:
        shown = {c.what: round(c.difference, 1) for c in verified.inventory if c.verdict == "shown"}
        assert shown == {"net CO2": -1.8, "energy and process CO2": -1.8}


class TestIntensities:
    def test_every_statement_is_computed(self, library: Library, verified: Verification) -> None:
        assert [c.id for c in verified.intensities] == [row["id"] for row in library["intensity"].rows]
        verdicts = Counter(check.verdict for check in verified.intensities)
        assert verdicts == {"met": 22, "shown": len(verified.intensities) - 22}

    def test_old_scope_carbon_intensity_is_within_two_points(self, verified: Verification) -> None:
        old = [c for c in verified.intensities if (c.indicator, c.scope) == ("carbon_intensity", "energy")]
        assert len(old) == 22
        for check in old:
            assert (check.goal, check.verdict, check.approximate) == (2.0, "met", False)
            assert abs(check.difference) <= 2.0

    @pytest.mark.parametrize(
        ("key", "ours"),
        [
            ("ci_2005_2020", -49.75),
            ("ci_2016_2020", -18.56),
            ("ci_2021_2025_old_scope", -11.76),
            ("ci_2021_2025_new_scope", -15.57),
            ("ei_2016_2020", -12.94),
            ("ei_2024", -3.06),
        ],
    )
    def test_known_values(self, verified: Verification, key: str, ours: float) -> None:
        check = next(check for check in verified.intensities if check.id == key)
        assert check.ours == pytest.approx(ours, abs=0.006)
        assert check.difference == pytest.approx(check.ours - check.official)

    def test_approximations_show_their_gap(self, verified: Verification) -> None:
        gaps = {c.id: round(c.difference, 1) for c in verified.intensities if c.approximate}
        assert gaps == {
            "ci_2021_2025_new_scope": 2.1,
            "ei_2023": 0.5,
            "ei_2024": 0.7,
            "ei_2025": 1.4,
            "ei_2021_2024": 4.1,
        }
        assert all(c.remark.startswith("approximation") for c in verified.intensities if c.approximate)

    def test_a_break_in_the_statistics_is_said(self, verified: Verification) -> None:
        crossing = {c.id for c in verified.intensities if "break of the energy series in 2024" in c.remark}
        assert {"ci_2024", "ei_2024", "ei_2021_2024", "ci_2021_2025_ndrc"} <= crossing
        assert not {"ci_2023", "ci_2025", "ei_2025"} & crossing

    def test_an_unknown_scope_is_not_computed(
        self, with_change: Callable[[str, str, str], Verification]
    ) -> None:
        v = with_change(
            "official/intensity.csv", "ci_2016,carbon_intensity,energy,", "ci_2016,carbon_intensity,x,"
        )
        check = next(check for check in v.intensities if check.id == "ci_2016")
        assert (check.verdict, check.remark) == ("not computed", "no measure in this scope")


class TestIdentities:
    def test_growth_rates(self, verified: Verification) -> None:
        one = identity(verified, "growth-rates")
        assert one.implied == pytest.approx(((1.03 / 1.06) ** 11 - 1) * 100)
        assert one.stated == Span.of(-26.8)
        assert one.difference == pytest.approx(-0.28, abs=0.005)
        assert one.verdict == "met"

    def test_pm25(self, verified: Verification) -> None:
        one = identity(verified, "pm25")
        assert one.implied == pytest.approx((30 - 42) / 42 * 100)
        assert (one.stated, one.tolerance, one.verdict) == (Span.of(-28.6), 0.05, "met")

    def test_annual_changes(self, verified: Verification) -> None:
        implied = (0.962 * 0.992 * 1.0 * 0.966 * 0.95 - 1) * 100
        old = identity(verified, "annual-ci_2021_2025_old_scope")
        assert old.implied == pytest.approx(implied)
        assert (old.stated, old.verdict) == (Span.of(-12.4), "met")
        ndrc = identity(verified, "annual-ci_2021_2025_ndrc")
        assert (ndrc.stated, ndrc.verdict) == (Span.of(-12.0), "met")

    def test_mean_price(self, verified: Verification) -> None:
        one = identity(verified, "mean-price")
        assert one.implied == pytest.approx(27e3 / 460)
        assert one.stated == Span(pytest.approx(24.919 / 0.44179), pytest.approx(43.033 / 0.63))
        assert one.verdict == "met"

    def test_pledges(self, verified: Verification) -> None:
        span = identity(verified, "peak-to-neutrality")
        assert (span.implied, span.stated, span.verdict) == (30.0, Span.of(30.0), "met")
        pledge = identity(verified, "pledge-2020")
        assert (pledge.implied, pledge.stated, pledge.verdict) == (-48.4, Span(-45.0, -40.0), "met")
        assert pledge.remark == "exceeds the strong end of -45 % by 3.4 points"

    def test_what_is_left_until_2030(self, verified: Verification) -> None:
        one = identity(verified, "left-until-2030")
        assert round(one.implied, 1) == 22.6
        assert (1 - 0.484) * (1 - 0.124) * (1 - one.implied / 100) == pytest.approx(0.35)
        assert (one.stated, one.verdict) == (None, "shown")

    def test_a_changed_figure_breaks_its_identity(
        self, with_change: Callable[[str, str, str], Verification]
    ) -> None:
        v = with_change("figures/figures.csv", "change,equals,-28.6,42,30", "change,equals,-27.6,42,30")
        assert identity(v, "pm25").verdict == "missed"
