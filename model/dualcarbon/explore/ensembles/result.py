"""What an ensemble says: distributions by year, peaks, neutrality, and the chances of official targets."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from dualcarbon.analysis.targets import Target
from dualcarbon.axes import Floats, Years
from dualcarbon.errors import did_you_mean
from dualcarbon.explore.ensembles.history import TrendBelief
from dualcarbon.explore.ensembles.outcomes import HEADLINE, NEUTRAL, PEAKS, SINGLE, Asked
from dualcarbon.explore.ensembles.summaries import Grid, Tally
from dualcarbon.tables.variables import Variable

if TYPE_CHECKING:
    import pandas as pd

PROBABILITIES = (0.01, 0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95, 0.99)

HINDCASTS = (
    "in hindcasts bands like these held the truth less often than they say: dualcarbon hindcast --coverage"
)
"""What a reader of bands must know; the counts themselves take half a second."""


@dataclass(frozen=True)
class YearCounts:
    """How likely each year is.

    Parameters
    ----------
    years : (year)
    probability : (year) that it is this year
    never : probability that it is none of them
    """

    years: Years
    probability: Floats
    never: float = 0.0

    def by(self, year: int) -> float:
        """Probability that it is this year or an earlier one."""
        return float(self.probability[self.years <= year].sum())

    def quantile(self, probability: float) -> float:
        """First year by which it is at least so likely; NaN if that takes never."""
        reached = np.cumsum(self.probability) >= probability - 1e-12
        return float(self.years[np.argmax(reached)]) if reached.any() else float("nan")


@dataclass(frozen=True)
class Distribution:
    """Distributions of draws, weighted or as they are.

    Parameters
    ----------
    mean, sd : (year) by indicator
    quantiles : (probability, year) by indicator, at `PROBABILITIES`
    single_mean, single_sd : of quantities that a draw has once, by name
    single_quantiles : (probability) of the same
    years : peak and neutral years by name
    targets, groups : probability of meeting each target, and all targets of a group, by id
    errors : standard error of each of these probabilities, by id
    effective : effective number of draws
    quantile_error : bound of the error of any quantile here, as a part of its quantity's 5-95 % range
    beyond : largest part of the draws of a quantity that lies outside its bins
    """

    mean: Mapping[str, Floats]
    sd: Mapping[str, Floats]
    quantiles: Mapping[str, Floats]
    single_mean: Mapping[str, float]
    single_sd: Mapping[str, float]
    single_quantiles: Mapping[str, Floats]
    years: Mapping[str, YearCounts]
    targets: Mapping[str, float]
    groups: Mapping[str, float]
    errors: Mapping[str, float]
    effective: float
    quantile_error: float
    beyond: float

    def standard_error(self, name: str) -> float:
        """Standard error of the probability of a target or a group, from the weights of the draws.

        It takes the draws for independent (`Tally.standard_errors`). Sobol and Latin hypercube points lie
        more evenly, so that their part of the error is usually smaller; noise by year is independent. It is
        zero where no draw or every draw meets the target: see `unseen`.
        """
        self.probability(name)  # a name that is not known is said
        return self.errors[name]

    @property
    def unseen(self) -> float:
        """Upper bound, about 95 % sure, of the probability of what no draw shows: 3 / effective draws.

        Source: J. A. Hanley, A. Lippman-Hand, If nothing goes wrong, is everything all right? Interpreting
        zero numerators, JAMA 249 (1983), 1743-1745.
        """
        return min(1.0, 3.0 / self.effective)

    def probability(self, name: str) -> float:
        """Probability of meeting a target, or all of a group."""
        known = {**self.targets, **self.groups}
        if name not in known:
            raise KeyError(f"{name!r} is not a target or group here{_hint(name, known)}")
        return known[name]


@dataclass(frozen=True)
class Ensemble:
    """What many draws of one scenario say.

    Parameters
    ----------
    name, title : of the scenario
    years : (year) from the base year on
    past_years, past : (year before the base year) years, and each headline indicator in them
    now : the distributions to use: held to history, or the prior's if history was left out
    prior : those before history was looked at; None if history was left out
    beliefs : prior, window and posterior of the trends that history judges
    targets : whose chances are given
    groups : ids of the targets in each group
    settings : what is needed to repeat the ensemble, ready for JSON
    warnings : what a reader must know
    variables : registry entries of the headline indicators
    kept : (draw, year) of kept variables that are in memory, inside units
    """

    name: str
    title: str
    years: Years
    past_years: Years
    past: Mapping[str, Floats]
    now: Distribution
    prior: Distribution | None
    beliefs: tuple[TrendBelief, ...]
    targets: tuple[Target, ...]
    groups: Mapping[str, tuple[str, ...]]
    settings: Mapping[str, Any]
    warnings: tuple[str, ...]
    variables: Mapping[str, Variable]
    kept: Mapping[str, Floats] = field(default_factory=dict)

    @property
    def n(self) -> int:
        """Number of draws."""
        return int(self.settings["n"])

    @property
    def seed(self) -> int:
        """Seed of the random numbers."""
        return int(self.settings["seed"])

    def quantiles(self, key: str) -> Floats:
        """Quantiles (probability, year) of an indicator, or (probability) of a single quantity."""
        known = {**self.now.quantiles, **self.now.single_quantiles}
        if key not in known:
            raise KeyError(f"{key!r} is not an indicator here{_hint(key, known)}")
        return known[key]

    def mean(self, key: str) -> Floats:
        """Mean (year) of an indicator, inside units."""
        if key not in self.now.mean:
            raise KeyError(f"{key!r} is not an indicator here{_hint(key, self.now.mean)}")
        return self.now.mean[key]

    def probability(self, name: str) -> float:
        """Probability of meeting an official target, or all targets of a group."""
        return self.now.probability(name)

    def standard_error(self, name: str) -> float:
        """Standard error of that probability."""
        return self.now.standard_error(name)

    @property
    def peak_year(self) -> YearCounts:
        """When CO2 from energy and processes peaks."""
        return self.now.years["eip_co2_peak_year"]

    @property
    def neutral_year(self) -> YearCounts:
        """When net greenhouse gases reach zero and stay there."""
        return self.now.years["net_ghg_neutral_year"]

    def to_pandas(self) -> pd.DataFrame:
        """Mean, standard deviation and quantiles by indicator and year, in the registry's units."""
        import pandas as pd

        header, rows = self.quantile_rows()
        frame = pd.DataFrame(rows, columns=header).astype({"year": "Int64"})  # some quantities have no year
        # Sorted, since pandas 2 warns of slow look-ups in an index without order.
        return frame.set_index(["indicator", "unit", "year"]).sort_index()

    def quantile_rows(self) -> tuple[list[str], list[list[Any]]]:
        """Header and rows of all distributions, in the registry's units."""
        held = [("posterior" if self.prior else "prior", self.now)]
        if self.prior is not None:
            held.append(("prior", self.prior))
        rows = [row for label, one in held for row in self._rows(label, one)]
        names = [f"p{round(100 * p):02d}" for p in PROBABILITIES]
        return ["draws", "indicator", "unit", "year", "mean", "sd", *names], rows

    def _rows(self, label: str, one: Distribution) -> list[list[Any]]:
        rows: list[list[Any]] = []
        for key, variable in self.variables.items():
            columns = [one.mean[key], one.sd[key], *one.quantiles[key]]
            for k, year in enumerate(self.years):
                numbers = [float(column[k]) * variable.factor for column in columns]
                rows.append([label, key, variable.unit, int(year), *numbers])
        for key, mean in one.single_mean.items():
            unit = "Mtce" if key.startswith("coal_energy") else "Mt CO2"
            rows.append(
                [label, key, unit, None, mean, one.single_sd[key], *map(float, one.single_quantiles[key])]
            )
        return rows


