"""The ``uncertainty`` block of a scenario file: one distribution a lever, as written.

Quantities stay as written here; `dualcarbon.explore.ensembles` checks their units and sizes against the
lever.
"""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from dualcarbon.errors import did_you_mean
from dualcarbon.scenario.model import Found, Model, any_of, wrong_kind
from dualcarbon.scenario.spread_forms import PARTS, SHAPES, ChoiceForm, LognormalForm, NormalForm, SpreadForm
from dualcarbon.scenario.types import Spread
from dualcarbon.units import in_words

FIXED = ("fixed", "none")
"""What switches a lever's uncertainty off."""

_EXAMPLE = "{normal: {sd: 0.6 pp}}"


def read_uncertainty(block: Any) -> tuple[dict[str, Spread], list[Found]]:
    """What is said of each lever's uncertainty and the faults found; levers with faults are left out."""
    path = ("uncertainty",)
    if not isinstance(block, dict):
        what = f"expected a mapping of lever names to distributions, such as gdp_growth: {_EXAMPLE}"
        return {}, [(path, f"{what}; found {in_words(block)}")]
    spreads: dict[str, Spread] = {}
    faults: list[Found] = []
    for name, entry in block.items():
        spread, wrong = _read_spread(entry)
        faults += [((*path, str(name), *place), what) for place, what in wrong]
        if spread is not None and not wrong:
            spreads[str(name)] = spread
    return spreads, faults


def _read_spread(entry: Any) -> tuple[Spread | None, list[Found]]:
    if entry in FIXED:
        return Spread("fixed"), []
    if not isinstance(entry, dict):
        return None, [((), f"expected a mapping such as {_EXAMPLE}, or fixed; found {in_words(entry)}")]
    words = {str(key): value for key, value in entry.items()}
    empty = [key for key in (*PARTS, "full", "correlate") if key in words and words[key] is None]
    if empty:
        return None, [((key,), f"expected {_example(key)}; found nothing") for key in empty]
    try:
        form = SpreadForm.model_validate(words)
    except ValidationError as error:
        return None, [_explain(one) for one in error.errors()]
    shapes = [key for key in SHAPES if key in words]
    faults = _shape_faults(form, shapes)
    over_time, ar1, wrong = _over_time(form)
    faults += wrong + _number_faults(form)
    spread = Spread(
        shape=shapes[0] if shapes else None,
        numbers=_given(getattr(form, shapes[0])) if shapes else {},
        relative=form.relative or form.lognormal is not None,
        truncate=_given(form.truncate) if form.truncate else {},
        over_time=over_time,
        full=form.full,
        ar1=ar1,
        correlate=form.correlate,
    )
    return spread, faults


def spread_words(spread: Spread, end_year: int) -> Any:
    """What a scenario file says of one lever's uncertainty, to be written into another.

    Parameters
    ----------
    end_year : last year that the file speaks of, where a growing deviation has its size unless it says when
    """
    if spread.shape == "fixed":
        return spread.shape
    words: dict[str, Any] = {spread.shape: dict(spread.numbers)} if spread.shape else {}
    if spread.relative and spread.shape != "lognormal":
        words["relative"] = True
    if spread.truncate:
        words["truncate"] = dict(spread.truncate)
    if spread.over_time != "constant":
        words["over_time"] = {"ar1": spread.ar1} if spread.ar1 is not None else spread.over_time
    if spread.over_time == "growing":
        words["full"] = end_year if spread.full is None else spread.full
    if spread.correlate:
        words["correlate"] = dict(spread.correlate)
    return words


def _given(part: Model) -> dict[str, Any]:
    """What a part of the form holds."""
    return {key: getattr(part, key) for key in type(part).model_fields if getattr(part, key) is not None}


