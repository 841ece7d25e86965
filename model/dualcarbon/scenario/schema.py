"""The shape of a scenario file: which keys there are and what kind of value each takes.

The same models check a file, make the JSON Schema for editors and hold the text of the reference page.
Quantities stay as written here; `dualcarbon.build` checks their units against the lever, and years against
the statistics.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, WithJsonSchema
from pydantic_core import ErrorDetails

from dualcarbon.axes import END_YEAR, FIRST_YEAR, LATEST_END_YEAR
from dualcarbon.errors import did_you_mean
from dualcarbon.scenario.model import Found, Model, Quantity, any_of, wrong_kind
from dualcarbon.scenario.types import (
    DEFAULT_PLATEAU,
    EARLIEST_END_YEAR,
    LONGEST_NAME,
    Anchors,
    Blend,
    Constant,
    FitBlock,
    FromHistory,
    Growth,
    Logistic,
    Scale,
    Setting,
    Shift,
)
from dualcarbon.units import in_quotes, in_words

_Width = Annotated[float, WithJsonSchema({"type": "number", "exclusiveMinimum": 0})]
_YEAR = r"^(19|20|21)\d\d$"
_BaseYear = Annotated[
    int, WithJsonSchema({"type": "integer", "minimum": FIRST_YEAR, "maximum": LATEST_END_YEAR})
]
_EndYear = Annotated[
    int, WithJsonSchema({"type": "integer", "minimum": EARLIEST_END_YEAR, "maximum": LATEST_END_YEAR})
]
_ByYear = Annotated[
    Any,
    WithJsonSchema(
        {
            "oneOf": [
                {"type": "number"},
                {
                    "type": "object",
                    "patternProperties": {_YEAR: {"type": "number"}},
                    "additionalProperties": False,
                    "minProperties": 1,
                },
            ]
        }
    ),
]


class AnchorsForm(Model):
    """Values in some years, joined by a curve."""

    model_config = ConfigDict(
        json_schema_extra={"patternProperties": {_YEAR: {"type": "string"}}, "additionalProperties": False}
    )
    curve: Literal["pchip", "linear", "step"] = Field(
        "pchip", description="how anchors are joined: pchip (smooth, no overshoot), linear, step"
    )
    rates: Literal["in-year", "average"] = Field(
        "in-year",
        description="growth levers: anchors are rates in their year, or averages since the last anchor",
    )


class LogisticForm(Model):
    """An S-curve from the base-year value."""

    curve: Literal["logistic"]
    to: Quantity = Field(description="level approached in the long run")
    midpoint: float = Field(description="year of the steepest change")
    width: _Width = Field(description="time constant in years; 10 to 90 % of the change takes 4.4 widths")


class GrowthForm(Model):
    """A constant yearly growth rate of the lever's value from the base year on."""

    curve: Literal["growth"]
    rate: Quantity = Field(description="growth a year, such as -2 %")


class AmbitionForm(Model):
    """Between the reference (0) and the ambitious (1) pathway of the lever table; below 0 is slower."""

    ambition: _ByYear


class ScaleForm(Model):
    """The extended scenario's pathway times a number."""

    scale: _ByYear


class ShiftForm(Model):
    """The extended scenario's pathway plus a quantity; percentage points (pp) for shares and rates."""

    shift: Quantity


class HistoryForm(Model):
    """A growth curve fitted to the lever's past and used forward."""

    curve: Literal["logistic", "gompertz", "exponential"] = Field(description="shape of the curve")
    fit: Literal["history"]


LeverForm = (
    Quantity | AnchorsForm | LogisticForm | GrowthForm | AmbitionForm | ScaleForm | ShiftForm | HistoryForm
)

