"""Exchange names: what is written under which name and unit, and that parts add to their parents."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest

import dualcarbon as dc
from dualcarbon.errors import InputError
from dualcarbon.output.iamc.vocabulary import Vocabulary, read_vocabulary
from dualcarbon.output.pathways import Pathway
from dualcarbon.paths import data_folder
from dualcarbon.tables import Library
from dualcarbon.units import GJ_PER_TCE


@pytest.fixture(scope="module")
def library() -> Library:
    return Library(data_folder())


@pytest.fixture(scope="module")
def current(library: Library) -> Vocabulary:
    return read_vocabulary(library)


@pytest.fixture(scope="module")
def pathway() -> Pathway:
    """One with capture, BECCS and direct air capture."""
    return dc.run("deep-decarbonisation").pathway()


def written(vocabulary: Vocabulary, pathway: Pathway) -> dict[str, np.ndarray]:
    return {name.iamc: name.values(pathway.results) for name in vocabulary.names}


def test_no_name_stands_twice(current: Vocabulary) -> None:
    names = [name.iamc for name in current.names]
    assert len(set(names)) == len(names)


def parents(names: list[str]) -> dict[str, list[str]]:
    """Written names with the written names one level below them, as pyam sees them."""
    below = {
        name: [n for n in names if n.startswith(f"{name}|") and "|" not in n[len(name) + 1 :]]
        for name in names
    }
    return {name: parts for name, parts in below.items() if parts}


def test_parts_add_to_every_parent(current: Vocabulary, pathway: Pathway) -> None:
    values = written(current, pathway)
    found = parents(list(values))
    assert set(found) == {
        "Primary Energy",
        "Primary Energy [Coal Equivalent]",
        "Carbon Capture",
        "Carbon Capture|Geological Storage",
        "Carbon Removal|Geological Storage",
    }
    for parent, parts in found.items():
        total = sum(values[part] for part in parts)
        np.testing.assert_allclose(total, values[parent], rtol=1e-12, err_msg=parent)
        assert np.nanmax(values[parent]) > 0


def test_derived_names_follow_the_equations(current: Vocabulary, pathway: Pathway) -> None:
    values, r = written(current, pathway), pathway.results
    last = {name: float(array[-1]) for name, array in values.items()}
    at_end = {key: float(r[key][-1]) for key in r}
    captured = at_end["gross_co2"] * at_end["capture_rate"]
    assert min(captured, at_end["beccs"], at_end["dac"]) > 0
    stored = captured + at_end["beccs"] + at_end["dac"]
    assert last["Carbon Capture"] == pytest.approx(stored, rel=1e-12)
    removed = at_end["beccs"] + at_end["dac"]
    assert last["Carbon Removal|Geological Storage"] == pytest.approx(removed, rel=1e-12)
    after_capture = at_end["gross_co2"] - captured
    gross = last["Gross Emissions|CO2|Energy and Industrial Processes"]
    assert gross == pytest.approx(after_capture, rel=1e-12)
    net = sum(
        last[name]
        for name in (
            "Emissions|CO2|Energy and Industrial Processes",
            "Emissions|CO2|Other Capture and Removal",
            "Emissions|CO2|AFOLU [NGHGI]",
        )
    )
    assert net == pytest.approx(at_end["net_co2"], rel=1e-12)
    assert last["Primary Energy|Coal"] == pytest.approx(at_end["coal_energy"] * GJ_PER_TCE / 1e3, rel=1e-12)
    assert last["Share|Primary Energy|Coal"] == pytest.approx(100 * at_end["coal_share_direct"], rel=1e-12)


def test_nothing_is_written_that_needs_a_modelled_sink(library: Library) -> None:
    for which in ("current", "ar6"):
        names = {name.iamc for name in read_vocabulary(library, which).names}
        assert not names & {"Emissions|CO2", "Emissions|Kyoto Gases", "Emissions|CO2|AFOLU"}
        assert not names & {"Emissions|CO2|Energy", "Emissions|CO2|Industrial Processes", "Carbon Removal"}
        assert not any("USD" in name for name in names)


def test_a_sink_of_nothing_is_zero_without_a_sign(current: Vocabulary, pathway: Pathway) -> None:
    values = written(current, pathway)["Emissions|CO2|Other Capture and Removal"]
    assert values[0] == 0.0
    assert not np.signbit(values[0])


def test_ar6_names_leave_out_what_has_no_counterpart(
    library: Library, current: Vocabulary, pathway: Pathway
) -> None:
    ar6 = read_vocabulary(library, "ar6")
    values, before = written(ar6, pathway), written(current, pathway)
    np.testing.assert_array_equal(
        values["Carbon Sequestration|CCS|Biomass"], before["Carbon Removal|Geological Storage|Biomass"]
    )
    assert not any(name.custom for name in ar6.names)
    assert {"Emissions|CO2|AFOLU [NGHGI]", "GDP [CNY_2020]"} < set(ar6.left_out)
    assert len(ar6.names) + len(ar6.left_out) == len(current.names)
    units = {name.iamc: name.unit for name in current.names}
    rows = library["ar6_names"].rows
    assert {row["iamc"]: row["ar6_unit"] for row in rows} == {row["iamc"]: units[row["iamc"]] for row in rows}


@pytest.mark.parametrize(
    ("terms", "what"),
    [
        ("beccs + dacc", "derived_names.csv:2: terms: 'dacc' is not a result variable"),
        ("beccs + gdp", "derived_names.csv:2: terms: gdp is exchanged in billion CNY_2020/yr, not Mt CO2/yr"),
    ],
)
def test_a_faulty_sum_is_refused(terms: str, what: str, tmp_path: Path) -> None:
    shutil.copytree(data_folder(), tmp_path / "data")
    path = tmp_path / "data" / "exchange" / "derived_names.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    rows[0] |= {"terms": terms, "unit": "Mt CO2/yr"}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    with pytest.raises(InputError) as error:
        read_vocabulary(Library(tmp_path / "data"))
    assert str(error.value) == what
