"""What a sensitivity is of: one number of each pathway, named by a short text such as ``net_co2@2060``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dualcarbon.analysis import indicators
from dualcarbon.analysis.summary import CUMULATIVE_FROM
from dualcarbon.axes import Floats, at
from dualcarbon.errors import Fault, InputError, did_you_mean
from dualcarbon.results import Results
from dualcarbon.tables.variables import Variable

PEAK_YEAR, PEAK_LEVEL = "peak_year", "peak_level"

_SUMS = {"cumulative_co2": "eip_co2", "cumulative_net_co2": "net_co2"}
_NEUTRAL = {"neutral_year": "net_ghg", "co2_neutral_year": "net_co2"}
_OF_A_PATHWAY = {
    PEAK_YEAR: ("eip_co2", "year", "Peak year of CO2 from energy and processes"),
    PEAK_LEVEL: ("eip_co2", "Mt CO2", "Peak of CO2 from energy and processes"),
    "neutral_year": ("net_ghg", "year", "Neutral year of greenhouse gases"),
    "co2_neutral_year": ("net_co2", "year", "Neutral year of CO2"),
}
"""Variable, unit and label of the numbers that belong to no year."""


@dataclass(frozen=True)
class Output:
    """One number of a pathway.

    Parameters
    ----------
    name : the text that asks for it: ``variable@year``, ``cumulative_co2@year``, ``peak_year`` …
    kind : what stands before the @
    variable : the series that it is worked out from
    year : the year it belongs to; None for the pathway as a whole
    unit, label : as printed
    factor : inside unit to ``unit``
    """

    name: str
    kind: str
    variable: str
    year: int | None
    unit: str
    label: str
    factor: float = 1.0

    @property
    def of_peak(self) -> bool:
        """Whether it is about the peak."""
        return self.kind in (PEAK_YEAR, PEAK_LEVEL)

    @property
    def may_be_missing(self) -> bool:
        """Whether a pathway may have no such year, and counts as the year after its end."""
        return self.kind in _NEUTRAL

    def of(self, batch: Results, past: Results) -> Floats:
        """Its value (…) in each pathway of a batch, in ``unit``.

        Parameters
        ----------
        batch : pathways, whose years may start later than those of ``past``
        past : a single pathway with the same years before
        """
        if self.kind == self.variable:
            assert self.year is not None
            return batch.in_year(self.variable, self.year) * self.factor
        series = _whole(batch, past, self.variable)
        if self.kind in _SUMS:
            assert self.year is not None
            return indicators.cumulative(series, past.years, CUMULATIVE_FROM, self.year)
        if self.of_peak:
            peak = indicators.peak(series, past.years, past.base_year)
            return peak.level if self.kind == PEAK_LEVEL else peak.year.astype(np.float64)
        year = indicators.neutral_year(series, past.years)
        return np.where(np.isnan(year), float(past.years[-1] + 1), year)


def _whole(batch: Results, past: Results, variable: str) -> Floats:
    """A series (…, year) of a batch with the years before it, which are the same for every member."""
    series = batch[variable]
    before = past[variable][: at(past.years, int(batch.years[0]))]
    if not before.size:
        return series
    whole = np.empty((*series.shape[:-1], before.size + series.shape[-1]), order="F")
    whole[..., : before.size] = before
    whole[..., before.size :] = series
    return whole


def read_outputs(
    texts: Sequence[object], results: Results, variables: Mapping[str, Variable], where: str = "of"
) -> tuple[Output, ...]:
    """The outputs that texts ask for.

    Parameters
    ----------
    texts : such as ``net_co2@2060`` or ``peak_year``
    results : any run with the years at hand
    variables : the registry
    where : what messages call the place of the texts

    Raises
    ------
    InputError
        With every fault found.
    """
    faults: list[Fault] = []
    found: dict[str, Output] = {}
    if not texts:
        faults.append(Fault(where, 0, "", "nothing is asked for; write for example net_co2@2060,peak_year"))
    for text in texts:
        try:
            output = _read(str(text).strip(), results, variables)
        except ValueError as error:
            faults.append(Fault(where, 0, str(text).strip(), str(error)))
        else:
            found.setdefault(output.name, output)
    if faults:
        raise InputError(faults)
    return tuple(found.values())


def _read(text: str, results: Results, variables: Mapping[str, Variable]) -> Output:
    """One output; a ``ValueError`` says what is wrong."""
    kind, at_sign, year_text = (part.strip() for part in text.partition("@"))
    if kind in _OF_A_PATHWAY:
        if at_sign:
            raise ValueError(f"belongs to the whole pathway, not to a year; write {kind}")
        variable, unit, label = _OF_A_PATHWAY[kind]
        return Output(kind, kind, variable, None, unit, label)
    if kind not in variables and kind not in _SUMS:
        known = [*variables, *_SUMS, *_OF_A_PATHWAY]
        others = ", ".join((*_OF_A_PATHWAY, *(f"{name}@YEAR" for name in _SUMS)))
        hint = did_you_mean(kind, known) or f"; `dualcarbon variables` lists them; also {others}"
        raise ValueError(f"there is no variable {kind!r}{hint}")
    year = _year(kind, year_text, results)
    name = f"{kind}@{year}"
    if kind in _SUMS:
        one = variables[_SUMS[kind]]
        return Output(name, kind, one.key, year, "Mt CO2", f"{one.label}, {CUMULATIVE_FROM}-{year} summed")
    one = variables[kind]
    return Output(name, kind, kind, year, one.unit, f"{one.label} in {year}", one.factor)


def _year(kind: str, text: str, results: Results) -> int:
    first, last = results.base_year + 1, int(results.years[-1])
    if not text:
        raise ValueError(f"needs a year, such as {kind}@{last}")
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"{text!r} is not a year; write one of {first}-{last}, such as {kind}@{last}")
    if not first <= int(text) <= last:
        raise ValueError(f"{int(text)} is outside the projected years {first}-{last}")
    return int(text)
