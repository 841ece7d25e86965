"""The subcommands that check other people's pathways."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from dualcarbon import api

EXIT_FAILED = 1


def check_pathway(options: Namespace) -> int:
    """Score an IAMC file against history, targets and studies."""
    from dualcarbon import files
    from dualcarbon.cli import check_pages

    result = api.check_pathway(options.file, data=options.data)
    page = check_pages.report(result, scenario=options.scenario)
    if options.output is not None:
        files.write_table(Path(options.output), check_pages.table_rows(result), force=options.force)
        page += f"\n\nWritten: {options.output}"
    print(page)
    return EXIT_FAILED if result.failed else 0


def criteria(options: Namespace) -> None:
    """Print the criteria of the check, as a table or for the nomenclature package."""
    from dualcarbon.cli import check_pages
    from dualcarbon.explore.checking import read_criteria
    from dualcarbon.explore.validate_data import validate_data

    library = api.open_library(options.data)
    if options.format == "nomenclature":
        print(validate_data(library), end="")
    else:
        print(check_pages.criteria_table(read_criteria(library)))