_OwnTarget = Annotated[
    Any,
    WithJsonSchema(
        {
            "oneOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "properties": {
                        "indicator": {"type": "string"},
                        "year": {"type": "integer"},
                        "base": {"type": "integer"},
                        "from": {"type": "integer"},
                        "to": {"type": "integer"},
                        "gases": {"enum": ["ghg", "co2"]},
                        "at_least": {},
                        "at_most": {},
                    },
                    "required": ["indicator"],
                    "additionalProperties": False,
                },
            ]
        }
    ),
]


class FitForm(Model):
    """What the scenario is fitted to when it is run."""

    targets: list[_OwnTarget] = Field(
        description="groups (all-official, ndc-2035 …), targets by id, or own ones such as "
        "{indicator: coal_share, year: 2040, at_most: 25 %}"
    )
    free: list[str] | None = Field(None, description="levers that may move; default all that can")
    objective: Literal["least-departure", "least-change", "smoothest", "lowest-cumulative-co2"] = Field(
        "least-departure", description="what to seek among the pathways that meet the targets"
    )
    extend: float = Field(
        0.0, description="how far beyond the ambitious pathway, in ways from reference to ambitious"
    )
    plateau: int = Field(
        DEFAULT_PLATEAU, description="years after a peak within which emissions must leave its plateau"
    )


class ScenarioFile(Model):
    """A scenario of China's pathway: what differs from the scenario that it extends."""

    name: str = Field(
        pattern=r"^[a-z0-9][a-z0-9._-]*$",
        max_length=LONGEST_NAME,
        description="short name, also the folder's",
    )
    title: str = Field("", description="one line for lists and figures")
    description: str = Field("", description="what the scenario means and where its numbers come from")
    extends: str | None = Field(
        None, description="name or file of the scenario that this one changes; without it the lever table"
    )
    resolution: Literal["national"] = Field("national", description="how finely the country is resolved")
    base_year: _BaseYear | None = Field(
        None, description="last year of history; default the last complete year"
    )
    end_year: _EndYear = Field(END_YEAR, description="last projected year")
    levers: dict[str, LeverForm] = Field(default_factory=dict, description="what is set, by lever")
    fit: FitForm | None = Field(None, description="targets to fit the scenario to when it is run")
    uncertainty: dict[str, Any] = Field(
        default_factory=dict,
        description="how far levers may lie from their paths in an ensemble, by lever; "
        "levers that are not named take the lever table's ranges",
    )


_FORMS = (HistoryForm, AmbitionForm, ScaleForm, ShiftForm, LogisticForm, GrowthForm)
_OWN_KEYS: dict[str, type[Model]] = {
    key: form for form in _FORMS for key in form.model_fields if key != "curve"
}
"""Keys that only one form has."""

_CURVES: dict[str, type[Model]] = {"logistic": LogisticForm, "growth": GrowthForm}
_KEPT_NAME = "comparison"


def read_file(content: dict[Any, Any]) -> tuple[dict[str, Any], list[Found]]:
    """Top-level values of a scenario file and the faults found.

    Keys with faults take their default, so that the rest can still be checked.
    """
    apart = ("levers", "fit", "uncertainty")
    shallow = {str(key): value for key, value in content.items() if key not in apart}
    faults: list[Found] = []
    try:
        values = ScenarioFile.model_validate(shallow).model_dump()
    except ValidationError as error:
        faults += [_explain(one, ScenarioFile) for one in error.errors()]
        bad = {one["loc"][0] for one in error.errors()}
        good = {k: v for k, v in shallow.items() if k not in bad}
        values = ScenarioFile.model_validate({"name": "unnamed", **good}).model_dump()
    if values["name"] == _KEPT_NAME:
        what = f"{_KEPT_NAME} is kept for the folder that compares runs; choose another name"
        faults.append((("name",), what))
    levers = content.get("levers")
    if levers is not None and not isinstance(levers, dict):
        what = f"expected a mapping of lever names to what is set; found {in_words(levers)}"
        faults.append((("levers",), what))
        levers = None
    values["levers"] = levers or {}
    values["fit"], wrong = _read_fit(content["fit"]) if "fit" in content else (None, [])
    faults += wrong
    values["uncertainty"] = {}
    if "uncertainty" in content:
        from dualcarbon.scenario.uncertainty import read_uncertainty  # forms that few runs need

        values["uncertainty"], wrong = read_uncertainty(content["uncertainty"])
        faults += wrong
    return values, faults


