"""The scoreboard of several runs as one table: a row a target, a cell a run."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dualcarbon.analysis.targets import Score, Target
from dualcarbon.tables.official import Document

_MARKS = {"met": "✓ met", "missed": "✗ missed", "not applicable": "· not applicable"}
_SIGNS = {"at_least": "≥", "at_most": "≤", "equals": "="}


@dataclass(frozen=True)
class Verdict:
    """How one run does on one target, as printed."""

    verdict: str
    mark: str
    value: str
    margin: str
    remark: str


@dataclass(frozen=True)
class ScoredTarget:
    """One target with the verdict of each run; ``remark`` is what holds for all of them."""

    label: str
    label_zh: str
    documents: tuple[str, ...]
    year: int
    demand: str
    tag: str
    scope: str
    remark: str
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True)
class ScoreGroup:
    """Targets under one heading.

    Parameters
    ----------
    columns : what was judged on each target, in the order of their verdicts; none where nothing could be
    """

    heading: str
    columns: tuple[str, ...]
    targets: tuple[ScoredTarget, ...]


def score_groups(
    names: Sequence[str], scores: Sequence[Sequence[Score]], documents: Mapping[str, Document]
) -> list[ScoreGroup]:
    """Targets in force first, then those whose year has passed or that others replaced, then the rest.

    Parameters
    ----------
    names : of the runs
    scores : of each run, on the same targets
    documents : by id
    """
    lookup = [{s.target.id: s for s in run} for run in scores]
    groups: dict[str, list[ScoredTarget]] = {heading: [] for heading in _HEADINGS}
    for target in sorted((s.target for s in scores[0]), key=lambda t: (t.year, t.id)):
        row = [one[target.id] for one in lookup]
        groups[_heading(target, row)].append(_scored_target(target, row, documents))
    return [_group(heading, rows, names) for heading, rows in groups.items() if rows]


IN_FORCE, PAST, SUPERSEDED = "In force", "Past", "Superseded"
NOT_APPLICABLE = "Not applicable: what this resolution does not compute"
_HEADINGS = (IN_FORCE, PAST, SUPERSEDED, NOT_APPLICABLE)


def _heading(target: Target, row: Sequence[Score]) -> str:
    if all(s.verdict == "not applicable" for s in row):
        return NOT_APPLICABLE
    if target.in_force:
        return IN_FORCE
    return PAST if target.status == "past" else SUPERSEDED


def _group(heading: str, rows: Sequence[ScoredTarget], names: Sequence[str]) -> ScoreGroup:
    """What the runs have in common, as the past, stands in one column."""
    if heading == NOT_APPLICABLE:
        return ScoreGroup(heading, (), tuple(rows))
    if len(names) > 1 and all(len(set(row.verdicts)) == 1 for row in rows):
        return ScoreGroup(
            heading, ("all scenarios",), tuple(replace(r, verdicts=r.verdicts[:1]) for r in rows)
        )
    return ScoreGroup(heading, tuple(names), tuple(rows))


def _scored_target(target: Target, row: Sequence[Score], documents: Mapping[str, Document]) -> ScoredTarget:
    remarks = {s.remark for s in row}
    shared = remarks.pop() if len(remarks) == 1 else ""
    tags = [] if target.counted else [target.role]
    tags += [target.status] if target.status not in ("in force", "past") else []
    return ScoredTarget(
        label=target.label,
        label_zh=target.label_zh,
        documents=tuple(documents[d].title if d in documents else d for d in target.documents),
        year=target.year,
        demand=_demand(target),
        tag="; ".join(tags),
        scope=target.scope.replace("-", " "),
        remark=shared,
        verdicts=tuple(_verdict(s, "" if shared else s.remark) for s in row),
    )


def _demand(target: Target) -> str:
    if target.value is None:
        return "qualitative"
    unit = "" if target.unit == "year" else f" {target.unit}"
    return f"{_SIGNS.get(target.comparison, '')} {target.value:g}{unit}".strip()


def _verdict(score: Score, remark: str) -> Verdict:
    unit = score.target.unit
    value, margin = _number(score.value, unit), _number(score.margin, unit, "+")
    if margin and unit == "year":
        margin += " year" if abs(round(score.margin)) == 1 else " years"
    return Verdict(score.verdict, _MARKS[score.verdict], value, margin, remark)


def _number(value: float, unit: str, sign: str = "") -> str:
    """A number in a target's unit, without it; years whole."""
    if math.isnan(value):
        return ""
    return f"{value:{sign}.{0 if unit == 'year' else 2}f}"
