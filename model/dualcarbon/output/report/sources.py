"""What a report rests on, as printed: scenarios as written, and the data tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from dualcarbon.tables import Library

_SHOWN_APART = ("name", "title", "description", "extends")


@dataclass(frozen=True)
class WrittenScenario:
    """A scenario in its author's words: what it says and what it sets."""

    name: str
    title: str
    description: str
    settings: tuple[tuple[str, str], ...]
    extends: WrittenScenario | None


def written_scenario(record: Mapping[str, Any]) -> WrittenScenario:
    """The scenario of a run's metadata."""
    parent = record["extends"]
    return WrittenScenario(
        name=str(record["name"]),
        title=str(record["title"]),
        description=" ".join(str(record["description"]).split()),
        settings=tuple(_settings(record["as_written"])),
        extends=written_scenario(parent) if parent else None,
    )


def _settings(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each key and what is written there; levers by their names, the fit block key by key."""
    rows = []
    for key, value in content.items():
        if key in _SHOWN_APART:
            continue
        if isinstance(value, Mapping):
            start = "" if key == "levers" else f"{key}."
            rows += [(f"{start}{part}", _one_line(setting)) for part, setting in value.items()]
        else:
            rows.append((str(key), _one_line(value)))
    return rows


def _one_line(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_one_line(item)}" for key, item in value.items()) + "}"
    text: str = yaml.safe_dump(
        value, default_flow_style=True, allow_unicode=True, sort_keys=False, width=float("inf")
    )
    return text.removesuffix("...\n").strip()


@dataclass(frozen=True)
class TableSource:
    """One data table: what it is, from which edition and publishers, under which licence, which bytes."""

    name: str
    title: str
    vintage: str
    publishers: tuple[str, ...]
    licence: str
    sha256: str


def table_sources(library: Library) -> list[TableSource]:
    """Every table of a library with its provenance."""
    return [
        TableSource(
            name=f"{table.topic}/{table.name}",
            title=str(table.sidecar["title"]),
            vintage=str(table.sidecar.get("vintage") or ""),
            publishers=tuple(dict.fromkeys(str(s["publisher"]) for s in table.sidecar["sources"].values())),
            licence=str(table.sidecar.get("licence") or ""),
            sha256=library.hashes[f"{table.topic}/{table.name}"],
        )
        for table in library
    ]