def _read_fit(value: Any) -> tuple[FitBlock | None, list[Found]]:
    """What a scenario is to be fitted to and the faults found."""
    path = ("fit",)
    if not isinstance(value, dict):
        what = (
            f"expected a mapping with targets, such as {{targets: [all-official]}}; found {in_words(value)}"
        )
        return None, [(path, what)]
    try:
        form = FitForm.model_validate({str(key): item for key, item in value.items()})
    except ValidationError as error:
        return None, [_explain(one, FitForm, prefix=path) for one in error.errors()]
    faults: list[Found] = []
    if not form.targets:
        faults.append(((*path, "targets"), "no targets; write a group such as all-official"))
    if form.free is not None and not form.free:
        faults.append(((*path, "free"), "no lever may move; leave it out to free all that can"))
    if not 0.0 <= form.extend <= 1.0:
        faults.append(((*path, "extend"), f"{form.extend:g} is outside 0 to 1"))
    if not 1 <= form.plateau <= 20:
        faults.append(((*path, "plateau"), f"{form.plateau} is outside 1 to 20"))
    free = None if form.free is None else tuple(form.free)
    return FitBlock(tuple(form.targets), free, form.objective, form.extend, form.plateau), faults


def read_setting(name: str, value: Any) -> tuple[Setting | None, list[Found]]:
    """What is set for one lever and the faults found."""
    path = ("levers", name)
    if value is None or isinstance(value, list):
        what = f"expected a value or a mapping such as {{ambition: 0.5}}; found {in_words(value)}"
        return None, [(path, what)]
    if not isinstance(value, dict):
        return Constant(value), []
    years = {key: item for key, item in value.items() if isinstance(key, int)}
    words = {key: item for key, item in value.items() if key not in years}
    form, mark = _choose(words)
    if form is not AnchorsForm and years:
        year = next(iter(years))
        return None, [((*path, year), f"years and {mark} do not go together; a lever takes one of them")]
    try:
        checked = form.model_validate(words)
    except ValidationError as error:
        return None, [_explain(one, form, mark, path) for one in error.errors()]
    if isinstance(checked, AnchorsForm):
        return _anchors(checked, years, path)
    if isinstance(checked, LogisticForm):
        return Logistic(checked.to, checked.midpoint, checked.width), []
    if isinstance(checked, GrowthForm):
        return Growth(checked.rate), []
    if isinstance(checked, AmbitionForm):
        return Blend(checked.ambition), []
    if isinstance(checked, HistoryForm):
        return FromHistory(checked.curve), []
    if isinstance(checked, ScaleForm):
        return Scale(checked.scale), []
    assert isinstance(checked, ShiftForm)
    return Shift(checked.shift), []


def _choose(words: dict[str, Any]) -> tuple[type[Model], str]:
    """The form that the keys speak of, and the key that says so."""
    for key in words:
        if key in _OWN_KEYS:
            return _OWN_KEYS[key], key
    curve = words.get("curve")
    if isinstance(curve, str) and curve in _CURVES:
        return _CURVES[curve], f"curve: {curve}"
    return AnchorsForm, "years"


def _anchors(
    form: AnchorsForm, years: dict[int, Any], path: tuple[object, ...]
) -> tuple[Setting | None, list[Found]]:
    if not years:
        return None, [(path, "no years; write anchors such as {2030: 25 %, 2060: 80 %}")]
    faults: list[Found] = []
    for before, after in pairwise(years):
        if after <= before:
            faults.append(((*path, after), f"years must increase; {after} stands after {before}"))
    if form.rates == "average" and "curve" in form.model_fields_set:
        faults.append(((*path, "curve"), "averages hold since the last anchor and take no curve"))
    return Anchors(years, form.curve, form.rates == "average"), faults


