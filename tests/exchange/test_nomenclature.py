"""Names and units against the common definitions, with the real nomenclature and iam-units."""

from __future__ import annotations

import os
from pathlib import Path

import pyam
import pytest
import yaml
from iam_units import emissions, registry
from nomenclature import DataStructureDefinition
from nomenclature.exceptions import NomenclatureValidationError, WrongUnitError

import dualcarbon as dc
from dualcarbon.output.iamc.vocabulary import Name, read_vocabulary

KNOWN = Path(__file__).parent / "common_definitions.yaml"
CHECKOUT = "COMMON_DEFINITIONS"
"""Variable of the environment that names a checkout of the common definitions, to test against every name."""


@pytest.fixture(scope="module")
def names(runs: list[dc.Run]) -> tuple[Name, ...]:
    return read_vocabulary(runs[0].library).names


@pytest.fixture(scope="module")
def definition(names: tuple[Name, ...], tmp_path_factory: pytest.TempPathFactory) -> DataStructureDefinition:
    """The common names with their published units, and ours."""
    folder = tmp_path_factory.mktemp("definitions")
    units = yaml.safe_load(KNOWN.read_text(encoding="utf-8"))
    units |= {name.iamc: name.unit for name in names if name.custom}
    parents = {
        v: [w for w in units if w.startswith(f"{v}|") and w.count("|") == v.count("|") + 1] for v in units
    }
    entries = [
        {
            name: {"unit": unit}
            | ({"components": parents[name], "check-aggregate": True} if parents[name] else {})
        }
        for name, unit in units.items()
    ]
    for kind, content in (("variable", entries), ("region", [{"common": ["China"]}])):
        (folder / kind).mkdir()
        (folder / kind / "names.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    return DataStructureDefinition(folder, dimensions=["variable", "region"])


def test_names_that_are_not_custom_are_the_common_ones(names: tuple[Name, ...]) -> None:
    known = yaml.safe_load(KNOWN.read_text(encoding="utf-8"))
    assert {name.iamc: name.unit for name in names if not name.custom} == known


def test_nomenclature_accepts_names_units_and_region(
    loaded: pyam.IamDataFrame, definition: DataStructureDefinition
) -> None:
    definition.validate(loaded)
    wrong = loaded.rename(unit={"EJ/yr": "PJ/yr"})
    with pytest.raises(NomenclatureValidationError) as error:
        definition.validate(wrong)
    assert [type(one) for one in error.value.exceptions] == [WrongUnitError]


def test_nomenclature_finds_that_parts_add_up(
    loaded: pyam.IamDataFrame, definition: DataStructureDefinition
) -> None:
    assert definition.check_aggregate(loaded, rtol=1e-9, atol=1e-6).empty
    data = loaded.data
    data.loc[data["variable"] == "Primary Energy|Gas", "value"] *= 1 + 1e-6
    assert not definition.check_aggregate(pyam.IamDataFrame(data), rtol=1e-9, atol=1e-6).empty


@pytest.mark.skipif(
    CHECKOUT not in os.environ, reason=f"set {CHECKOUT} to a checkout to test against all names"
)
def test_all_common_definitions(names: tuple[Name, ...], loaded: pyam.IamDataFrame) -> None:
    every = DataStructureDefinition(
        Path(os.environ[CHECKOUT]) / "definitions", dimensions=["variable", "region"]
    )
    common = [name.iamc for name in names if not name.custom]
    every.validate(loaded.filter(variable=common))
    assert not {name.iamc for name in names if name.custom} & set(every.variable)
    assert every.check_aggregate(loaded, rtol=1e-9, atol=1e-6).empty


# units


def quantity(unit: str) -> registry.Quantity:
    """A unit without its species and base years, in iam-units; people and yuan are counts."""
    plain = unit.replace("CNY_2020", "yuan").replace("CO2-equiv", "CO2")
    plain = plain.replace("billion yuan", "gigayuan").replace("thousand yuan", "kiloyuan")
    parts = emissions.pattern.split(plain, maxsplit=1)
    plain = parts[0] + parts[2] if len(parts) == 3 else plain
    for word in ("yuan", "cap"):
        if word not in registry:
            registry.define(f"{word} = [{word}]")
    return registry(plain)


DIMENSIONS = {
    "Primary Energy": "[energy] / [time]",
    "Secondary Energy": "[energy] / [time]",
    "Emissions": "[mass] / [time]",
    "Gross Emissions": "[mass] / [time]",
    "Carbon Capture": "[mass] / [time]",
    "Carbon Removal": "[mass] / [time]",
    "Population": "",
    "Share": "",
    "GDP": "[yuan] / [time]",
    "Energy Intensity": "[energy] / [yuan]",
    "Emission Intensity": "[mass] / [yuan]",
}


def test_every_unit_has_the_dimension_of_its_name(names: tuple[Name, ...]) -> None:
    for name in names:
        wanted = DIMENSIONS[name.iamc.partition("|")[0].partition(" [")[0]]
        if "per capita" in name.iamc:
            wanted += " / [cap]"
        if "Growth Rate" in name.iamc:
            wanted = "1 / [time]"
        assert quantity(name.unit).check(wanted or "[]"), f"{name.iamc} in {name.unit}"


def test_energy_is_the_tonnes_of_coal_of_the_run(loaded: pyam.IamDataFrame, runs: list[dc.Run]) -> None:
    """iam-units counts 29.308 GJ to the tonne of coal equivalent, ours is 29.3076."""
    there = loaded.filter(variable="Primary Energy [Coal Equivalent]", scenario=runs[0].name)
    converted = there.convert_unit("EJ/yr", "Mtce/yr").data["value"].to_numpy()
    assert converted == pytest.approx(runs[0]["energy_total"] * (29.3076 / 29.308), rel=1e-9)
