"""Why two runs differ, and why one changes over time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dualcarbon.analysis.summary import milestones
from dualcarbon.api.opening import open_library
from dualcarbon.api.reopening import open_run
from dualcarbon.api.runs import Run
from dualcarbon.errors import fault
from dualcarbon.scenario import Scenario
from dualcarbon.tables import Library

if TYPE_CHECKING:
    from dualcarbon.analysis.decomposition import Decomposition
    from dualcarbon.analysis.splits import KayaSplit
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


def compare(
    first: Run | Scenario | str | Path,
    second: Run | Scenario | str | Path,
    years: Iterable[int] | None = None,
    *,
    data: str | Path | Library | None = None,
) -> Comparison:
    """Split the difference between two runs exactly: over levers (Shapley values) and Kaya factors (LMDI).

    Parameters
    ----------
    first, second : runs, run folders, scenario files, names of bundled scenarios, or scenarios loaded
    years : projected years to split; default the milestones after the base year
    data : a data folder, or an opened one, for what is not a run yet; default that of a run given, or the
        shipped one

    Raises
    ------
    InputError
        If one cannot be opened, the two have other years, base years or data, or a year is not a projected
        one.
    """
    from dualcarbon.analysis.splits import kaya_split
    from dualcarbon.explore.attribution import attribute, changed_inputs

    if data is None:
        data = next((one.library for one in (first, second) if isinstance(one, Run)), None)
    library = open_library(data)
    first, second = open_run(first, library), open_run(second, library)
    base = first.results.base_year
    years = [year for year in milestones(first.results) if year > base] if years is None else _whole(years)
    names = first.name, second.name
    split = attribute(first.built, second.built, years, names=names)
    by_factor = kaya_split(first.results, second.results, years)
    return Comparison(split, tuple(changed_inputs(first.scenario, second.scenario)), by_factor)


def _whole(years: object) -> list[int]:
    """Years as a list, in order."""
    if isinstance(years, str) or not isinstance(years, Iterable):
        raise fault("expected a list of years, such as [2030, 2060]", where=f"years {years!r}")
    listed = list(years)
    wrong = [year for year in listed if not isinstance(year, (int, np.integer)) or isinstance(year, bool)]
    if wrong:
        raise fault(f"{wrong[0]!r} is not a year; write 2030", where="years")
    return sorted({int(year) for year in listed})


def decompose(
    run: Run | Scenario | str | Path,
    first: int | None = None,
    last: int | None = None,
    step: int | None = None,
    *,
    data: str | Path | Library | None = None,
) -> Decomposition:
    """Split the change of CO2 between two years over its factors (LMDI).

    Parameters
    ----------
    run : a run, a run folder, a scenario file, the name of a bundled scenario, or a scenario loaded
    first, last : years; default the base year and the end year
    step : length of periods; default the whole span
    data : a data folder, or an opened one, for what is not a run yet

    Raises
    ------
    InputError
        If the run cannot be opened, or the years are not in it or not in order.
    """
    from dualcarbon.analysis.decomposition import decompose as split

    run = open_run(run, data)
    for given in (first, last, step):
        if given is not None:
            _whole([given])
    years = run.years
    start = run.results.base_year if first is None else first
    end = int(years[-1]) if last is None else last
    try:
        return split(run.results, start, end, step)
    except (KeyError, ValueError) as error:
        raise fault(str(error.args[0]), where=f"{start}-{end}") from None
