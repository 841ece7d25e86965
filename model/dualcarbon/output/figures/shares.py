"""Coal and non-fossil share, with the marks of official targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dualcarbon.output import palette
from dualcarbon.output.figures import style
from dualcarbon.output.figures.labels import say
from dualcarbon.results import Results

_LINES = (
    ("coal_share", palette.COAL, (0, (8, 2)), 2.0, "coal"),
    ("non_fossil_share", palette.CLEAN, "-", 2.0, "non_fossil"),
    ("oil_share", palette.OIL, "-.", 1.5, "oil"),
    ("gas_share", palette.CAPTURE, ":", 1.8, "gas"),
    ("non_fossil_share_direct", palette.CLEAN, "--", 1.3, "non-fossil, direct"),
)


def draw(results: Results, title: str, scores: Sequence[Mapping[str, str]], language: str = "en") -> Figure:
    """Shares of total energy with target marks, alone in a figure.

    Parameters
    ----------
    results : one pathway with all variables
    title : of the figure
    scores : rows of the scoreboard, for the target marks
    language : en or zh
    """
    with style.style(language, title):
        figure = style.new_figure()
        axes = figure.subplots()
        panel(axes, results, scores, language, legend=style.BESIDE)
        for year, value in target_marks(scores):
            last = year == results.years[-1]
            axes.annotate(
                f"{value:g} %",
                (year, value),
                xytext=(-7 if last else 7, -10),
                textcoords="offset points",
                ha="right" if last else "left",
                fontsize=8,
                color="#bb3344",
                bbox=style.LABEL_BOX,
            )
        style.finish(figure, title, style.source_of(results, language))
    return figure


def panel(
    axes: Axes,
    results: Results,
    scores: Sequence[Mapping[str, str]],
    language: str,
    *,
    legend: Mapping[str, Any],
    all_fuels: bool = True,
) -> None:
    """Lines of the shares; without ``all_fuels`` coal and non-fossil only."""
    for key, colour, dash, width, label in _LINES:
        if all_fuels or key not in ("oil_share", "gas_share"):
            axes.plot(
                results.years,
                results[key] * 100.0,
                color=colour,
                linestyle=dash,
                linewidth=width,
                label=say(label, language),
            )
    style.mark_history(axes, results)
    for k, (year, value) in enumerate(target_marks(scores)):
        style.diamond(axes, year, value, say("targets", language) if k == 0 else None)
    axes.set_title(say("shares", language))
    axes.set_ylim(0, 100)
    axes.legend(**legend)


def target_marks(scores: Sequence[Mapping[str, str]]) -> list[tuple[int, float]]:
    """Year and percent of the non-fossil shares that are pledged for years to come."""
    return [
        (int(row["year"]), float(row["value"]))
        for row in scores
        if row["status"] == "in force"
        and row["value"]
        and row["unit"] == "%"
        and row["role"] != "range top"
        and row["accounting"] == "coal-equivalent"
        and row["comparison"] == "at_least"
    ]
