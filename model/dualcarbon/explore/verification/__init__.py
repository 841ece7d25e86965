"""Verification: the documented past beside the model's, and the books beside independent ones.

Pure: tables and one run in, frozen records out. Misses are kept with their likely reason.
"""

from __future__ import annotations

from dataclasses import dataclass

from dualcarbon.explore.verification.accounting import AccountingCheck, check_accounting, check_inventory
from dualcarbon.explore.verification.figures import Counts, FigureCheck, check_figures, count
from dualcarbon.explore.verification.identities import Identity, check_identities
from dualcarbon.explore.verification.intensities import IntensityCheck, check_intensities
from dualcarbon.results import Results
from dualcarbon.tables import Library

__all__ = ["Verification", "verify_all"]


@dataclass(frozen=True)
class Verification:
    """Everything that was checked.

    Parameters
    ----------
    figures : documented figures
    accounting : energy by official factors against Global Carbon Budget 2025
    inventory : net GHG and CO2 against the official inventory
    intensities : official statements on carbon and energy intensity
    identities : relations between the documented figures
    counts : figures by kind and verdict
    """

    figures: tuple[FigureCheck, ...]
    accounting: tuple[AccountingCheck, ...]
    inventory: tuple[AccountingCheck, ...]
    intensities: tuple[IntensityCheck, ...]
    identities: tuple[Identity, ...]
    counts: Counts


def verify_all(library: Library, results: Results) -> Verification:
    """Check a run's history, and the tables behind it, against all that is documented.

    Parameters
    ----------
    library : the tables that the run was built from
    results : one run without leading axes, with every variable; only years to its base year are used
    """
    figures = check_figures(library, results)
    return Verification(
        figures=figures,
        accounting=check_accounting(library, results),
        inventory=check_inventory(library, results),
        intensities=check_intensities(library, results),
        identities=check_identities(library, results),
        counts=count(figures),
    )
