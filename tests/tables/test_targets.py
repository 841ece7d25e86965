"""Official targets, their documents and groups point at one another, and no pledge stands twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from dualcarbon.analysis.targets import MEASURES, Target, all_official
from dualcarbon.axes import FIRST_YEAR
from dualcarbon.paths import data_folder
from dualcarbon.tables import Library
from dualcarbon.tables.levers import last_complete_year
from dualcarbon.tables.official import latest_statistics, read_documents, read_target_rows

LIBRARY = Library(data_folder())
TARGETS = [Target(**row) for row in read_target_rows(LIBRARY)]
BY_ID = {target.id: target for target in TARGETS}
DOCUMENTS = read_documents(LIBRARY)
LAST = last_complete_year(LIBRARY)


def test_ids_are_unique() -> None:
    assert len(BY_ID) == len(TARGETS)
    assert len(DOCUMENTS) == len(LIBRARY["documents"].rows)


def without(targets: Iterable[Target], rule: Callable[[Target], object]) -> list[str]:
    """Ids of the targets for which a rule does not hold."""
    return [target.id for target in targets if not rule(target)]


def test_a_target_names_documents_that_exist() -> None:
    assert without(TARGETS, lambda t: t.documents and set(t.documents) <= set(DOCUMENTS)) == []


def test_every_document_is_named_by_a_target() -> None:
    named = {name for target in TARGETS for name in target.documents}
    assert named == set(DOCUMENTS)


def test_the_status_in_time_fits_the_year() -> None:
    standing = [t for t in TARGETS if not t.status.startswith("superseded by ")]
    assert without(standing, lambda t: t.status == ("in force" if t.year > LAST else "past")) == []


def test_a_superseded_target_names_one_that_is_in_force() -> None:
    superseded = [t for t in TARGETS if t.status.startswith("superseded")]
    assert superseded
    for target in superseded:
        other = target.status.removeprefix("superseded by ")
        assert BY_ID[other].in_force, target.id


def test_roles_and_resolutions_are_known() -> None:
    assert {t.role for t in TARGETS} == {"binding", "expected", "range top", "qualitative"}
    assert {t.resolution for t in TARGETS} == {"national", "sectoral", "input", "none"}


def test_a_target_is_labelled_and_dated() -> None:
    assert without(TARGETS, lambda t: t.label and t.label_zh and t.date) == []
    assert without(TARGETS, lambda t: t.year_from is None or t.year_from <= t.year) == []


def test_only_qualitative_targets_have_no_value() -> None:
    assert without(TARGETS, lambda t: (t.value is None) == (t.role == "qualitative")) == []
    assert without(TARGETS, lambda t: (t.comparison == "") == (t.role == "qualitative")) == []


def test_a_national_target_can_be_scored() -> None:
    national = [t for t in TARGETS if t.resolution == "national"]
    assert without(national, lambda t: t.value is not None) == []
    assert without(national, lambda t: (t.indicator, t.scope) in MEASURES) == []
    assert without(national, lambda t: t.comparison in ("at_least", "at_most")) == []
    reductions = [t for t in national if t.indicator.endswith("_reduction")]
    assert without(reductions, lambda t: t.scope and (t.base == "peak" or in_the_run(t.base, t.year))) == []
    shares = [t for t in national if t.indicator in ("non_fossil_share", "coal_share", "energy_total")]
    assert without(shares, lambda t: t.accounting == "coal-equivalent") == []


def in_the_run(base: object, year: int) -> bool:
    return isinstance(base, int) and FIRST_YEAR <= base < year


def test_no_pledge_stands_twice() -> None:
    """The pledge that superseded another may repeat its number in other words."""
    standing = [t for t in TARGETS if not t.status.startswith("superseded")]
    pledges = Counter((t.indicator, t.scope, t.base, t.year_from, t.year, t.value, t.role) for t in standing)
    assert [pledge for pledge, count in pledges.items() if count > 1] == []


def test_a_range_top_stands_above_its_lower_end() -> None:
    for top in (t for t in TARGETS if t.role == "range top"):
        ends = [
            t
            for t in TARGETS
            if (t.indicator, t.scope, t.base, t.year, t.documents)
            == (top.indicator, top.scope, top.base, top.year, top.documents)
            and t is not top
        ]
        assert len(ends) == 1
        assert ends[0].value is not None
        assert top.value is not None
        assert top.value > ends[0].value


def test_members_of_groups_are_targets_and_stand_once() -> None:
    rows = [(row["group"], row["target"]) for row in LIBRARY["groups"].rows]
    assert len(rows) == len(set(rows))
    assert {target for _, target in rows} <= set(BY_ID)
    assert {"peak-before-2030", "ndc-2030", "ndc-2035", "neutral-2060"} <= {group for group, _ in rows}


def test_all_official_are_the_pledges_that_a_run_must_meet() -> None:
    """By the rule: in force, quantitative, after the base year, computable, no range top."""
    assert {t.id for t in all_official(TARGETS, 2025)} == {
        "plan2026-carbon-intensity",
        "fyp15-carbon-intensity",
        "fyp15-coal-peak",
        "ndc2030-carbon-intensity",
        "ndc2030-non-fossil-share",
        "peak-2030",
        "ndc2035-net-ghg",
        "ndc2035-non-fossil-share",
        "strategy2050-non-fossil-share",
        "guidance2060-non-fossil-share",
        "neutral-2060",
    }


def test_co2_neutrality_is_another_reading_than_the_official_one() -> None:
    assert (BY_ID["neutral-2060"].scope, BY_ID["peak-2030"].scope) == ("ghg", "energy-and-process")
    assert (BY_ID["peak-2030"].comparison, BY_ID["peak-2030"].value) == ("at_most", 2030)


def test_the_latest_statistics_stand_beside_what_is_not_computed() -> None:
    words = latest_statistics(LIBRARY)
    assert set(words) <= {t.indicator for t in TARGETS}
    assert all(text.startswith("statistics: ") for text in words.values())
