"""Official targets as criteria: what a pathway gives, the margin, and met, missed or not applicable."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from dualcarbon.analysis import indicators
from dualcarbon.axes import Floats, at
from dualcarbon.results import Results

PEAK = "peak"
"""The base of a target that is counted from the highest level reached."""


OWN = "own"
"""The role of a target that a user wrote."""

RANGE_TOP = "range top"
"""The role of the far end of a range; the near end is what decides whether the pledge is kept."""

NOT_COUNTED = "the top of a range: not counted among the targets met"
"""Remark of a range top."""


@dataclass(frozen=True)
class Target:
    """One pledge.

    Parameters
    ----------
    id, label, label_zh : as printed
    indicator : what is measured (a key of `MEASURES`, or something this resolution cannot compute)
    scope : what the indicator covers, in the document's reading
    accounting : energy accounting of the document
    comparison : ``at_least``, ``at_most`` or ``equals``
    value : in ``unit`` (shares and reductions in percent, Gtce, years)
    base : a year, ``peak``, or None
    year_from, year : period, and the year in which it is judged
    role : binding, expected, range top, qualitative, or own
    status : in force, past, or superseded by another target
    resolution : national, sectoral, input or none: what can compute it
    documents : ids of the documents that state it
    date : when it was first announced
    note : what the wording says
    """

    id: str
    label: str
    label_zh: str
    indicator: str
    scope: str
    accounting: str
    comparison: str
    value: float | None
    unit: str
    base: int | str | None
    year_from: int | None
    year: int
    role: str
    status: str
    resolution: str
    documents: tuple[str, ...]
    date: str
    note: str = ""

    @property
    def in_force(self) -> bool:
        """Whether the pledge stands and its year is still to come."""
        return self.status == "in force"

    @property
    def counted(self) -> bool:
        """Whether it counts among the targets met; the top of a range is only shown."""
        return self.role != RANGE_TOP

    @property
    def computable(self) -> bool:
        """Whether this resolution can compute its indicator in its scope."""
        own = self.role == OWN
        return own or (self.resolution == "national" and (self.indicator, self.scope) in MEASURES)


def own_target(indicator: str, year: int, *, id: str = "", label: str = "") -> Target:
    """A target that no document states, still without scope, unit and limit."""
    return Target(
        id=id,
        label=label or indicator,
        label_zh="",
        indicator=indicator,
        scope="",
        accounting="",
        comparison="",
        value=None,
        unit="",
        base=None,
        year_from=None,
        year=year,
        role=OWN,
        status="in force",
        resolution="national",
        documents=(),
        date="",
    )


@dataclass(frozen=True)
class Score:
    """How one pathway does on one target.

    Parameters
    ----------
    target : the pledge
    value : the pathway's value in the target's unit; NaN when not applicable or never reached
    margin : how far inside (positive) or outside (negative) the target the pathway is, in the target's unit
    verdict : ``met``, ``missed`` or ``not applicable``
    remark : why not applicable, a stricter reading, or that the value is an approximation
    """

    target: Target
    value: float
    margin: float
    verdict: str
    remark: str = field(default="")


Measure = Callable[[Results, Target], Floats]


def _share(key: str) -> Measure:
    return lambda r, t: r.in_year(key, t.year) * 100.0


def _reduction(key: str) -> Measure:
    def measure(r: Results, t: Target) -> Floats:
        assert isinstance(t.base, int)
        with np.errstate(divide="ignore", invalid="ignore"):  # a user may name a base in which nothing was
            return np.asarray((1.0 - r.in_year(key, t.year) / r.in_year(key, t.base)) * 100.0)

    return measure


def _below_peak(r: Results, t: Target) -> Floats:
    series = r["net_ghg"][..., : at(r.years, t.year) + 1]
    highest = np.fmax.reduce(series, axis=-1)
    return np.asarray((1.0 - series[..., -1] / highest) * 100.0)


def _highest_total(r: Results, t: Target) -> Floats:
    """The total in the target's year, or its highest value where the document names a period."""
    first = t.year if t.year_from is None else t.year_from
    series = r["energy_total"][..., at(r.years, first) : at(r.years, t.year) + 1]
    return np.asarray(series.max(axis=-1) / 1e3)


def _peak_year(key: str) -> Measure:
    return lambda r, t: indicators.peak_year_and_level(r[key], r.years)[0].astype(np.float64)


def _neutral_year(key: str) -> Measure:
    return lambda r, t: indicators.neutral_year(r[key], r.years)


def _sum(key: str) -> Measure:
    def measure(r: Results, t: Target) -> Floats:
        assert t.year_from is not None
        return indicators.cumulative(r[key], r.years, t.year_from, t.year)

    return measure


