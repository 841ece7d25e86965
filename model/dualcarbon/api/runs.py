"""A run: one scenario, projected and judged, as users hold it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dualcarbon import output
from dualcarbon.analysis.summary import Indicator
from dualcarbon.analysis.targets import Score, all_official
from dualcarbon.axes import Floats, Years
from dualcarbon.build import Built
from dualcarbon.errors import did_you_mean, fault
from dualcarbon.results import Results
from dualcarbon.scenario import Scenario
from dualcarbon.tables import Library
from dualcarbon.tables.variables import read_variables

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.figure import Figure

    from dualcarbon.explore.fitting import Fit
    from dualcarbon.output.pathways import Pathway


Progress = Callable[[int, int, str], None]
"""Called with steps done, steps in all and what is being worked on."""


@dataclass(frozen=True)
class Run:
    """One scenario, projected and judged.

    Parameters
    ----------
    scenario : as read
    results : arrays (year), in inside units: shares and rates as fractions
    indicators : peak, neutrality, intensities, cumulative CO2 and more
    scores : every official target
    built : inputs and paths that the run was projected from
    library : the tables that the run rests on
    fit : how the scenario was fitted, if it has a ``fit`` block
    """

    scenario: Scenario
    results: Results
    indicators: tuple[Indicator, ...]
    scores: tuple[Score, ...]
    built: Built
    library: Library
    fit: Fit | None = None

    @property
    def name(self) -> str:
        """The scenario's short name."""
        return self.scenario.name

    @property
    def levers(self) -> Mapping[str, Floats]:
        """Path (year) of every lever, inside units."""
        return self.built.levers

    @property
    def years(self) -> Years:
        """Years of every array."""
        return self.results.years

    def __getitem__(self, key: str) -> Floats:
        """One variable (year): Mt, Mtce, million, bn yuan; shares and rates as fractions."""
        if key not in self.results:
            raise KeyError(f"{key!r} is not a variable{did_you_mean(key, list(self.results))}")
        return self.results[key]

    def indicator(self, name: str, year: int | None = None) -> float:
        """The value of one of ``indicators``; the year may be left out where there is only one.

        Raises
        ------
        KeyError
            If there is no such indicator, or it has several years and none is given.
        """
        named = {one.year: one.value for one in self.indicators if one.name == name}
        if year is None and len(named) == 1:
            return next(iter(named.values()))
        if year in named:
            return named[year]
        hint = f"; years: {', '.join(map(str, named))}" if named else ""
        hint = hint or did_you_mean(name, sorted({one.name for one in self.indicators}))
        raise KeyError(f"{name!r}{f' in {year}' if year else ''} is not an indicator of the run{hint}")

    def to_pandas(self, *, long: bool = False) -> pd.DataFrame:
        """A table in the registry's units (shares in percent).

        Parameters
        ----------
        long : one row a number (scenario, variable, unit, year, value) instead of one column a variable
        """
        make = output.frames.long_frame if long else output.frames.wide_frame
        return make(self.results, read_variables(self.library), self.name)

    def plot(
        self, kind: str = "overview", *, language: str = "en", accounting: str = "coal-equivalent"
    ) -> Figure:
        """A figure of the run.

        Parameters
        ----------
        kind : overview, emissions, energy, shares, intensity or decomposition
        language : en or zh
        accounting : coal-equivalent or direct, for the energy mix

        Raises
        ------
        InputError
            If there is no such kind, language or accounting.
        OutputError
            If no font can draw the labels.
        """
        figures = output.figures
        kinds = [one for one in figures.KINDS if one != figures.COMPARISON]
        asked = {"kind": kind, "language": language, "accounting": accounting}
        known = {"kind": kinds, "language": figures.LANGUAGES, "accounting": figures.ACCOUNTINGS}
        for key, value in asked.items():
            if value not in known[key]:
                hint = did_you_mean(value, list(known[key]))
                raise fault(
                    f"there is no {key} {value!r}; allowed: {', '.join(known[key])}{hint}", where="plot"
                )
        scores = output.tabular.score_texts(self.scores, self.name)
        return figures.draw_kind(kind, self.results, scores, language, accounting)

    def to_xarray(self) -> xr.Dataset:
        """A dataset (year) in the registry's units, with labels and what is needed to repeat the run."""
        variables = read_variables(self.library)
        return output.datasets.dataset([self.pathway()], variables).isel(scenario=0)

    def pathway(self) -> Pathway:
        """The run as exports take it."""
        verdicts = {score.target.id: score.verdict for score in self.official()}
        title = self.scenario.title
        return output.pathways.Pathway(self.name, title, self.results, self.indicators, verdicts)

    def official(self) -> list[Score]:
        """Scores of the targets in the group ``all-official``."""
        wanted = {t.id for t in all_official((s.target for s in self.scores), self.results.base_year)}
        return [s for s in self.scores if s.target.id in wanted]