def _explain(
    error: ErrorDetails, form: type[Model], mark: str = "", prefix: tuple[object, ...] = ()
) -> Found:
    """A pydantic error in our words.

    Parameters
    ----------
    error : what pydantic found
    form : the model that was checked
    mark : the key by which a lever's form was chosen
    prefix : key path of what was checked
    """
    path = (*prefix, *error["loc"])
    key = str(error["loc"][-1])
    if error["type"] == "extra_forbidden":
        return path, _stray_key(key, form, mark)
    if error["type"] == "missing" and key == "curve":
        return path, f"is missing; {mark} goes with curve: {_curve_of(form)}"
    if error["type"] == "missing":
        return path, f"is missing ({form.model_fields[key].description})"
    value, context = error["input"], error.get("ctx", {})
    if error["type"] == "string_pattern_mismatch":
        allowed = "small letters, digits, dots, dashes and underscores"
        return path, f"{in_quotes(value)} is not a name; use {allowed}, such as rapid-decline"
    if error["type"] == "string_too_long":
        return path, f"{len(value)} characters are too many; at most {context['max_length']}"
    if error["type"] == "literal_error":
        if key == "curve" and form is not AnchorsForm:
            return path, f"{in_quotes(str(value))} does not go with {mark}; write curve: {_curve_of(form)}"
        known = str(context["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
        known += list(_CURVES) if key == "curve" else []
        hint = did_you_mean(value, known) if isinstance(value, str) else ""
        return path, f"expected {any_of(known)}; found {in_words(value)}{hint}"
    return path, wrong_kind(error)


def _stray_key(key: str, form: type[Model], mark: str) -> str:
    """What to say of a key that a form does not have."""
    known = list(form.model_fields)
    if mark and key in (*_OWN_KEYS, "curve", "rates"):
        beside = [one for one in known if one != mark]
        return f"does not go with {mark}" + (f"; beside it: {', '.join(beside)}" if beside else "")
    if form is AnchorsForm and key[:1].isdigit():
        return "is not a year; write years as whole numbers without quotes, such as 2030"
    known += _OWN_KEYS if form is AnchorsForm else ()
    years = "years, " if form is AnchorsForm else ""
    return f"unknown key; allowed: {years}{', '.join(known)}{did_you_mean(key, known)}"


def _curve_of(form: type[Model]) -> str:
    """The name of the curve that a form is for."""
    if form is HistoryForm:
        return "logistic, gompertz or exponential"
    return next(name for name, one in _CURVES.items() if one is form)


def json_schema(levers: dict[str, str], uncertain: dict[str, str]) -> dict[str, Any]:
    """JSON Schema of a scenario file.

    Parameters
    ----------
    levers : meaning of each lever that can be set, by name
    uncertain : meaning of each lever that can be uncertain, by name
    """
    from dualcarbon.scenario.spread_forms import SpreadEntry

    schema = ScenarioFile.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    spread = TypeAdapter(SpreadEntry).json_schema(ref_template="#/$defs/{model}")
    schema["$defs"] |= spread.pop("$defs")
    schema["$defs"]["spread"] = spread
    schema["$defs"]["lever"] = schema["properties"]["levers"].pop("additionalProperties")
    for block, form, names in (("levers", "lever", levers), ("uncertainty", "spread", uncertain)):
        schema["properties"][block] |= {
            "properties": {n: {"$ref": f"#/$defs/{form}", "description": text} for n, text in names.items()},
            "additionalProperties": False,
        }
    _say_once(schema)
    return schema


def _say_once(schema: Any) -> None:
    """Drop ``enum`` beside ``const``: some versions of pydantic write both."""
    if isinstance(schema, dict):
        if "const" in schema:
            schema.pop("enum", None)
        for part in schema.values():
            _say_once(part)
    elif isinstance(schema, list):
        for part in schema:
            _say_once(part)
