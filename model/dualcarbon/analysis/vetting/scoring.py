"""Official targets that the variables of a pathway allow to score."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from dualcarbon.analysis.targets import APPROXIMATE, NOT_COUNTED, PEAK, Score, Target, measure_of
from dualcarbon.analysis.vetting.deriving import WANTED, Derived
from dualcarbon.analysis.vetting.reported import YEARS, held
from dualcarbon.axes import Floats, at
from dualcarbon.results import Results

_NAN = float("nan")

Flags = NDArray[np.bool_]


class _Recorder(Results):
    """Results that remember which variables were looked at."""

    def __getitem__(self, key: str) -> Floats:
        self.meta["asked"].append(key)
        return super().__getitem__(key)

    def in_year(self, key: str, year: int) -> Floats:
        self.meta["asked"].append(key)
        return super().in_year(key, year)


def score_targets(
    derived: Derived, history: Mapping[str, Floats], base_year: int, targets: Iterable[Target]
) -> list[list[Score]]:
    """Scores of every scenario on the official targets.

    Levels are taken in reported years only. Where a base year, or the years of a possible peak, lie before
    the first reported one, history stands in, scaled to meet the pathway there. A peak or a neutral year is a
    reported year.

    Parameters
    ----------
    derived : the pathways
    history : (year) on `YEARS` by key
    base_year : last year of history
    """
    arrays, spliced = _with_history(derived, history, base_year)
    results = _Recorder(YEARS.copy(), base_year, arrays, {"asked": []})
    scores: list[list[Score]] = [[] for _ in range(derived.count)]
    for target in targets:
        values, keys = _measure(target, results)
        for number in range(derived.count):
            scores[number].append(_score(target, values, keys, number, derived, spliced, base_year))
    return scores


def _with_history(
    derived: Derived, history: Mapping[str, Floats], base_year: int
) -> tuple[dict[str, Floats], dict[str, Flags]]:
    """Held arrays by key, with history before the first reported year; and where there is any (scenario)."""
    arrays: dict[str, Floats] = {}
    spliced: dict[str, Flags] = {}
    for key in derived.arrays:
        reported = derived[key]
        known = ~np.isnan(reported)
        first = np.argmax(known, axis=-1)
        array = held(reported)
        past = history.get(key, np.full(YEARS.size, np.nan))
        with np.errstate(divide="ignore", invalid="ignore"):
            scale = np.take_along_axis(reported, first[:, None], axis=-1) / past[first][:, None]
        usable = np.isfinite(scale[:, 0]) & (YEARS[first] <= base_year) & known.any(axis=-1)
        before = (np.arange(YEARS.size) < first[:, None]) & usable[:, None]
        arrays[key] = np.where(before, past * scale, array)
        spliced[key] = (before & ~np.isnan(past)).any(axis=-1)
    return arrays, spliced


def _measure(target: Target, results: _Recorder) -> tuple[Floats | None, list[str]]:
    """Values (scenario), or None where a variable is missing from the whole file; and the variables used."""
    asked: list[str] = results.meta["asked"]
    asked.clear()
    try:
        values: Floats | None = np.asarray(measure_of(target)(results, target), dtype=np.float64)
    except KeyError:
        values = None
    return values, list(dict.fromkeys(asked))


def _score(
    target: Target,
    values: Floats | None,
    keys: list[str],
    number: int,
    derived: Derived,
    spliced: Mapping[str, Flags],
    base_year: int,
) -> Score:
    assert target.value is not None
    missing = [key for key in keys if not derived.has(key)[number]]
    if values is None or missing:
        return Score(target, _NAN, _NAN, "not applicable", f"needs {_names(missing or keys)}")
    unfit = _not_reported(target, derived[keys[0]][number], base_year)
    value = float(values[number])
    if unfit or (np.isnan(value) and target.indicator != "neutral_year"):
        why = unfit or "nothing is reported for the years that it needs"
        return Score(target, _NAN, _NAN, "not applicable", why)
    margin = value - target.value if target.comparison == "at_least" else target.value - value
    margin = -abs(margin) if target.comparison == "equals" else margin
    remarks = _year_remarks(target, value, derived[keys[0]][number], base_year)
    remarks += _remarks(target, derived, keys, number, spliced)
    verdict = "met" if margin >= 0.0 else "missed"
    return Score(target, value, margin, verdict, "; ".join(remarks))


def _names(keys: list[str]) -> str:
    return ", ".join(WANTED.get(key, key) for key in keys)


def _not_reported(target: Target, reported: Floats, base_year: int) -> str:
    """Why the reported years do not do for a target; empty where they do."""
    known = ~np.isnan(reported)
    first, last = (int(YEARS[known][end]) for end in (0, -1))
    looks_for_peak = target.base == PEAK or target.indicator.endswith("peak_year")
    if looks_for_peak and first > base_year:
        return f"starts in {first}: whether it peaked before is not known"
    if target.unit == "year":
        return f"reported to {last} only" if last < (target.value or 0) else ""
    if isinstance(target.base, int) and target.base > first and not known[at(YEARS, target.base)]:
        return f"{target.base}, from which it counts, is not reported"
    return "" if known[at(YEARS, target.year)] else f"{target.year} is not reported"


def _remarks(
    target: Target, derived: Derived, keys: list[str], number: int, spliced: Mapping[str, Flags]
) -> list[str]:
    remarks = [] if target.counted else [NOT_COUNTED]
    remarks += [f"approximate: {text}" for text in derived.remarks(keys, number)]
    known = ~np.isnan(derived[keys[0]][number])
    first = YEARS[known][0]
    looks_back = (
        target.base == PEAK or target.unit == "year" or (isinstance(target.base, int) and target.base < first)
    )
    if looks_back and spliced[keys[0]][number]:
        remarks.append(f"years before {first} are history, scaled to the file")
    if target.scope in APPROXIMATE:
        remarks.append(APPROXIMATE[target.scope])
    return remarks


def _year_remarks(target: Target, value: float, reported: Floats, base_year: int) -> list[str]:
    """What to know beside a peak year or a neutral year."""
    if target.unit != "year":
        return []
    years = YEARS[~np.isnan(reported)]
    remarks = []
    if target.indicator == "neutral_year":
        left = f"{reported[~np.isnan(reported)][-1] / 1e3:+.2f} Gt left in {years[-1]}"
        remarks.append(left if np.isnan(value) else f"stays at or below zero to {years[-1]}")
    elif value == base_year:
        remarks.append("provisional: the last observed year")
    neutral = target.indicator == "neutral_year"
    before = years[years < value]
    after = years[years >= value] if neutral else years[years > value]
    closest = 1 if neutral else 2
    if value in years and before.size and after.size and after[0] - before[-1] > closest:
        remarks.append(f"between {before[-1]} and {after[0]}, as far as the reported years show")
    return remarks