def distribution(
    tally: Tally, grid: Grid, asked: Asked, *, weighted: bool, more: Mapping[str, int]
) -> Distribution:
    """Read a merged summary.

    Parameters
    ----------
    more : peak years that are counted besides those asked for, by name
    """
    mean, sd = tally.moments(grid, weighted=weighted)
    quantiles = tally.quantiles(grid, PROBABILITIES)
    span = asked.ahead.size
    places = {key: slice(k * span, (k + 1) * span) for k, key in enumerate(HEADLINE)}
    single = {key: len(HEADLINE) * span + k for k, key in enumerate(SINGLE)}
    middle = quantiles[PROBABILITIES.index(0.95)] - quantiles[PROBABILITIES.index(0.05)]
    spread = tally.highest > tally.lowest
    with np.errstate(divide="ignore"):
        error = np.where(spread & (middle > 0.0), grid.width / middle, 0.0)
    years = {f"{key}_peak_year": False for key in PEAKS} | {f"{key}_neutral_year": True for key in NEUTRAL}
    years |= dict.fromkeys(more, False)
    return Distribution(
        mean={key: mean[place] for key, place in places.items()},
        sd={key: sd[place] for key, place in places.items()},
        quantiles={key: quantiles[:, place] for key, place in places.items()},
        single_mean={key: float(mean[k]) for key, k in single.items()},
        single_sd={key: float(sd[k]) for key, k in single.items()},
        single_quantiles={key: quantiles[:, k] for key, k in single.items()},
        years={name: _years(tally.shares(name), asked.years, never) for name, never in years.items()},
        targets={t.id: float(p) for t, p in zip(asked.targets, tally.shares("targets"), strict=True)},
        groups={name: float(p) for name, p in zip(asked.groups, tally.shares("groups"), strict=True)},
        errors=_errors(tally, asked, weighted),
        effective=tally.effective(weighted=weighted),
        quantile_error=float(error.max()),
        beyond=float(tally.beyond().max()),
    )


def _errors(tally: Tally, asked: Asked, weighted: bool) -> dict[str, float]:
    """Standard errors of the chances of targets and groups."""
    names = [[t.id for t in asked.targets], list(asked.groups)]
    found = [tally.standard_errors(kind, weighted=weighted) for kind in ("targets", "groups")]
    return {
        name: float(error)
        for ids, errors in zip(names, found, strict=True)
        for name, error in zip(ids, errors, strict=True)
    }


def _hint(name: str, known: Collection[str]) -> str:
    """The name that was meant, or else all there are."""
    return did_you_mean(name, list(known)) or f"; there are {', '.join(known)}"


def _years(shares: Floats, years: Years, never: bool) -> YearCounts:
    return YearCounts(years, shares[: years.size], float(shares[-1]) if never else 0.0)
