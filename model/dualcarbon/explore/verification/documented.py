"""The documented figures as their documents print them."""

from __future__ import annotations

from dataclasses import dataclass

from dualcarbon.explore.verification.evidence import Span
from dualcarbon.tables import Library, Row


@dataclass(frozen=True)
class Figure:
    """One figure as its document prints it.

    Parameters
    ----------
    id, quantity, unit : as in the table
    year_from, year_to : period, or the year of a level; None for pledges without one
    kind : level, change, rate, target, target_range or span
    comparison : the wording: equals, about, more_than, less_than, at_most, at_least or between
    stated : the printed number or range, in ``unit``
    document : id of the policy document
    check : computed, cross-checked or quoted
    tolerance, tolerance_reason : largest difference that counts as met, in ``unit``, and why
    how : how it is checked; for a quoted figure, why it cannot be
    note : likely reason of a difference, date or definition
    """

    id: str
    quantity: str
    unit: str
    year_from: int | None
    year_to: int | None
    kind: str
    comparison: str
    stated: Span
    document: str
    check: str
    tolerance: float
    tolerance_reason: str
    how: str
    note: str

    @property
    def period(self) -> tuple[int, int]:
        """First and last year of a figure that has both."""
        assert self.year_from is not None
        assert self.year_to is not None
        return self.year_from, self.year_to


def _read_figure(row: Row) -> Figure:
    """A row of the figures table with numbers as numbers."""
    value = row["value"]
    stated = Span.of(float(value)) if value else Span(float(row["value_from"]), float(row["value_to"]))
    return Figure(
        id=row["id"],
        quantity=row["quantity"],
        unit=row["unit"],
        year_from=int(row["year_from"]) if row["year_from"] else None,
        year_to=int(row["year_to"]) if row["year_to"] else None,
        kind=row["kind"],
        comparison=row["comparison"],
        stated=stated,
        document=row["document"],
        check=row["check"],
        tolerance=float(row["tolerance"]),
        tolerance_reason=row["tolerance_reason"],
        how=row["how"],
        note=row["note"],
    )


def read_figures(library: Library) -> dict[str, Figure]:
    """Figures by id, in the order of the table."""
    return {row["id"]: _read_figure(row) for row in library["figures"].rows}
