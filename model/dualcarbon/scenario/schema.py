"""The shape of a scenario file: which keys there are and what kind of value each takes.

The same models check a file, make the JSON Schema for editors and hold the text of the reference page.
Quantities stay as written here; `dualcarbon.build` checks their units against the lever.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, WithJsonSchema
from pydantic_core import ErrorDetails

from dualcarbon.axes import END_YEAR, LATEST_END_YEAR
from dualcarbon.errors import did_you_mean
from dualcarbon.scenario.types import Anchors, Blend, Constant, Growth, Logistic, Scale, Setting, Shift

_Quantity = Annotated[Any, WithJsonSchema({"type": "string", "examples": ["25 %", "1.2 Gt", "1300 million"]})]
_YEAR = r"^(19|20|21)\d\d$"
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


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class AnchorsForm(_Model):
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


class LogisticForm(_Model):
    """An S-curve from the base-year value."""

    curve: Literal["logistic"]
    to: _Quantity = Field(description="level approached in the long run")
    midpoint: float = Field(description="year of the steepest change")
    width: float = Field(
        gt=0, description="time constant in years; 10 to 90 % of the change takes 4.4 widths"
    )


class GrowthForm(_Model):
    """A constant yearly growth rate of the lever's value from the base year on."""

    curve: Literal["growth"]
    rate: _Quantity = Field(description="growth a year, such as -2 %")


class AmbitionForm(_Model):
    """Between the reference (0) and the ambitious (1) pathway of the lever table; below 0 is slower."""

    ambition: _ByYear


class ScaleForm(_Model):
    """The extended scenario's pathway times a number."""

    scale: _ByYear


class ShiftForm(_Model):
    """The extended scenario's pathway plus a quantity; percentage points (pp) for shares and rates."""

    shift: _Quantity


LeverForm = _Quantity | AnchorsForm | LogisticForm | GrowthForm | AmbitionForm | ScaleForm | ShiftForm


class ScenarioFile(_Model):
    """A scenario of China's pathway: what differs from the scenario that it extends."""

    name: str = Field(
        pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=80, description="short name, also the folder's"
    )
    title: str = Field("", description="one line for lists and figures")
    description: str = Field("", description="what the scenario means and where its numbers come from")
    extends: str | None = Field(
        None, description="name or file of the scenario that this one changes; without it the lever table"
    )
    resolution: Literal["national"] = Field("national", description="how finely the country is resolved")
    base_year: int | None = Field(
        None, ge=2000, le=LATEST_END_YEAR, description="last year of history; default the last complete year"
    )
    end_year: int = Field(END_YEAR, ge=2030, le=LATEST_END_YEAR, description="last projected year")
    levers: dict[str, LeverForm] = Field(default_factory=dict, description="what is set, by lever")


def read_file(content: dict[Any, Any]) -> tuple[dict[str, Any], list[tuple[tuple[object, ...], str]]]:
    """Top-level values of a scenario file and the faults found, each with its key path.

    Keys with faults take their default, so that the rest can still be checked.
    """
    shallow = {key: value for key, value in content.items() if key != "levers"}
    faults: list[tuple[tuple[object, ...], str]] = []
    keys = [str(k) for k in ScenarioFile.model_fields]
    try:
        values = ScenarioFile.model_validate(shallow).model_dump()
    except ValidationError as error:
        faults += [_explain(one, keys) for one in error.errors()]
        bad = {one["loc"][0] for one in error.errors()}
        good = {k: v for k, v in shallow.items() if k not in bad}
        values = ScenarioFile.model_validate({"name": "unnamed", **good}).model_dump()
    levers = content.get("levers")
    if levers is not None and not isinstance(levers, dict):
        faults.append((("levers",), "expected a mapping of lever names to what is set"))
        levers = None
    values["levers"] = levers or {}
    return values, faults


