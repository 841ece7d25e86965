"""The shape of the ``uncertainty`` block: which keys a lever's distribution has and what each takes."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, WithJsonSchema

from dualcarbon.scenario.model import Model, Quantity


class NormalForm(Model):
    """A normal distribution around the path; its halves may differ."""

    sd: Quantity | None = Field(None, description="standard deviation; or give low and high")
    low: Quantity | None = Field(None, description="5 % point, below the path")
    high: Quantity | None = Field(None, description="95 % point, above the path")


class LognormalForm(Model):
    """A ratio to the path, with median 1, whose logarithm is normal; its halves may differ."""

    sd: Quantity | None = Field(None, description="standard deviation of the logarithm, such as 10 %")
    low: Quantity | None = Field(None, description="5 % point in percent of the path, such as -20 %")
    high: Quantity | None = Field(None, description="95 % point in percent of the path, such as 25 %")


class UniformForm(Model):
    """Any deviation between two, all alike."""

    low: Quantity = Field(description="least deviation")
    high: Quantity = Field(description="greatest deviation")


class TriangularForm(Model):
    """A triangle from the least over the likeliest to the greatest deviation."""

    low: Quantity = Field(description="least deviation")
    mode: Quantity = Field(description="likeliest deviation")
    high: Quantity = Field(description="greatest deviation")


class PertForm(Model):
    """A beta distribution (PERT): smooth, with mean (low + 4 mode + high) / 6."""

    low: Quantity = Field(description="least deviation")
    mode: Quantity = Field(description="likeliest deviation")
    high: Quantity = Field(description="greatest deviation")


class ChoiceForm(Model):
    """One of several deviations."""

    values: list[Quantity] = Field(description="the deviations")
    weights: list[float] | None = Field(None, description="how likely each is; default all alike")


class ResidualForm(Model):
    """How far the lever's past years lay from their straight trend, each as likely as the others."""

    window: list[int] | None = Field(None, description="first and last year, such as [2006, 2025]")


class TruncateForm(Model):
    """Bounds within which deviations are kept."""

    low: Quantity | None = Field(None, description="least deviation")
    high: Quantity | None = Field(None, description="greatest deviation")


_OverTime = Annotated[
    Any,
    WithJsonSchema(
        {
            "oneOf": [
                {"enum": ["constant", "growing"]},
                {
                    "type": "object",
                    "properties": {"ar1": {"type": "number", "exclusiveMinimum": -1, "exclusiveMaximum": 1}},
                    "required": ["ar1"],
                    "additionalProperties": False,
                },
            ]
        }
    ),
]


class SpreadForm(Model):
    """How far a lever may lie from its path."""

    normal: NormalForm | None = None
    lognormal: LognormalForm | None = None
    uniform: UniformForm | None = None
    triangular: TriangularForm | None = None
    pert: PertForm | None = None
    choice: ChoiceForm | None = None
    history: ResidualForm | None = None
    relative: bool = Field(False, description="true: quantities are percent of the path")
    truncate: TruncateForm | None = None
    over_time: _OverTime = Field(
        "constant",
        description="constant: one deviation for all years; growing: in proportion to the years passed; "
        "{ar1: 0.7}: wandering around the path from year to year",
    )
    full: int | None = Field(
        None, description="growing: year of the stated size, held afterwards; default the end year"
    )
    correlate: dict[str, float] = Field(
        default_factory=dict, description="rank correlation with other levers, between -1 and 1"
    )


SpreadEntry = SpreadForm | Literal["fixed", "none"]

SHAPES: dict[str, type[Model]] = {
    "normal": NormalForm,
    "lognormal": LognormalForm,
    "uniform": UniformForm,
    "triangular": TriangularForm,
    "pert": PertForm,
    "choice": ChoiceForm,
    "history": ResidualForm,
}
"""Distributions by the key that names them."""

PARTS: dict[str, type[Model]] = {**SHAPES, "truncate": TruncateForm}
