"""A scenario after reading: what is set, as written, and where it stands.

Quantities keep the text that the user wrote; `dualcarbon.build` gives them numbers, because only there are
the units of the levers known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dualcarbon.axes import END_YEAR
from dualcarbon.errors import Fault

EARLIEST_END_YEAR = 2030
"""A projection reaches this year at least, so that a peak before 2030 can be told."""

LONGEST_NAME = 80
"""Characters of a scenario's name, which is also a folder's."""

Quantity = object
"""What stands in the file for a quantity: usually text with a unit; anything else is reported when read."""


@dataclass(frozen=True)
class Constant:
    """One value for every projected year."""

    value: Quantity


@dataclass(frozen=True)
class Anchors:
    """Values in some years, joined by a curve (pchip, linear, step); ``averages`` for growth levers only."""

    values: Mapping[int, Quantity]
    curve: str = "pchip"
    averages: bool = False


@dataclass(frozen=True)
class Logistic:
    """An S-curve from the base-year value towards ``to``."""

    to: Quantity
    midpoint: float
    width: float


@dataclass(frozen=True)
class Growth:
    """A constant yearly rate from the base-year value."""

    rate: Quantity


@dataclass(frozen=True)
class Blend:
    """Between the reference (0) and the ambitious (1) pathway; one number or anchors by year."""

    ambition: float | Mapping[int, float]


@dataclass(frozen=True)
class Scale:
    """The extended scenario's pathway times a number; one number or anchors by year."""

    scale: float | Mapping[int, float]


@dataclass(frozen=True)
class Shift:
    """The extended scenario's pathway plus a quantity (points for shares and rates)."""

    shift: Quantity


@dataclass(frozen=True)
class FromHistory:
    """A growth curve fitted to the lever's past and used forward: logistic, gompertz or exponential."""

    curve: str


Setting = Constant | Anchors | Logistic | Growth | Blend | Scale | Shift | FromHistory

OBJECTIVES = ("least-departure", "least-change", "smoothest", "lowest-cumulative-co2")
"""What a fit may seek, the default first."""

DEFAULT_PLATEAU = 5
"""Years after a peak within which emissions must have left its plateau."""


@dataclass(frozen=True)
class FitBlock:
    """What a scenario is to be fitted to.

    Parameters
    ----------
    targets : names of groups or targets, or mappings of a user's own
    free : levers that may move; None for all that have an ambitious pathway
    objective : one of `OBJECTIVES`
    extend : how far beyond the ambitious pathway, in ways from reference to ambitious
    plateau : years after a peak within which its plateau must end
    """

    targets: tuple[object, ...]
    free: tuple[str, ...] | None = None
    objective: str = OBJECTIVES[0]
    extend: float = 0.0
    plateau: int = DEFAULT_PLATEAU


@dataclass(frozen=True)
class Spread:
    """What a scenario file says of one lever's uncertainty, quantities as written.

    Parameters
    ----------
    shape : name of the distribution; None for the lever table's range, ``fixed`` for none
    numbers : of the distribution, by key
    relative : whether quantities are percent of the path, else differences
    truncate : ``low`` and ``high`` within which deviations are kept
    over_time : ``constant``, ``growing`` or ``ar1``
    full : year in which a growing deviation has its stated size; None for the end of the projection
    ar1 : coefficient of the autoregression
    correlate : rank correlation with other levers
    """

    shape: str | None
    numbers: Mapping[str, Any] = field(default_factory=dict)
    relative: bool = False
    truncate: Mapping[str, Quantity] = field(default_factory=dict)
    over_time: str = "constant"
    full: int | None = None
    ar1: float | None = None
    correlate: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Scenario:
    """What a scenario file says.

    Parameters
    ----------
    name, title, description : as written
    extends : the scenario that this one changes, already read; None when it changes the lever table itself
    base_year : last year of history; None for the last complete year of statistics
    end_year : last projected year
    resolution : ``national``
    levers : what is set, by lever name
    fit : what it is to be fitted to when it is run; None if it is run as it is
    raw : the file's content, for the record
    where : file name, or what stands for it in messages
    lines : line of each key path in the file
    faults : what is wrong with it as far as reading can tell
    changes : levers set on top of the file, as written
    bundled : whether it comes with this version, so that its name is enough to find it
    uncertainty : what it says of levers' uncertainty, by lever, the extended scenario's included
    """

    name: str
    title: str
    description: str
    extends: Scenario | None
    base_year: int | None
    end_year: int
    resolution: str
    levers: Mapping[str, Setting]
    fit: FitBlock | None
    raw: Mapping[str, Any]
    where: str
    lines: Mapping[tuple[str, ...], tuple[str, int]]
    faults: tuple[Fault, ...] = field(default=())
    changes: Mapping[str, Any] = field(default_factory=dict)
    bundled: bool = False
    uncertainty: Mapping[str, Spread] = field(default_factory=dict)

    @property
    def written(self) -> dict[str, Any]:
        """What is set for each lever, as written in the file or on top of it."""
        levers = self.raw.get("levers")
        return {**(levers if isinstance(levers, Mapping) else {}), **self.changes}

    @property
    def last_anchor(self) -> int:
        """Last year that an anchor may have: the end year as written, even when a run is cut shorter."""
        written = self.raw.get("end_year")
        if isinstance(written, int):
            return written
        return self.extends.last_anchor if self.extends else END_YEAR

    def fault(self, path: tuple[object, ...], what: str) -> Fault:
        """A fault at a key path, with the line of the nearest key that has one."""
        keys = tuple(str(part) for part in path)
        for length in range(len(keys), 0, -1):
            if keys[:length] in self.lines:
                where, line = self.lines[keys[:length]]
                return Fault(where, line, ".".join(keys), what)
        return Fault(self.where, 0, ".".join(keys), what)
