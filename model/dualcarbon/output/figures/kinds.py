"""The kinds of figures that a run folder can give, by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure

from dualcarbon.analysis.decomposition import decompose
from dualcarbon.output.figures import decomposition, emissions, energy, intensity, overview, shares, style
from dualcarbon.output.figures.fonts import drawable
from dualcarbon.output.text import heading
from dualcarbon.results import Results

COMPARISON = "comparison"
KINDS = ("overview", "emissions", "energy", "shares", "intensity", "decomposition", COMPARISON)
"""What can be drawn of run folders; the last takes several of them into one figure."""

_STEP = 5
"""Years of a period in the decomposition of a run folder."""

_SCORED: Mapping[str, Any] = {
    "overview": overview,
    "emissions": emissions,
    "shares": shares,
    "intensity": intensity,
}


def draw_kind(
    kind: str,
    results: Results,
    scores: Sequence[Mapping[str, str]],
    language: str = "en",
    accounting: str = "coal-equivalent",
) -> Figure:
    """A figure of one run.

    Parameters
    ----------
    kind : one of `KINDS` but for the comparison
    results : one pathway with all variables, and the scenario in its metadata
    scores : rows of the scoreboard, for the target marks
    language : en or zh
    accounting : coal-equivalent or direct, for the energy mix
    """
    title = title_of(results)
    if kind == "energy":
        return energy.draw(results, title, language, accounting)
    if kind == "decomposition":
        last = int(results.years[-1])
        found = decompose(results, results.base_year, last, _STEP)
        return decomposition.draw(found, title, language, version=style.version_of(results))
    figure: Figure = _SCORED[kind].draw(results, title, scores, language)
    return figure


def title_of(results: Results) -> str:
    """The scenario's name and title; the name alone where no font at hand can draw the title."""
    scenario = results.meta["scenario"]
    name, title = str(scenario["name"]), str(scenario["title"])
    return heading(name, title) if drawable(title) else name


def title_note(results: Results) -> str:
    """What to tell the user about the title of a run's figures; empty when there is nothing."""
    scenario = results.meta["scenario"]
    if drawable(str(scenario["title"])):
        return ""
    return (
        f"{scenario['name']}: its title has characters that no installed font can draw; figures show "
        "the name instead (a font such as fonts-noto-cjk has them)"
    )
