"""Four panels of one run: CO2 by source, energy by fuel, shares, intensities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from dualcarbon.output.figures import emissions, energy, intensity, shares, style
from dualcarbon.results import Results


def draw(results: Results, title: str, scores: Sequence[Mapping[str, str]], language: str = "en") -> Figure:
    """The figure of a run.

    Parameters
    ----------
    results : one pathway with all variables
    title : of the figure
    scores : rows of the scoreboard, for the target marks
    language : en or zh
    """
    with style.style(language, title):
        figure = style.new_figure((11.5, 8.2))
        panels = figure.subplots(2, 2)
        top = {"loc": "upper right", "ncols": 4, "fontsize": 7}
        emissions.panel(panels[0, 0], results, scores, language, headroom=1.36, legend=top)
        energy.panel(panels[0, 1], results, language, "coal-equivalent", legend={"loc": "upper left"})
        left = {"loc": "center left"}
        shares.panel(panels[1, 0], results, scores, language, legend=left, all_fuels=False)
        intensity.panel(panels[1, 1], results, scores, language, legend={"loc": "upper right"})
        style.finish(figure, title, style.source_of(results, language))
    return figure
