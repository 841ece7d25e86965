"""Which targets a fit is to meet: names of groups and pledges, and a user's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from dualcarbon.analysis.targets import CHANGE, OWN, Target, all_official, own_target
from dualcarbon.errors import Fault, did_you_mean
from dualcarbon.tables.variables import Variable
from dualcarbon.units import in_quotes, in_words, parse_number, parse_quantity

ALL_OFFICIAL = "all-official"
CO2_NEUTRAL = "co2-neutral-2060"
_GHG_NEUTRAL = "neutral-2060"

_LIMITS = ("at_least", "at_most")
_OWN_KEYS = ("indicator", *_LIMITS, "year", "base", "from", "to", "gases")
_PEAKS = {"co2_peak_year": "energy-and-process", "coal_peak_year": ""}
_SUMS = {"cumulative_co2": "energy-and-process", "cumulative_net_co2": "co2"}
_NEUTRAL = "neutral_year"
_DIMENSIONS = {
    "%": "share",
    "%/yr": "rate",
    "Mt CO2": "mass",
    "Mt CO2e": "mass",
    "Mtce": "energy",
    "million": "people",
}

_EXAMPLE = "{indicator: coal_share, year: 2040, at_most: 25 %}"

Say = Callable[[Sequence[object], str], Fault]
"""Makes a fault from a key path and a sentence."""


@dataclass(frozen=True)
class Wanted:
    """Targets to meet, and members of named groups that are past, beyond the end or not computable here."""

    targets: tuple[Target, ...]
    left_out: tuple[str, ...]


def choose_targets(
    wanted: Sequence[object],
    official: Sequence[Target],
    groups: Mapping[str, Sequence[str]],
    variables: Mapping[str, Variable],
    base_year: int,
    end_year: int,
    say: Say,
) -> tuple[Wanted, list[Fault]]:
    """The targets that names and a user's own entries stand for.

    Parameters
    ----------
    wanted : names of groups or targets, or mappings such as
        ``{indicator: coal_share, year: 2040, at_most: 25 %}``
    official : every official target
    groups : members of each group
    variables : the registry, for the units of own targets
    """
    by_id = {t.id: t for t in official}
    by_id[CO2_NEUTRAL] = replace(
        by_id[_GHG_NEUTRAL], id=CO2_NEUTRAL, scope="co2", label="CO2 neutrality before 2060", role=OWN
    )
    found: dict[str, Target] = {}
    left_out: dict[str, None] = {}
    faults: list[Fault] = []
    for k, entry in enumerate(wanted):
        if isinstance(entry, Mapping):
            own, wrong = _own(entry, variables, base_year, end_year)
            faults += [say((k, *path), what) for path, what in wrong]
            found |= {t.id: t for t in own}
        elif not isinstance(entry, str):
            what = f"expected a target's name or a mapping such as {_EXAMPLE}; found {in_words(entry)}"
            faults.append(say((k,), what))
        elif entry == ALL_OFFICIAL or (entry in groups and entry not in by_id):
            official_ones = [t.id for t in all_official(official, base_year)]
            members = [by_id[name] for name in groups.get(entry, official_ones)]
            good = [t for t in members if _usable(t, base_year, end_year) == ""]
            found |= {t.id: t for t in good}
            left_out |= {t.id: None for t in members if t not in good}
        elif entry in by_id:
            why = _usable(by_id[entry], base_year, end_year, named=True)
            if why:
                faults.append(say((k,), f"{entry} cannot be fitted: {why}"))
            else:
                found[entry] = by_id[entry]
        else:
            known = [ALL_OFFICIAL, *groups, *by_id]
            hint = did_you_mean(entry, known) or f"; groups: {', '.join([ALL_OFFICIAL, *groups])}"
            faults.append(say((k,), f"there is no target {in_quotes(entry)}{hint}"))
    return Wanted(tuple(found.values()), tuple(left_out)), faults


def _usable(target: Target, base_year: int, end_year: int, *, named: bool = False) -> str:
    """Why a target cannot be a constraint; empty if it can. A range top counts only when named itself."""
    if target.value is None:
        return "it is qualitative"
    if not target.computable:
        where = {"sectoral": "needs the sectoral resolution", "input": "it is an assumption of the scenario"}
        return where.get(target.resolution, "it is not modelled")
    if not base_year < target.year <= end_year:
        return f"its year {target.year} is outside the projection {base_year + 1}-{end_year}"
    if target.role == "range top" and not named:
        return "the top of a range is reported, never a constraint"
    return ""


Found = tuple[tuple[object, ...], str]


def _own(
    entry: Mapping[object, object], variables: Mapping[str, Variable], base_year: int, end_year: int
) -> tuple[list[Target], list[Found]]:
    """A user's own target: one for each limit."""
    unknown = [str(key) for key in entry if key not in _OWN_KEYS]
    if unknown:
        allowed = f"allowed: {', '.join(_OWN_KEYS)}"
        return [], [((key,), f"unknown key; {allowed}{did_you_mean(key, _OWN_KEYS)}") for key in unknown]
    indicator = entry.get("indicator")
    known = [*variables, *(f"{v}{CHANGE}" for v in variables), *_PEAKS, _NEUTRAL, *_SUMS]
    if indicator is None:
        return [], [(("indicator",), "is missing; `dualcarbon variables` lists what there is")]
    if not isinstance(indicator, str) or indicator not in known:
        hint = did_you_mean(str(indicator), known) or "; `dualcarbon variables` lists what there is"
        return [], [(("indicator",), f"there is no indicator {in_quotes(str(indicator))}{hint}")]
    fitting = ("indicator", *_LIMITS, *_keys_of(indicator))
    astray = [str(key) for key in entry if key not in fitting]
    if astray:
        what = f"does not go with {indicator}; allowed: {', '.join(fitting)}"
        return [], [((key,), what) for key in astray]
    limits = [side for side in _LIMITS if side in entry]
    if not limits:
        wanted = "at_most" if indicator in (*_PEAKS, _NEUTRAL) else "at_least, at_most or both"
        return [], [((), f"no limit; write {wanted}")]
    shape, faults = _shape(indicator, entry, variables, base_year, end_year)
    values: dict[str, float] = {}
    for side in limits:
        try:
            values[side] = _value(entry[side], indicator, shape.unit)
        except ValueError as error:
            faults.append(((side,), str(error)))
            continue
        first = base_year + (indicator == _NEUTRAL)
        if shape.unit == "year" and not first <= values[side] <= end_year:
            faults.append(((side,), f"{entry[side]} is outside {first}-{end_year}"))
    if len(values) == 2 and values["at_most"] < values["at_least"]:
        faults.append((("at_most",), f"{entry['at_most']} is below at_least ({entry['at_least']})"))
    if faults:
        return [], faults
    return [_limited(shape, side, value, entry[side]) for side, value in values.items()], []


