"""Why two runs differ, and why one changes over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dualcarbon.errors import fault

if TYPE_CHECKING:
    from dualcarbon.analysis.decomposition import Decomposition
    from dualcarbon.analysis.splits import KayaSplit
    from dualcarbon.api.runs import Run
    from dualcarbon.explore.attribution import Attribution


@dataclass(frozen=True)
class Comparison:
    """Why the second of two runs differs from the first.

    Parameters
    ----------
    attribution : the difference in CO2 and greenhouse gases, split over the levers that differ
    inputs : what is set differently: key, text in the first, text in the second; empty where not set
    kaya : the difference in net CO2, split over the factors and own terms of Kaya
    """

    attribution: Attribution
    inputs: tuple[tuple[str, str, str], ...]
    kaya: KayaSplit


def compare(first: Run, second: Run, years: Sequence[int]) -> Comparison:
    """Split the difference between two runs exactly: over levers (Shapley values) and Kaya factors (LMDI).

    Parameters
    ----------
    years : projected years to split

    Raises
    ------
    InputError
        If the two have other years, base years or data, or a year is not a projected one.
    """
    from dualcarbon.analysis.splits import kaya_split
    from dualcarbon.explore.attribution import attribute, changed_inputs

    names = first.name, second.name
    split = attribute(first.built, second.built, years, names=names)
    by_factor = kaya_split(first.results, second.results, years)
    return Comparison(split, tuple(changed_inputs(first.scenario, second.scenario)), by_factor)


def decompose(
    run: Run, first: int | None = None, last: int | None = None, step: int | None = None
) -> Decomposition:
    """Split the change of CO2 between two years over its factors (LMDI).

    Parameters
    ----------
    first, last : years; default the base year and the end year
    step : length of periods; default the whole span

    Raises
    ------
    InputError
        If the years are not in the run or not in order.
    """
    from dualcarbon.analysis.decomposition import decompose as split

    years = run.years
    start = run.results.base_year if first is None else first
    end = int(years[-1]) if last is None else last
    try:
        return split(run.results, start, end, step)
    except (KeyError, ValueError) as error:
        raise fault(str(error.args[0]), where=f"{start}-{end}") from None