def read_setting(name: str, value: Any) -> tuple[Setting | None, list[tuple[tuple[object, ...], str]]]:
    """What is set for one lever and the faults found, each with its key path."""
    path = ("levers", name)
    if not isinstance(value, dict):
        if value is None or isinstance(value, list):
            found = "nothing" if value is None else "a list"
            return None, [(path, f"expected a value or a mapping such as {{ambition: 0.5}}, found {found}")]
        return Constant(value), []
    years = {key: item for key, item in value.items() if isinstance(key, int) and not isinstance(key, bool)}
    words = {key: item for key, item in value.items() if key not in years}
    form = _choose(words)
    if form is not AnchorsForm and years:
        year = next(iter(years))
        return None, [((*path, year), f"years do not go with {next(iter(form.model_fields))}")]
    try:
        checked = form.model_validate(words)
    except ValidationError as error:
        known = list(form.model_fields)
        if form is AnchorsForm:
            known += ["to", "midpoint", "width", "rate", "ambition", "scale", "shift"]
        return None, [_explain(one, known, path) for one in error.errors()]
    if isinstance(checked, AnchorsForm):
        return _anchors(checked, years, path)
    if isinstance(checked, LogisticForm):
        return Logistic(checked.to, checked.midpoint, checked.width), []
    if isinstance(checked, GrowthForm):
        return Growth(checked.rate), []
    if isinstance(checked, AmbitionForm):
        return Blend(checked.ambition), []
    if isinstance(checked, ScaleForm):
        return Scale(checked.scale), []
    assert isinstance(checked, ShiftForm)
    return Shift(checked.shift), []


def _choose(words: dict[Any, Any]) -> type[_Model]:
    """The form that the keys speak of."""
    by_key: tuple[tuple[str, type[_Model]], ...] = (
        ("ambition", AmbitionForm),
        ("scale", ScaleForm),
        ("shift", ShiftForm),
    )
    for key, form in by_key:
        if key in words:
            return form
    by_curve: dict[Any, type[_Model]] = {"logistic": LogisticForm, "growth": GrowthForm}
    curve = words.get("curve")
    return by_curve.get(curve, AnchorsForm) if isinstance(curve, str) else AnchorsForm


def _anchors(
    form: AnchorsForm, years: dict[int, Any], path: tuple[object, ...]
) -> tuple[Setting | None, list[tuple[tuple[object, ...], str]]]:
    if not years:
        return None, [(path, "no years; write anchors such as {2030: 25 %, 2060: 80 %}")]
    faults: list[tuple[tuple[object, ...], str]] = []
    order = list(years)
    for before, after in pairwise(order):
        if after <= before:
            faults.append(((*path, after), f"years must increase; {after} stands after {before}"))
    if form.rates == "average" and "curve" in form.model_fields_set:
        faults.append(((*path, "curve"), "averages hold since the last anchor and take no curve"))
    return Anchors(years, form.curve, form.rates == "average"), faults


def _explain(
    error: ErrorDetails, known: list[str], prefix: tuple[object, ...] = ()
) -> tuple[tuple[object, ...], str]:
    """A pydantic error in our words: key path and sentence."""
    path = (*prefix, *error["loc"])
    key = str(error["loc"][-1])
    kind = error["type"]
    context = error.get("ctx", {})
    if kind == "extra_forbidden":
        return path, f"unknown key; allowed: {', '.join(known)}{did_you_mean(key, known)}"
    if kind == "missing":
        return path, "is missing"
    if kind == "literal_error":
        wanted = str(context["expected"]).replace("'", "").replace(" or ", ", ")
        curves = "pchip, linear, step, logistic, growth" if key == "curve" else wanted
        return path, f"{error['input']!r} is not allowed; allowed: {curves}"
    if kind == "string_pattern_mismatch":
        return path, (
            f"{error['input']!r} is not a name; use small letters, digits, dots, dashes, underscores"
        )
    found = error["input"]
    if isinstance(found, bool):
        read = str(found).lower()
        return path, f"YAML reads this as {read} (yes, no, on and off are not numbers or text)"
    wanted = {
        "string_type": "expected text",
        "int_type": "expected a year",
        "int_from_float": "expected a whole year",
        "float_type": "expected a number",
        "finite_number": "expected a finite number",
        "greater_than": f"must be above {context.get('gt')}",
        "greater_than_equal": f"must be {context.get('ge')} or later",
        "less_than_equal": f"must be {context.get('le')} or earlier",
        "string_too_long": f"at most {context.get('max_length')} characters",
    }.get(kind, error["msg"])
    return path, f"{wanted}, found {found!r}"


def json_schema(levers: dict[str, str]) -> dict[str, Any]:
    """JSON Schema of a scenario file.

    Parameters
    ----------
    levers : meaning of each lever, by name
    """
    schema = ScenarioFile.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    forms = schema["properties"]["levers"].pop("additionalProperties")
    schema["$defs"]["lever"] = forms
    schema["properties"]["levers"] |= {
        "properties": {n: {"$ref": "#/$defs/lever", "description": text} for n, text in levers.items()},
        "additionalProperties": False,
    }
    return schema
