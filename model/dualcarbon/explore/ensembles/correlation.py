"""Rank correlation between levers, as scenarios state it, checked and made a matrix of normal scores."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

import numpy as np

from dualcarbon.axes import Floats
from dualcarbon.errors import Fault, did_you_mean
from dualcarbon.explore.ensembles.marginals import Marginal
from dualcarbon.scenario import Scenario
from dualcarbon.tables.levers import Lever

SMALLEST_EIGENVALUE = 1e-9
"""A matrix with a smaller one is as good as singular."""

Pairs = dict[tuple[str, str], float]


def score_correlation(rank: Floats) -> Floats:
    """Correlation of normal scores whose ranks correlate by ``rank`` (Spearman).

    Pearson 1907: a bivariate normal with correlation r has rank correlation 6/pi arcsin(r/2).
    """
    return 2.0 * np.sin(np.pi / 6.0 * rank)


def read_correlation(
    scenario: Scenario,
    marginals: Mapping[str, Marginal],
    levers: Mapping[str, Lever],
    broken: Container[str],
) -> tuple[Floats, list[Fault]]:
    """Correlation (lever, lever) of normal scores, and everything that is wrong.

    Parameters
    ----------
    marginals : the uncertain levers, in the order of the matrix
    broken : levers whose own distribution has a fault already
    """
    pairs: Pairs = {}
    faults: list[Fault] = []
    for name, spread in scenario.uncertainty.items():
        for other, number in spread.correlate.items():
            what = _pair_fault(name, other, number, pairs, marginals, levers, broken)
            if what:
                faults.append(scenario.fault(("uncertainty", name, "correlate", other), what))
            elif name in marginals and other in marginals:
                pairs[name, other] = float(number)
    matrix = _matrix(list(marginals), pairs)
    for group in _groups(pairs) if not faults else []:
        place = [list(marginals).index(name) for name in group]
        smallest = float(np.linalg.eigvalsh(matrix[np.ix_(place, place)])[0])
        if smallest < SMALLEST_EIGENVALUE:
            where = ("uncertainty", next(a for a, _ in pairs if a in group), "correlate")
            faults.append(scenario.fault(where, _not_definite(group, pairs, smallest)))
    return matrix, faults


def _pair_fault(
    name: str,
    other: str,
    number: float,
    pairs: Pairs,
    marginals: Mapping[str, Marginal],
    levers: Mapping[str, Lever],
    broken: Container[str],
) -> str:
    """What is wrong with one stated correlation; nothing if it is fine or another fault stands in the way."""
    if other not in levers:
        return "there is no such lever" + (
            did_you_mean(other, list(levers)) or f"; levers: {', '.join(levers)}"
        )
    if name not in levers or name in broken or other in broken:
        return ""
    if other == name:
        return "is the lever itself"
    for one in (name, other):
        if one not in marginals:
            return f"{one} has no uncertainty that could be correlated"
    if pairs.get((other, name), number) != number:
        return f"{number:g} contradicts {pairs[other, name]:g}, which stands under {other}"
    yearly = [one for one in (name, other) if marginals[one].autoregression is not None]
    if len(yearly) == 1:
        return (
            f"{yearly[0]} is drawn year by year (ar1) and the other lever once; "
            f"only levers drawn alike can be correlated"
        )
    return ""


def _matrix(names: Sequence[str], pairs: Pairs) -> Floats:
    """Correlation (lever, lever) of normal scores."""
    matrix = np.eye(len(names))
    for (one, other), rank in pairs.items():
        a, b = names.index(one), names.index(other)
        matrix[a, b] = matrix[b, a] = score_correlation(np.asarray(rank))
    return matrix


def _groups(pairs: Pairs) -> list[list[str]]:
    """Levers that are joined by correlations, directly or through others."""
    groups: list[list[str]] = []
    for pair in pairs:
        joined = [group for group in groups if set(group) & set(pair)]
        rest = [group for group in groups if group not in joined]
        groups = [*rest, list(dict.fromkeys(name for part in (*joined, pair) for name in part))]
    return groups


def _not_definite(group: Sequence[str], pairs: Pairs, smallest: float) -> str:
    """Why the correlations of a group cannot stand together, and how far they would have to be weakened."""
    own = {pair: rank for pair, rank in pairs.items() if pair[0] in group}

    def stands(factor: float) -> bool:
        weaker = _matrix(group, {pair: factor * rank for pair, rank in own.items()})
        return float(np.linalg.eigvalsh(weaker)[0]) >= SMALLEST_EIGENVALUE

    factor = next(percent for percent in range(99, -1, -1) if stands(percent / 100.0)) / 100.0
    return (
        f"the correlations of {', '.join(group[:-1])} and {group[-1]} do not fit together: their matrix is "
        f"not positive definite (smallest eigenvalue {smallest:.3g}), and none is taken in its place; "
        f"weaken them (all times {factor:g} would do)"
    )
