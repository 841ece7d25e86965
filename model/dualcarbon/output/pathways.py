"""A pathway as exports take it, whether it was just run or read from a run folder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dualcarbon.analysis.summary import Indicator
from dualcarbon.axes import Years
from dualcarbon.results import Results


@dataclass(frozen=True)
class Pathway:
    """One scenario's results with what a reader of a file wants to know beside the numbers.

    Parameters
    ----------
    name, title : of the scenario
    results : arrays (year) in inside units, with the metadata of the run
    indicators : as `dualcarbon.analysis.summary.summarise` gives them
    verdicts : verdict of every official target, by its id
    """

    name: str
    title: str
    results: Results
    indicators: Sequence[Indicator]
    verdicts: Mapping[str, str]

    def indicator(self, name: str, year: int | None = None) -> Indicator | None:
        """An indicator by name, in a year if it has several."""
        found = (i for i in self.indicators if i.name == name and year in (None, i.year))
        return next(found, None)

    @property
    def model(self) -> str:
        """Name and version of the model that projected it."""
        return f"dualcarbon {self.results.meta['versions']['dualcarbon']}"

    @property
    def record(self) -> str:
        """All that is needed to repeat the run, as JSON in one fixed form."""
        return json.dumps(dict(self.results.meta), ensure_ascii=False, sort_keys=True)


def sha256(content: Any) -> str:
    """SHA-256 of text, or of other content as JSON in one fixed form."""
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def all_years(pathways: Sequence[Pathway]) -> Years:
    """Every year from the first to the last of any pathway."""
    first = min(int(p.results.years[0]) for p in pathways)
    last = max(int(p.results.years[-1]) for p in pathways)
    return np.arange(first, last + 1)
