"""Documented figures beside ours: computed, cross-checked or only quoted; met, missed or neither."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dualcarbon.explore.verification.documented import Figure, read_figures
from dualcarbon.explore.verification.evidence import Evidence, Span
from dualcarbon.explore.verification.measures import COMPUTED, CROSS_CHECKED, READINGS, Measure
from dualcarbon.results import Results
from dualcarbon.tables import Library

KINDS = ("computed", "cross-checked", "quoted")
"""How a figure is checked: from tables by the model's equations; by another source; not at all."""

MEASURES: Mapping[str, Mapping[str, Measure]] = {"computed": COMPUTED, "cross-checked": CROSS_CHECKED}

_EXACT = 1e-9
"""What floating-point arithmetic may leave between two equal numbers."""


@dataclass(frozen=True)
class Reading:
    """Another vintage or reading of a figure, for the reader; it never moves a verdict.

    Parameters
    ----------
    what : which reading
    value : in the unit of the figure
    reproduces : whether it gives the printed number within the tolerance
    """

    what: str
    value: float
    reproduces: bool


@dataclass(frozen=True)
class FigureCheck:
    """A documented figure and what the tables or the model give for it.

    Parameters
    ----------
    figure : as its document prints it
    ours : our number, or a range that must hold the printed one; None where there is none
    difference : ours less the document's, in the figure's unit; NaN where there is none
    verdict : ``met``, ``missed`` or ``not computed``
    remark : why not computed, the likely reason of a miss, or what to know about a figure that is met
    readings : other vintages and readings
    sources : publisher and title of everything that our number rests on
    statuses : how well these sources are known
    """

    figure: Figure
    ours: Span | None
    difference: float
    verdict: str
    remark: str
    readings: tuple[Reading, ...] = ()
    sources: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tally:
    """Verdicts on the figures of one kind."""

    met: int
    missed: int
    not_computed: int

    @property
    def total(self) -> int:
        """All figures of the kind."""
        return self.met + self.missed + self.not_computed


@dataclass(frozen=True)
class Counts:
    """How many figures of each kind there are, and how they do; a quoted figure is never met."""

    computed: Tally
    cross_checked: Tally
    quoted: Tally

    @property
    def total(self) -> int:
        """All documented figures."""
        return self.computed.total + self.cross_checked.total + self.quoted.total


def check_figures(library: Library, results: Results) -> tuple[FigureCheck, ...]:
    """Every documented figure, in the order of the table."""
    return tuple(_check(figure, library, results) for figure in read_figures(library).values())


def count(checks: Iterable[FigureCheck]) -> Counts:
    """Verdicts by kind."""
    found = Counter((check.figure.check, check.verdict) for check in checks)
    computed, cross_checked, quoted = (
        Tally(found[kind, "met"], found[kind, "missed"], found[kind, "not computed"]) for kind in KINDS
    )
    return Counts(computed, cross_checked, quoted)


def _check(figure: Figure, library: Library, results: Results) -> FigureCheck:
    measure = MEASURES.get(figure.check, {}).get(figure.id)
    if measure is None:
        why = figure.how if figure.check == "quoted" else "no check is written for this figure"
        return _not_computed(figure, why)
    document = library["figures"].sidecar["sources"][figure.document]
    evidence = Evidence(library, results)
    ours = _span(measure(evidence, figure))
    if evidence.comes_from(document):
        # The number would be compared with itself.
        return _not_computed(figure, "the other number comes from the same document")
    if not ours.known:
        return _not_computed(figure, "statistics are missing for these years")
    return FigureCheck(
        figure=figure,
        ours=ours,
        difference=ours.beyond(figure.stated),
        verdict="met" if _met(figure, ours) else "missed",
        remark=_remark(figure, ours),
        readings=_readings(figure, document, library, results),
        sources=evidence.sources,
        statuses=evidence.statuses,
    )


def _not_computed(figure: Figure, why: str) -> FigureCheck:
    return FigureCheck(figure, None, math.nan, "not computed", why)


def _met(figure: Figure, ours: Span) -> bool:
    """Whether our number agrees with the document in its own wording."""
    allowed = figure.tolerance + _EXACT
    stated = figure.stated
    near = abs(ours.beyond(stated)) <= allowed
    if ours.low < ours.high or figure.kind == "target":
        # A range holds the printed number or not; a pledge must be the same in both documents.
        return near
    if figure.comparison == "more_than":
        return ours.low > stated.low - figure.tolerance
    if figure.comparison == "less_than":
        return ours.high < stated.high + figure.tolerance
    if figure.comparison == "at_least":
        return ours.low >= stated.low - allowed
    if figure.comparison == "at_most" or figure.kind == "target_range":
        # Of a pledged range of reductions the upper end is the weak one; beyond the other it is exceeded.
        return ours.high <= stated.high + allowed
    return near


def _remark(figure: Figure, ours: Span) -> str:
    beyond = ours.beyond(figure.stated)
    if figure.kind == "target_range" and beyond < 0.0:
        exceeded = f"exceeds the strong end of the range by {-beyond:.1f} points"
        return f"{exceeded}. {figure.note}" if figure.note else exceeded
    return figure.note


def _readings(
    figure: Figure, document: Mapping[str, object], library: Library, results: Results
) -> tuple[Reading, ...]:
    readings = []
    for what, measure in READINGS.get(figure.id, {}).items():
        evidence = Evidence(library, results)
        value = _span(measure(evidence, figure))
        if value.known and not evidence.comes_from(document):
            readings.append(Reading(what, value.low, _met(figure, value)))
    return tuple(readings)


def _span(value: float | Span) -> Span:
    return value if isinstance(value, Span) else Span.of(value)
