"""The criteria of history as a ``validate_data`` file of the nomenclature package.

See IAMconsortium/nomenclature, ``processor/data_validator.py``: a list of items, each with filters (region,
variable, unit, year) and validations in descending order of severity, here as ranges around history.
"""

from __future__ import annotations

from dualcarbon.analysis.vetting.history import INDEX
from dualcarbon.analysis.vetting.reported import YEARS
from dualcarbon.axes import at
from dualcarbon.explore.checking import read_criteria, read_past
from dualcarbon.tables import Library
from dualcarbon.tables.variables import read_variables

_HEAD = """\
# Criteria of China's history for the nomenclature package (`validate_data`), generated: do not edit.
# Written by `dualcarbon criteria --format nomenclature` from the table of criteria and those of history.
# Error: further off than the failing tolerance; medium: further off than the warning tolerance. GDP is left
# out, because its currency differs from file to file; so are variables without a common name.
"""

_EJ_PER_MTCE = 0.0293076
_EJ_PER_TWH = 0.0036

_COMMON = {
    "nuclear_energy": ("Primary Energy|Nuclear", "EJ/yr", _EJ_PER_MTCE),
    "electricity": ("Secondary Energy|Electricity", "EJ/yr", _EJ_PER_TWH),
    "energy_co2_net": ("Emissions|CO2|Energy", "Mt CO2/yr", 1.0),
}
"""Names, units and factors of keys that are no result variables."""


def validate_data(library: Library) -> str:
    """The text of the file, with a range for every variable and year that history has."""
    past = read_past(library)
    names = dict(_COMMON)
    for key, variable in read_variables(library).items():
        if not variable.custom:
            names[key] = (variable.iamc, variable.iamc_unit, variable.factor * variable.iamc_factor)
    blocks = [_HEAD]
    for criterion in read_criteria(library):
        if criterion.variable not in names or criterion.kind == INDEX:
            continue
        name, unit, factor = names[criterion.variable]
        for year in criterion.years:
            value = float(past.arrays[criterion.variable][at(YEARS, year)]) * factor
            if value == value:
                blocks.append(_item(name, unit, year, value, criterion.fail, criterion.warn))
    return "".join(blocks)


def _item(name: str, unit: str, year: int, value: float, fail: float, warn: float) -> str:
    def bounds(tolerance: float) -> str:
        return f"[{value * (1.0 - tolerance):.6g}, {value * (1.0 + tolerance):.6g}]"

    return (
        f"- name: China history|{name}|{year}\n"
        f"  region: China\n  variable: {name}\n  unit: {unit}\n  year: {year}  # history {value:.6g}\n"
        f"  validation:\n"
        f"  - warning_level: error\n    range: {bounds(fail)}\n"
        f"  - warning_level: medium\n    range: {bounds(warn)}\n"
    )
