"""A scenario as a YAML file that people can read, change and run."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

WIDTH = 100


def scenario_text(
    *,
    name: str,
    title: str,
    description: str,
    extends: str | None,
    base_year: int | None,
    end_year: int | None,
    levers: Mapping[str, Any],
    comments: Sequence[str] = (),
    uncertainty: Mapping[str, Any] | None = None,
) -> str:
    """The text of a scenario file; levers and uncertainty are written one a line, in the order given."""
    lines = [f"# {comment}" for comment in comments]
    lines += [f"name: {name}", f"title: {_quoted(title)}"]
    lines += ["description: >", *(f"  {line}" for line in _wrapped(description))]
    if extends is not None:
        lines.append(f"extends: {extends}")
    if base_year is not None:
        lines.append(f"base_year: {base_year}")
    if end_year is not None:
        lines.append(f"end_year: {end_year}")
    lines.append("levers:" if levers else "levers: {}")
    lines += [f"  {lever}: {_flow(value)}" for lever, value in levers.items()]
    if uncertainty:
        lines.append("uncertainty:")
        lines += [f"  {lever}: {_flow(value)}" for lever, value in uncertainty.items()]
    return "\n".join(lines) + "\n"


def _flow(value: Any) -> str:
    """A value on one line."""
    text: str = yaml.safe_dump(
        value, default_flow_style=True, allow_unicode=True, sort_keys=False, width=float("inf")
    )
    return text.removesuffix("...\n").rstrip("\n")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _wrapped(text: str) -> list[str]:
    words = " ".join(text.split())
    return textwrap.wrap(words, WIDTH, break_on_hyphens=False, break_long_words=False) or [""]


_UNITS = {"%": "%", "%/yr": "%", "Mt CO2": "Mt", "Mt CO2e": "Mt", "million": "million"}
_FOLLOWS = ("non_fossil_share", "non_fossil_ce_rate")
"""Levers that need not be set: the share follows from the other three, the coal rate is accounting."""


def recorded_text(name: str, title: str, base_year: int, record: Mapping[str, Any]) -> str:
    """The scenario that a run recorded, with every lever year by year.

    Parameters
    ----------
    record : content of run.json
    """
    levers = {
        lever: {
            "curve": "linear",
            **{int(y): f"{v!r} {_UNITS.get(one['unit'], one['unit'])}" for y, v in one["values"].items()},
        }
        for lever, one in record["levers"].items()
        if lever not in _FOLLOWS
    }
    return scenario_text(
        name=name.replace("+", "-"),
        title=title,
        description="As recorded by a run.",
        extends=None,
        base_year=base_year,
        end_year=int(record["end_year"]),
        levers=levers,
    )
