"""Write what the api gives, and read it back: folders, figures, reports, templates.

Between the command line and the api: it takes runs, fits and ensembles, and knows nothing of how they are
made. ``run_folders``, ``fits``, ``ensembles`` and ``sensitivities`` write folders; ``plots`` and
``single_files`` write one file; ``reading`` reads run folders back. A module is loaded when one of its names
is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dualcarbon.lazy import load_names

if TYPE_CHECKING:
    from dualcarbon.files.ensembles import folder_name, write_ensembles
    from dualcarbon.files.fits import sweep_rows, write_sweep
    from dualcarbon.files.plots import (
        FIGURE_ENDINGS,
        is_figure,
        plot_comparison,
        plot_decomposition,
        plot_hindcast,
        title_notes,
    )
    from dualcarbon.files.reading import document_titles, moved_between, scoreboard
    from dualcarbon.files.run_folders import write_runs
    from dualcarbon.files.sensitivities import write_sensitivity
    from dualcarbon.files.single_files import check_report_place, write_report, write_table, write_template

_NAMES = {
    "run_folders": ("write_runs",),
    "fits": ("sweep_rows", "write_sweep"),
    "ensembles": ("folder_name", "write_ensembles"),
    "sensitivities": ("write_sensitivity",),
    "plots": (
        "FIGURE_ENDINGS",
        "is_figure",
        "plot_comparison",
        "plot_decomposition",
        "plot_hindcast",
        "title_notes",
    ),
    "single_files": ("check_report_place", "write_report", "write_table", "write_template"),
    "reading": ("document_titles", "moved_between", "scoreboard"),
}
_WHERE = {name: f"{__name__}.{module}" for module, names in _NAMES.items() for name in names}

__all__ = [
    "FIGURE_ENDINGS",
    "check_report_place",
    "document_titles",
    "folder_name",
    "is_figure",
    "moved_between",
    "plot_comparison",
    "plot_decomposition",
    "plot_hindcast",
    "scoreboard",
    "sweep_rows",
    "title_notes",
    "write_ensembles",
    "write_report",
    "write_runs",
    "write_sensitivity",
    "write_sweep",
    "write_table",
    "write_template",
]


__getattr__ = load_names(globals(), _WHERE)


def __dir__() -> list[str]:
    return sorted(__all__)