MEASURES: Mapping[tuple[str, str], Measure] = {
    ("non_fossil_share", ""): _share("non_fossil_share"),
    ("coal_share", ""): _share("coal_share"),
    ("energy_total", ""): _highest_total,
    ("carbon_intensity_reduction", "energy"): _reduction("carbon_intensity_energy"),
    ("carbon_intensity_reduction", "combustion-process"): _reduction("carbon_intensity_combustion_process"),
    ("energy_intensity_reduction", "total"): _reduction("energy_intensity"),
    ("energy_intensity_reduction", "without-feedstock-and-non-fossil"): _reduction("energy_intensity_fossil"),
    ("co2_peak_year", "energy-and-process"): _peak_year("eip_co2"),
    ("coal_peak_year", ""): _peak_year("coal_energy"),
    ("neutral_year", "ghg"): _neutral_year("net_ghg"),
    ("neutral_year", "co2"): _neutral_year("net_co2"),
    ("net_ghg_reduction", "ghg"): _below_peak,
    ("cumulative", "co2"): _sum("net_co2"),
    ("cumulative", "energy-and-process"): _sum("eip_co2"),
}
"""How each indicator is measured in each scope, in the unit that targets use."""

CHANGE = "_change"
"""Ending of the indicator of a user's own target on the change of a variable against its base year."""


def measure_of(target: Target) -> Measure:
    """How a target's value is measured, in its unit: by `MEASURES`, or a variable's level or change."""
    if (target.indicator, target.scope) in MEASURES:
        return MEASURES[target.indicator, target.scope]
    if target.indicator.endswith(CHANGE):
        falls = _reduction(target.indicator.removesuffix(CHANGE))
        return lambda r, t: -falls(r, t)
    if target.unit.startswith("%"):
        return _share(target.indicator)
    return lambda r, t: r.in_year(t.indicator, t.year)


APPROXIMATE = {
    "combustion-process": "approximation: feedstock carbon is taken out only through the oil factor",
    "without-feedstock-and-non-fossil": "approximation: non-fossil energy is out, feedstock still in",
}
"""Scopes that the national resolution only approximates, and why."""

_ELSEWHERE = {
    "sectoral": "needs the sectoral resolution",
    "input": "an assumption of the scenario, not a result",
    "none": "not modelled",
}


def score(target: Target, results: Results, statistic: str = "") -> Score:
    """Score one pathway (arrays without leading axes) on one target.

    Parameters
    ----------
    target : the pledge
    results : one pathway
    statistic : latest official figure of the indicator, for targets that are not computed
    """
    nothing = float("nan")
    if target.value is None or target.role == "qualitative":
        return Score(target, nothing, nothing, "not applicable", "qualitative")
    if not target.computable:
        why = _ELSEWHERE.get(target.resolution, "no measure in this scope")
        remark = f"{why}; {statistic}" if statistic else why
        return Score(target, nothing, nothing, "not applicable", remark)
    years = [target.year, *([target.base] if isinstance(target.base, int) else [])]
    if not all(int(results.years[0]) <= year <= int(results.years[-1]) for year in years):
        span = f"{int(results.years[0])}-{int(results.years[-1])}"
        return Score(target, nothing, nothing, "not applicable", f"outside the run's years {span}")
    value = float(measure_of(target)(results, target))
    if np.isnan(value) and target.indicator != "neutral_year":
        return Score(target, nothing, nothing, "not applicable", "statistics are missing for these years")
    margin = value - target.value if target.comparison == "at_least" else target.value - value
    margin = -abs(margin) if target.comparison == "equals" else margin
    met = margin >= 0.0
    return Score(target, value, margin, "met" if met else "missed", _remark(target, results, value))


def _remark(target: Target, results: Results, value: float) -> str:
    """What a reader should know beside the verdict."""
    remarks = [] if target.counted else [NOT_COUNTED]
    if target.indicator == "neutral_year":
        if np.isnan(value):
            series = results["net_ghg" if target.scope == "ghg" else "net_co2"]
            gases = "CO2e" if target.scope == "ghg" else "CO2"
            remarks.append(f"{series[-1] / 1e3:+.2f} Gt {gases} left in {int(results.years[-1])}")
        else:
            remarks.append(f"stays at or below zero to {int(results.years[-1])}")
    if target.indicator == "co2_peak_year":
        if value == results.base_year:
            remarks.append("provisional: the last observed year")
        assert target.value is not None
        strict = "met" if value < target.value else "missed"
        remarks.append(f"strictly before {target.value:.0f}: {strict}")
    if target.scope in APPROXIMATE:
        remarks.append(APPROXIMATE[target.scope])
    return "; ".join(remarks)


def all_official(targets: Iterable[Target], base_year: int) -> list[Target]:
    """The group ``all-official``: in force, quantitative, after the base year, computable; no range tops."""
    return [
        t
        for t in targets
        if t.in_force
        and t.value is not None
        and t.year > base_year
        and t.computable
        and t.role in ("binding", "expected")
    ]
