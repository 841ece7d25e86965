"""What the forms of a scenario file share: how they are checked, and the words for a wrong value."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, WithJsonSchema
from pydantic_core import ErrorDetails

from dualcarbon.units import in_words

Quantity = Annotated[Any, WithJsonSchema({"type": "string", "examples": ["25 %", "1.2 Gt", "1300 million"]})]
"""A quantity as written; its unit is checked where the lever is known."""

Found = tuple[tuple[object, ...], str]
"""A fault: key path and sentence."""


class Model(BaseModel):
    """A part of a scenario file: unknown keys are refused, and nothing is converted silently."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        allow_inf_nan=False,
        defer_build=True,  # a run that uses one form of lever need not wait for the others
    )


def wrong_kind(error: ErrorDetails) -> str:
    """What is said of a value of the wrong kind."""
    key, value = str(error["loc"][-1]), error["input"]
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    wanted = {
        "string_type": "expected text" + (" (put it in quotes)" if is_number else ""),
        "int_type": "expected a year" if key.endswith("year") else "expected a whole number of years",
        "list_type": "expected a list in square brackets",
        "float_type": "expected a number",
        "finite_number": "expected a number",
    }.get(error["type"], error["msg"])
    return f"{wanted}; found {in_words(value)}"


def any_of(words: list[str]) -> str:
    """Words as a choice: a, b or c."""
    return " or ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]
