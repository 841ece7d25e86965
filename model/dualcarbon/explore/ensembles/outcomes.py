"""What is asked of every draw: headline indicators by year, peaks, neutrality, sums and official targets.

Draws are projected from the base year on; the years before are the same for all and stand in front of them,
so that peaks, reductions and sums are those of `dualcarbon.analysis` on the full run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dualcarbon.analysis import indicators
from dualcarbon.analysis.summary import CUMULATIVE_FROM
from dualcarbon.analysis.targets import Target, all_official, measure_of
from dualcarbon.axes import Floats, Years
from dualcarbon.results import Results

HEADLINE = (
    "eip_co2",
    "net_co2",
    "net_ghg",
    "energy_total",
    "coal_share",
    "non_fossil_share",
    "energy_intensity",
    "carbon_intensity_energy",
)
"""Indicators whose distribution is reported for every year."""

PEAKS = ("eip_co2", "coal_energy")
NEUTRAL = ("net_co2", "net_ghg")
SUMS = ("eip_co2", "net_co2")

SINGLE = (*(f"{key}_peak_level" for key in PEAKS), *(f"cumulative_{key}" for key in SUMS))
"""Quantities that a draw has once: peak levels, and sums from 2020 to the end."""

ALL_OFFICIAL = "all-official"

Classes = dict[str, "NDArray[np.int64] | NDArray[np.bool_]"]


@dataclass(frozen=True)
class Asked:
    """The questions.

    Parameters
    ----------
    years : (year) of the full run
    base_year : last year of history
    past : (year before the base year) of every variable that a question needs, inside units
    targets : official targets whose probability is asked for
    groups : by name, which of the targets (positions) are asked for together
    """

    years: Years
    base_year: int
    past: Mapping[str, Floats]
    targets: tuple[Target, ...]
    groups: Mapping[str, tuple[int, ...]]

    @property
    def ahead(self) -> Years:
        """The base year and the projected years."""
        return self.years[self.years >= self.base_year]

    @property
    def outputs(self) -> tuple[str, ...]:
        """Variables that a projection has to give."""
        return tuple(dict.fromkeys((*HEADLINE, *self.past)))

    @property
    def quantities(self) -> int:
        """How many numbers of a draw have a distribution: indicators by year, then the single ones."""
        return len(HEADLINE) * self.ahead.size + len(SINGLE)

    @property
    def classes(self) -> dict[str, int]:
        """How many classes draws are counted in, by what is counted; years have one more for never."""
        by_year = {f"{key}_peak_year": self.years.size for key in PEAKS}
        by_year |= {f"{key}_neutral_year": self.years.size + 1 for key in NEUTRAL}
        return by_year | {"targets": len(self.targets), "groups": len(self.groups)}


def ask(full: Results, official: Sequence[Target], groups: Mapping[str, Sequence[str]]) -> Asked:
    """The questions to the draws of one scenario.

    Parameters
    ----------
    full : the full run of its central path, every variable (year)
    official : every official target
    groups : names of the targets of each group
    """
    last, base = int(full.years[-1]), full.base_year
    targets = tuple(
        t
        for t in official
        if t.in_force
        and t.value is not None
        and t.computable
        and base < t.year <= last
        and t.role != "qualitative"
    )
    places = {t.id: k for k, t in enumerate(targets)}
    members = {ALL_OFFICIAL: [t.id for t in all_official(targets, base)], **groups}
    needed = dict.fromkeys((*PEAKS, *NEUTRAL, *SUMS))
    for target in targets:
        needed |= dict.fromkeys(_needs(target, full))
    before = full.years < base
    return Asked(
        years=full.years.copy(),
        base_year=base,
        past={name: full[name][before] for name in needed},
        targets=targets,
        groups={
            name: found
            for name, ids in members.items()
            if (
                found := tuple(
                    places[one] for one in ids if one in places and targets[places[one]].role != "range top"
                )
            )
        },
    )


def _needs(target: Target, full: Results) -> list[str]:
    """Variables that a target's measure reads: what it misses one by one."""
    needed: list[str] = []
    while True:
        try:
            measure_of(target)(Results(full.years, full.base_year, {k: full[k] for k in needed}), target)
        except KeyError as missing:
            needed.append(missing.args[0])
        else:
            return needed


class Answers:
    """Answers of one chunk of draws after another, in the same memory.

    Parameters
    ----------
    asked : the questions
    """

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._whole: dict[tuple[str, int], Floats] = {}

    def full(self, projected: Results) -> Results:
        """Draws (member, year) of the needed variables with the years before the base year in front."""
        arrays = {name: self._joined(name, projected[name]) for name in self._asked.past}
        return Results(self._asked.years.view(), self._asked.base_year, arrays)

    def peak_place(self, projected: Results, key: str = PEAKS[0]) -> NDArray[np.int64]:
        """Place (member) of one variable's peak on the year axis of the full run."""
        years = self._asked.years
        year, _ = indicators.peak_year_and_level(self._joined(key, projected[key]), years)
        return np.asarray(year - int(years[0]))

    def _joined(self, name: str, ahead: Floats) -> Floats:
        past, members = self._asked.past[name], ahead.shape[0]
        if (name, members) not in self._whole:
            whole = np.empty((members, self._asked.years.size), order="F")
            whole[:, : past.size] = past
            self._whole[name, members] = whole
        whole = self._whole[name, members]
        whole[:, past.size :] = ahead
        return whole.view()

    def single(self, full: Results) -> tuple[dict[str, Floats], Classes]:
        """Quantities (member) that a draw has once, and the classes it is counted in."""
        asked, years = self._asked, self._asked.years
        first = int(years[0])
        values: dict[str, Floats] = {}
        classes: Classes = {}
        for key in PEAKS:
            year, values[f"{key}_peak_level"] = indicators.peak_year_and_level(full[key], years)
            classes[f"{key}_peak_year"] = year - first
        for key in NEUTRAL:
            neutral = indicators.neutral_year(full[key], years) - first
            classes[f"{key}_neutral_year"] = np.nan_to_num(neutral, nan=years.size).astype(np.int64)
        for key in SUMS:
            since = max(CUMULATIVE_FROM, first)
            values[f"cumulative_{key}"] = indicators.cumulative(full[key], years, since, int(years[-1]))
        met = np.array([meets(target, full) for target in asked.targets])
        together = [np.logical_and.reduce(met[list(places)]) for places in asked.groups.values()]
        members = next(iter(values.values())).size
        classes["targets"] = met.reshape(len(asked.targets), members)
        classes["groups"] = np.array(together, dtype=np.bool_).reshape(len(together), members)
        return {name: values[name] for name in SINGLE}, classes


def meets(target: Target, results: Results) -> NDArray[np.bool_]:
    """Whether draws (member) meet a target, as `dualcarbon.analysis.targets.score` judges one pathway."""
    value, limit = measure_of(target)(results, target), target.value
    assert limit is not None
    if target.comparison == "at_least":
        return np.asarray(value >= limit)
    if target.comparison == "at_most":
        return np.asarray(value <= limit)
    return np.asarray(value == limit)


def quantities(projected: Results, single: Mapping[str, Floats]) -> list[Floats]:
    """Every quantity of a chunk in blocks (quantity, member): indicators by year, then the single ones."""
    return [*(projected[key].T for key in HEADLINE), np.array(list(single.values()))]
