"""What is uncertain before history is looked at: one distribution a lever, and their rank correlation.

Levers that a scenario does not mention take the 90 % range of the lever table; the note
``0007-uncertainty-of-levers`` says what a deviation means.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import special

from dualcarbon.axes import Floats
from dualcarbon.build import Built
from dualcarbon.errors import Fault, InputError, did_you_mean
from dualcarbon.explore.ensembles.correlation import read_correlation
from dualcarbon.explore.ensembles.marginals import Marginal, from_table
from dualcarbon.explore.ensembles.shapes import NEAREST
from dualcarbon.explore.ensembles.spreads import Rejected, from_spread
from dualcarbon.scenario import Scenario
from dualcarbon.tables import Library
from dualcarbon.tables.levers import Lever, first_complete_year, last_complete_year, read_levers

__all__ = ["Marginal", "Prior", "read_prior", "uncertainty_faults"]


@dataclass(frozen=True)
class Prior:
    """All uncertain levers.

    Parameters
    ----------
    marginals : one a lever, in the order of the lever table
    correlation : (lever, lever) of their normal scores
    """

    marginals: tuple[Marginal, ...]
    correlation: Floats

    @property
    def levers(self) -> tuple[str, ...]:
        """Names of the uncertain levers."""
        return tuple(marginal.lever for marginal in self.marginals)

    @cached_property
    def factor(self) -> Floats:
        """Lower triangle (lever, lever) whose product with its transpose is the correlation."""
        return np.asarray(np.linalg.cholesky(self.correlation), dtype=np.float64)

    def mixes(self, row: int) -> bool:
        """Whether a lever's score is made of more than its own."""
        return bool(self.factor[row, :row].any())

    def mix(self, row: int, scores: Mapping[int, Floats]) -> Floats:
        """Correlated score of one lever from independent ones (…) by row, added lever by lever."""
        mixed: Floats = self.factor[row, row] * scores[row]
        for other in range(row):
            if self.factor[row, other] != 0.0:
                mixed += self.factor[row, other] * scores[other]
        return mixed

    def correlated(self, uniform: Floats) -> Floats:
        """Correlated uniform numbers (lever, member) from independent ones, by a Gaussian copula."""
        result = np.empty(uniform.shape)
        np.clip(uniform, NEAREST, 1.0 - NEAREST, out=result)
        rows = [row for row in range(len(self.marginals)) if self.mixes(row)]
        used = sorted({int(other) for row in rows for other in np.flatnonzero(self.factor[row])})
        scores = {row: special.ndtri(result[row]) for row in used}
        for row in rows:
            special.ndtr(self.mix(row, scores), out=result[row])
            np.clip(result[row], NEAREST, 1.0 - NEAREST, out=result[row])
        return result


def read_prior(scenario: Scenario, built: Built, library: Library) -> Prior:
    """What is uncertain in a scenario.

    Parameters
    ----------
    scenario : as read; levers that it does not mention take the lever table's ranges
    built : its inputs

    Raises
    ------
    InputError
        With every fault of the scenario's uncertainty.
    """
    marginals, correlation, faults = _read(scenario, built.inputs.base_year, library)
    if faults:
        raise InputError(faults)
    return Prior(tuple(marginals.values()), correlation)


def uncertainty_faults(scenario: Scenario, library: Library) -> list[Fault]:
    """What is wrong with a scenario's uncertainty, whether or not its levers can be built."""
    last = last_complete_year(library)
    base = last if scenario.base_year is None else scenario.base_year
    return _read(scenario, min(max(base, first_complete_year(library)), last), library)[2]


def _read(
    scenario: Scenario, base_year: int, library: Library
) -> tuple[dict[str, Marginal], Floats, list[Fault]]:
    """Marginals by lever in the order of the table, their correlation, and every fault."""
    levers = read_levers(library)
    faults = [
        scenario.fault(("uncertainty", name), "there is no such lever" + _meant(name, levers))
        for name in scenario.uncertainty
        if name not in levers
    ]
    status = {row["lever"]: row["uncertainty_status"] for row in library["levers"].rows}
    marginals: dict[str, Marginal] = {}
    broken: set[str] = {key[1] for key in scenario.lines if key[0] == "uncertainty" and len(key) > 1}
    broken -= set(scenario.uncertainty)
    for name, lever in levers.items():
        spread = scenario.uncertainty.get(name)
        if spread is None or spread.shape is None:
            marginals[name] = from_table(lever, f"lever table ({status[name]})")
        elif spread.shape != "fixed":
            try:
                marginals[name] = from_spread(spread, lever, base_year, scenario.last_anchor, library)
            except Rejected as no:
                faults += [scenario.fault(("uncertainty", name, *place), what) for place, what in no.faults]
                broken.add(name)
    correlation, wrong = read_correlation(scenario, marginals, levers, broken)
    return marginals, correlation, faults + wrong


def _meant(name: str, levers: Mapping[str, Lever]) -> str:
    return did_you_mean(name, list(levers)) or f"; levers: {', '.join(levers)}"
