"""The page of a report: runs and tables in, the text of one HTML file out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dualcarbon.analysis.summary import Indicator
from dualcarbon.analysis.targets import Score
from dualcarbon.errors import OutputError
from dualcarbon.output.report.charts import Chart, comparison_charts, run_charts
from dualcarbon.output.report.not_claimed import NOT_CLAIMED
from dualcarbon.output.report.scoring import score_groups
from dualcarbon.output.report.sources import table_sources, written_scenario
from dualcarbon.output.text import milestone_cells, scenario_cells
from dualcarbon.results import Results
from dualcarbon.tables import Library
from dualcarbon.tables.official import read_documents

SOURCE = (
    "Source: dualcarbon {version}. History (shaded): National Bureau of Statistics, Global Carbon Project, "
    "national inventories; projection: scenario."
)


@dataclass(frozen=True)
class Reported:
    """One run, as a report takes it.

    Parameters
    ----------
    name : short, different from those of the other runs
    results : with all variables, and the metadata that makes the run repeatable
    indicators : peak, neutrality, cumulative CO2 and more
    scores : every official target
    official : those of the group ``all-official``
    """

    name: str
    results: Results
    indicators: Sequence[Indicator]
    scores: Sequence[Score]
    official: Sequence[Score]


def report_page(runs: Sequence[Reported], library: Library, title: str) -> str:
    """The text of an HTML page that shows runs with charts and needs nothing else, also no network.

    Parameters
    ----------
    runs : at least one, on the same library
    library : the tables that the runs rest on
    title : of the page

    Raises
    ------
    OutputError
        If plotly or jinja2 is not installed.
    """
    get_plotlyjs, environment = _tools()
    compared = comparison_charts([(run.name, run.results) for run in runs]) if len(runs) > 1 else []
    parts = [_part(place, run) for place, run in enumerate(runs, start=1)]
    charts = [*compared, *(chart for part in parts for chart in part["charts"])]
    text: str = environment.get_template("template.html.jinja").render(
        title=title,
        last=max(int(run.results.years[-1]) for run in runs),
        overview=scenario_cells([(r.name, r.results, r.indicators, r.official) for r in runs]),
        compared=compared,
        parts=parts,
        groups=score_groups(
            [run.name for run in runs], [run.scores for run in runs], read_documents(library)
        ),
        tables=table_sources(library),
        meta=runs[0].results.meta,
        not_claimed=NOT_CLAIMED,
        source=SOURCE.format(version=runs[0].results.meta["versions"]["dualcarbon"]),
        content=[_content(chart) for chart in charts],
        plotly_js=get_plotlyjs(),
    )
    return text


def _tools() -> tuple[Any, Any]:
    """What makes charts and pages; both come with an extra."""
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
        from plotly.offline import get_plotlyjs
    except ModuleNotFoundError as error:
        raise OutputError(f"reports need {error.name}: pip install 'dualcarbon[report]'") from None
    folder = FileSystemLoader(Path(__file__).parent)
    environment = Environment(
        loader=folder, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["code"] = _code
    return get_plotlyjs, environment


def _code(text: str) -> Any:
    """A text for the page, with what stands between backticks set as code."""
    from markupsafe import Markup, escape

    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))


def _part(place: int, run: Reported) -> dict[str, Any]:
    """What the page says of one run."""
    return {
        "key": f"run-{place}",
        "name": run.name,
        "scenario": written_scenario(run.results.meta["scenario"]),
        "milestones": milestone_cells(run.results, run.indicators),
        "rests_on": run.results.meta["rests_on"],
        "charts": run_charts(f"run-{place}", run.results, run.scores),
    }


def _content(chart: Chart) -> Mapping[str, Any]:
    """A chart as the page's script takes it."""
    return {"key": chart.key, "traces": chart.traces, "layout": chart.layout}
