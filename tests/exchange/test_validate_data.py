"""The shipped criteria in the hands of the real nomenclature package (run by ``make test-exchange``)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from nomenclature.exceptions import DataValidationError
from nomenclature.processor.data_validator import DataValidator
from pyam import IamDataFrame

FILE = Path(__file__).parents[2] / "data/vetting/nomenclature/validate_data.yaml"
EIP = "Emissions|CO2|Energy and Industrial Processes"


def pathway(co2_2020: float) -> IamDataFrame:
    columns = ["model", "scenario", "region", "variable", "unit", 2015, 2020]
    row = ["m", "s", "China", EIP, "Mt CO2/yr", 10_192.0, co2_2020]
    return IamDataFrame(pd.DataFrame([row], columns=columns))


def test_the_file_loads_with_a_criterion_for_each_variable_and_year():
    items = DataValidator.from_file(FILE).criteria_items
    assert len(items) > 20
    assert all(item.region == ["China"] and len(item.validation) == 2 for item in items)


def test_history_itself_passes(caplog: pytest.LogCaptureFixture):
    df = DataValidator.from_file(FILE).apply(pathway(11_026.0))
    assert df.meta[f"China history|{EIP}|2020"].tolist() == ["ok"]
    assert not caplog.records


def test_a_value_off_by_15_percent_is_warned_of():
    df = DataValidator.from_file(FILE).apply(pathway(11_026.0 * 1.15))
    assert df.meta[f"China history|{EIP}|2020"].tolist() == ["medium"]
    assert df.meta[f"China history|{EIP}|2015"].tolist() == ["ok"]


def test_a_value_off_by_25_percent_fails():
    with pytest.raises(DataValidationError, match="2020"):
        DataValidator.from_file(FILE).apply(pathway(11_026.0 * 1.25))
