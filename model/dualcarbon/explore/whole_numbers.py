"""Whole numbers as people write them."""

from __future__ import annotations

from operator import index
from typing import SupportsIndex


def whole_number(value: object) -> int | None:
    """A whole number, also one that is written as text such as ``1e6``; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, SupportsIndex):
        return index(value)
    try:
        number = float(value.replace(",", "")) if isinstance(value, str) else float(value)  # type: ignore[arg-type]
        if isinstance(value, str) and value.strip().lstrip("+-").isdigit():
            return int(value)
        return int(number) if number == int(number) else None
    except (TypeError, ValueError, OverflowError):
        return None