def _keys_of(indicator: str) -> tuple[str, ...]:
    """Keys that go with an indicator beside its limits."""
    if indicator in _PEAKS:
        return ()
    if indicator == _NEUTRAL:
        return ("gases",)
    if indicator in _SUMS:
        return ("from", "to")
    if indicator.endswith(CHANGE):
        return ("base", "year")
    return ("from", "year") if indicator == "energy_total" else ("year",)


def _limited(shape: Target, side: str, value: float, written: object) -> Target:
    """The target with one of its limits; its id tells it from every other."""
    when = [str(y) for y in (shape.base, shape.year_from, shape.year) if y is not None]
    if shape.unit == "year":
        when = [shape.scope] if shape.scope == "co2" else []
    name = "-".join([shape.label, *when, side.replace("_", "-"), str(written).replace(" ", "")])
    year = int(value) if shape.unit == "year" else shape.year
    label = " ".join([shape.label, "-".join(when), side.replace("_", " "), str(written)])
    return replace(shape, id=name, label=" ".join(label.split()), comparison=side, value=value, year=year)


def _shape(
    indicator: str,
    entry: Mapping[object, object],
    variables: Mapping[str, Variable],
    base_year: int,
    end_year: int,
) -> tuple[Target, list[Found]]:
    """Everything of an own target but its limit."""
    faults: list[Found] = []

    def year(key: str, low: int, default: int | None = None) -> int:
        value = entry.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool):
            missing = value is None and key not in entry
            what = "is missing; write a year" if missing else f"expected a year; found {in_words(value)}"
            faults.append(((key,), what))
            return end_year
        high = base_year if key == "base" else end_year
        if not low <= value <= high:
            faults.append(((key,), f"{value} is outside {low}-{high}"))
        return value

    def period(first: int, last: int, key: str) -> None:
        if not faults and first > last:
            faults.append((("from",), f"{first} is after {key} ({last})"))

    target = own_target(indicator, end_year)
    if indicator in _PEAKS:
        if "at_least" in entry:
            faults.append((("at_least",), "a peak can be asked for no later than a year: write at_most"))
        return replace(target, scope=_PEAKS[indicator], unit="year"), faults
    if indicator == _NEUTRAL:
        gases = entry.get("gases", "ghg")
        if gases not in ("ghg", "co2"):
            faults.append((("gases",), f"expected ghg or co2; found {gases!r}"))
        if "at_least" in entry:
            faults.append((("at_least",), "neutrality can be asked for no later than a year: write at_most"))
        return replace(target, scope=str(gases), unit="year"), faults
    if indicator in _SUMS:
        first, last = year("from", base_year, base_year + 1), year("to", base_year + 1)
        period(first, last, "to")
        shape = replace(target, indicator="cumulative", scope=_SUMS[indicator], unit="Mt CO2")
        return replace(shape, year_from=first, year=last), faults
    when = year("year", base_year + 1)
    if indicator.endswith(CHANGE):
        return replace(target, unit="%", year=when, base=year("base", 2000, base_year)), faults
    if indicator == "energy_total":
        start = year("from", base_year + 1) if "from" in entry else None
        if start is not None:
            period(start, when, "year")
        return replace(target, unit="Gtce", year=when, year_from=start), faults
    return replace(target, unit=variables[indicator].unit, year=when), faults


def _value(text: object, indicator: str, unit: str) -> float:
    """A limit in the target's unit."""
    if unit == "year":
        if isinstance(text, bool) or not isinstance(text, int):
            raise ValueError(f"expected a year such as 2030; found {in_words(text)}")
        return float(text)
    if indicator == "energy_total":
        return parse_quantity(text, "energy") / 1e3
    if unit in _DIMENSIONS:
        value = parse_quantity(text, _DIMENSIONS[unit])
        return value * 100.0 if unit.startswith("%") else value
    return parse_number(text, "5.2")