def _shape_faults(form: SpreadForm, shapes: list[str]) -> list[Found]:
    """Keys that do not go together."""
    allowed = any_of(list(SHAPES))
    if len(shapes) > 1:
        return [((shapes[1],), f"does not go with {shapes[0]}; a lever takes one distribution")]
    if not shapes:
        alone = [key for key in ("relative", "truncate", "over_time", "full") if key in form.model_fields_set]
        if alone:
            return [((alone[0],), f"goes with a distribution; add {allowed}")]
        if not form.correlate:
            return [((), f"nothing is said; write a distribution ({allowed}), correlate, or fixed")]
        return []
    faults: list[Found] = []
    shape = shapes[0]
    part = getattr(form, shape)
    if isinstance(part, (NormalForm, LognormalForm)):
        given = tuple(_given(part))
        if given not in (("sd",), ("low", "high")):
            faults.append(((shape,), "write either sd, or low and high (5 and 95 % points)"))
    if "relative" in form.model_fields_set and shape in ("lognormal", "history"):
        own = "is always relative" if shape == "lognormal" else "has the measure of the lever table"
        faults.append((("relative",), f"does not go with {shape}, which {own}"))
    if form.truncate is not None and not _given(form.truncate):
        faults.append((("truncate",), "write low, high or both"))
    return faults


def _over_time(form: SpreadForm) -> tuple[str, float | None, list[Found]]:
    """How the deviation runs over the years, and the faults found."""
    path = ("over_time",)
    said = form.over_time
    if isinstance(said, dict) and set(said) == {"ar1"}:
        number = said["ar1"]
        if isinstance(number, bool) or not isinstance(number, (int, float)):
            return "ar1", None, [((*path, "ar1"), f"expected a number; found {in_words(number)}")]
        wrong: list[Found] = []
        if not -1.0 < number < 1.0:
            wrong = [((*path, "ar1"), f"{number:g} is outside -1 to 1, both ends left out")]
        elif form.full is not None:
            wrong = [(("full",), "goes with over_time: growing")]
        return "ar1", float(number), wrong
    if said not in ("constant", "growing"):
        hint = did_you_mean(said, ["constant", "growing"]) if isinstance(said, str) else ""
        return "", None, [(path, f"expected constant, growing or {{ar1: 0.7}}; found {in_words(said)}{hint}")]
    if said == "constant" and form.full is not None:
        return said, None, [(("full",), "goes with over_time: growing")]
    return said, None, []


def _number_faults(form: SpreadForm) -> list[Found]:
    """Numbers that are out of range whatever the lever."""
    faults: list[Found] = [
        (("correlate", name), f"{number:g} is outside -1 to 1, both ends left out")
        for name, number in form.correlate.items()
        if not -1.0 < number < 1.0
    ]
    if form.choice is not None:
        faults += [(("choice", *place), what) for place, what in _choice_faults(form.choice)]
    window = form.history.window if form.history else None
    if window is not None and (len(window) != 2 or window[0] >= window[1]):
        faults.append((("history", "window"), "write the first and the last year, such as [2006, 2025]"))
    return faults


def _choice_faults(choice: ChoiceForm) -> list[Found]:
    if not choice.values:
        return [(("values",), "no values; write such as [-1 pp, 0 pp, 1 pp]")]
    if choice.weights is None:
        return []
    if len(choice.weights) != len(choice.values):
        return [(("weights",), f"{len(choice.weights)} weights for {len(choice.values)} values")]
    if min(choice.weights) < 0.0 or not any(choice.weights):
        return [(("weights",), "no weight may be below 0, and one must be above")]
    return []


def _explain(error: ErrorDetails) -> Found:
    """A pydantic error in our words."""
    path = error["loc"]
    form: type[Model] = PARTS.get(str(path[0]), SpreadForm) if len(path) > 1 else SpreadForm
    key = str(path[-1])
    if error["type"] == "extra_forbidden":
        known = list(form.model_fields)
        return path, f"unknown key; allowed: {', '.join(known)}{did_you_mean(key, known)}"
    if error["type"] == "missing":
        return path, f"is missing ({form.model_fields[key].description})"
    if error["type"] in ("model_type", "dict_type"):
        return path, f"expected {_example(key)}; found {in_words(error['input'])}"
    if error["type"] == "bool_type":
        return path, f"expected true or false; found {in_words(error['input'])}"
    return path, wrong_kind(error)


def _example(key: str) -> str:
    """What a key takes, for messages."""
    if key == "full":
        return "a year"
    if key == "correlate":
        return "a mapping such as {energy_intensity_change: 0.4}"
    keys = ", ".join(PARTS[key].model_fields)
    return f"a mapping with {keys}"
