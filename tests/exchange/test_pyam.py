"""Exports in the real pyam: they load, come back unchanged, and their parts add to their parents."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyam
import pytest

import dualcarbon as dc
from dualcarbon.output.iamc.vocabulary import read_vocabulary

TOLERANCE = {"rtol": 1e-9, "atol": 1e-6}
"""What ten written digits leave in a sum of thousands of Mt."""


def test_every_number_arrives(loaded: pyam.IamDataFrame, runs: list[dc.Run]) -> None:
    vocabulary = read_vocabulary(runs[0].library)
    assert set(loaded.variable) == {name.iamc for name in vocabulary.names}
    assert loaded.region == ["China"]
    assert loaded.scenario == sorted(run.name for run in runs)
    table = loaded.timeseries()
    for run in runs:
        for name in vocabulary.names:
            here = (f"dualcarbon {dc.__version__}", run.name, "China", name.iamc, name.unit)
            np.testing.assert_allclose(table.loc[here], name.values(run.results), rtol=1e-12)


def same(one: pyam.IamDataFrame, other: pyam.IamDataFrame) -> None:
    """Equal numbers to the ten digits of a CSV."""
    left, right = one.timeseries(), other.timeseries()
    pd.testing.assert_frame_equal(left, right, rtol=5.1e-10, atol=0, check_dtype=False)


@pytest.mark.parametrize("name", ["long.xlsx", "wide.csv", "long.csv"])
def test_every_form_is_the_same_to_pyam(name: str, folder: Path, loaded: pyam.IamDataFrame) -> None:
    same(pyam.IamDataFrame(folder / name), loaded)


def test_the_meta_sheet_and_the_meta_file_are_the_same(folder: Path, loaded: pyam.IamDataFrame) -> None:
    frame = pyam.IamDataFrame(folder / "wide.csv")
    frame.load_meta(folder / "wide-meta.csv")
    pd.testing.assert_frame_equal(
        frame.meta, loaded.meta[frame.meta.columns], check_dtype=False, rtol=5.1e-10
    )
    assert {"co2_peak_year", "ghg_neutral_year", "gwp", "data_sha256"} <= set(loaded.meta.columns)
    row = loaded.meta.xs("peak-2030-neutral-2060", level="scenario").iloc[0]
    assert row["co2_peak_year"] <= 2030
    assert row["ghg_neutral_year"] <= 2060


def test_pyam_gives_back_what_it_was_given(folder: Path, loaded: pyam.IamDataFrame, tmp_path: Path) -> None:
    loaded.to_excel(tmp_path / "back.xlsx")
    assert pyam.IamDataFrame(tmp_path / "back.xlsx").equals(loaded)
    text = pyam.IamDataFrame(folder / "wide.csv")
    text.to_csv(tmp_path / "back.csv")
    assert pyam.IamDataFrame(tmp_path / "back.csv").equals(text)


def parents(frame: pyam.IamDataFrame) -> list[str]:
    """Variables with others one level below them."""
    return [v for v in frame.variable if frame.filter(variable=f"{v}|*", level=0).variable]


def test_parts_add_to_every_parent(loaded: pyam.IamDataFrame) -> None:
    found = parents(loaded)
    assert found == [
        "Carbon Capture",
        "Carbon Capture|Geological Storage",
        "Carbon Removal|Geological Storage",
        "Primary Energy",
        "Primary Energy [Coal Equivalent]",
    ]
    for parent in found:
        assert differences(loaded, parent).empty, parent


def differences(frame: pyam.IamDataFrame, parent: str, components: list[str] | None = None) -> pd.DataFrame:
    """Years in which parts do not add to their parent; both known, as nomenclature has it.

    Non-fossil energy in direct equivalent and so its total start in 2005, the fossil parts in 2000.
    """
    found = frame.check_aggregate(parent, components=components, **TOLERANCE)
    return pd.DataFrame() if found is None else found.dropna()


def test_a_part_that_is_off_is_found(loaded: pyam.IamDataFrame) -> None:
    data = loaded.filter(variable="Primary Energy*").data
    data.loc[data["variable"] == "Primary Energy|Coal", "value"] *= 1 + 1e-6
    assert not differences(pyam.IamDataFrame(data), "Primary Energy").empty


ENERGY_AND_PROCESSES = "Emissions|CO2|Energy and Industrial Processes"
SUMS = {
    "Emissions|CO2|Energy [Before Capture]": [
        f"Emissions|CO2|Energy|{fuel} [Before Capture]" for fuel in ("Coal", "Oil", "Gas")
    ],
    f"{ENERGY_AND_PROCESSES} [Before Capture]": [
        "Emissions|CO2|Energy [Before Capture]",
        "Emissions|CO2|Industrial Processes [Before Capture]",
    ],
    f"Gross {ENERGY_AND_PROCESSES}": [ENERGY_AND_PROCESSES, "Carbon Removal|Geological Storage|Biomass"],
    f"{ENERGY_AND_PROCESSES} [Before Capture]#2": [
        f"Gross {ENERGY_AND_PROCESSES}",
        "Carbon Capture|Geological Storage|Fossil and Industrial Processes",
    ],
    "Emissions|CO2 [NGHGI Sink]": [
        ENERGY_AND_PROCESSES,
        "Emissions|CO2|Other Capture and Removal",
        "Emissions|CO2|AFOLU [NGHGI]",
    ],
    "Emissions|Kyoto Gases [NGHGI Sink, AR5]": [
        "Emissions|CO2 [NGHGI Sink]",
        "Emissions|Kyoto Gases|Non-CO2 [AR5]",
    ],
}
"""Sums whose names do not stand below their parent's."""


@pytest.mark.parametrize("parent", SUMS)
def test_sums_across_names_hold(parent: str, loaded: pyam.IamDataFrame) -> None:
    name = parent.partition("#")[0]
    frame = loaded.filter(variable=[name, *SUMS[parent]])
    assert set(frame.variable) == {name, *SUMS[parent]}
    same_unit = frame.rename(unit={"Mt CO2-equiv/yr": "Mt CO2/yr"})
    assert differences(same_unit, name, SUMS[parent]).empty


def test_ar6_names_load_and_hold_no_parent_but_primary_energy(
    folder: Path, loaded: pyam.IamDataFrame
) -> None:
    frame = pyam.IamDataFrame(folder / "ar6.csv")
    assert parents(frame) == ["Primary Energy"]  # its non-fossil part has no AR6 name as one
    one = frame.filter(variable="Carbon Sequestration|CCS|Biomass").data["value"]
    other = loaded.filter(variable="Carbon Removal|Geological Storage|Biomass").data["value"]
    np.testing.assert_allclose(one, other, rtol=1e-9)
