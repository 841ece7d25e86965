"""What can be typed: subcommands, arguments, help."""

from __future__ import annotations

import argparse
import re
from typing import NoReturn

from dualcarbon import __version__

_EPILOG = """examples:
  dualcarbon run current-policies rapid-decline -o out --plot
  dualcarbon run current-policies --set non_fossil_share='{ambition: 0.5}'
  dualcarbon new my-scenario.yaml && dualcarbon check my-scenario.yaml
"""


_COMMAND = "COMMAND"
_CHOICE = re.compile(r"argument (?P<what>\S+): invalid choice: (?P<word>.+) \(choose from (?P<known>.+)\)")


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Leaves room for the longest subcommand."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=16, width=100)


class _Parser(argparse.ArgumentParser):
    """Suggests the nearest subcommand, as for every other unknown word."""

    def error(self, message: str) -> NoReturn:
        from dualcarbon.errors import did_you_mean

        choice = _CHOICE.fullmatch(message)
        if choice is None:
            self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")
        word, known = choice["word"], [one.strip("'") for one in choice["known"].split(", ")]
        hint = did_you_mean(word.strip("'\""), known) or f"; allowed: {', '.join(known)}"
        what = "command" if choice["what"] == _COMMAND else choice["what"]
        self.exit(2, f"{self.prog}: there is no {what} {word}{hint}\n")


def make_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    parser = _Parser(
        prog="dualcarbon",
        description="China's carbon peak and neutrality: documented data, YAML scenarios, scored targets.",
        epilog=_EPILOG,
        formatter_class=_Formatter,
    )
    parser.add_argument("--version", action="version", version=f"dualcarbon {__version__}")
    commands = parser.add_subparsers(title="commands", metavar=_COMMAND, required=True)

    def command(name: str, help_: str, module: str = "commands") -> argparse.ArgumentParser:
        """A subcommand, done by the function of its name in a module of this package."""
        one = commands.add_parser(name, help=help_, description=help_)
        one.set_defaults(module=module, function=name.replace("-", "_"))
        one.add_argument("--data", metavar="DIR", help="data folder instead of the shipped one")
        return one

    run = command("run", "project scenarios, score them, and write tables and figures")
    run.add_argument(
        "scenarios", nargs="+", metavar="SCENARIO", help="a YAML file or the name of a bundled scenario"
    )
    _changes(run, "change a lever (or base_year, end_year); the value is YAML; may be repeated")
    run.add_argument("-o", "--output", metavar="DIR", help="write a folder for each scenario below DIR")
    run.add_argument("--format", choices=("csv", "xlsx"), default="csv", help="xlsx adds an Excel workbook")
    run.add_argument("--plot", action="store_true", help="draw a figure for each scenario and one to compare")
    _force(run, "folders of an earlier run")

    fit = command("fit", "move a scenario as little as needed to meet targets, or say what stands in the way")
    fit.add_argument("scenario", metavar="SCENARIO", help="a YAML file or the name of a bundled scenario")
    fit.add_argument(
        "--targets",
        metavar="A,B",
        help="groups, targets by id, or {indicator: coal_share, year: 2040, at_most: 25 %%}; "
        "default those of the scenario's fit block, else all-official",
    )
    fit.add_argument("--free", metavar="A,B", help="levers that may move; default all that can")
    fit.add_argument("--objective", help="least-departure, least-change, smoothest, lowest-cumulative-co2")
    fit.add_argument("--extend", type=float, help="how far beyond the ambitious pathway (0 to 1)")
    _changes(fit)
    fit.add_argument(
        "--sweep",
        action="append",
        default=[],
        metavar="KEY=VALUES",
        help="fit for a grid: peak_year=2026..2030, neutral_year=2050,2055,2060",
    )
    fit.add_argument("-o", "--output", metavar="DIR", help="write the fitted scenario and its run below DIR")
    fit.add_argument("--plot", action="store_true", help="draw figures as well")
    _force(fit, "folders of an earlier run")

    compare = command(
        "compare", "why two pathways differ: by lever, by Kaya factor, and what is set differently"
    )
    compare.add_argument("first", metavar="A", help="a scenario or a run folder")
    compare.add_argument("second", metavar="B", help="a scenario or a run folder")
    compare.add_argument(
        "--at", metavar="YEARS", help="projected years, such as 2030,2060; default milestones"
    )
    compare.add_argument(
        "--by",
        choices=("levers", "kaya"),
        help="only one split: over the levers that differ (Shapley) or Kaya factors (LMDI); default both",
    )
    compare.add_argument("-o", "--output", metavar="FILE", help="csv, or the figure: png, svg or pdf")
    _language(compare)
    _force(compare)

    decompose = command("decompose", "why CO2 changes: people, affluence, intensity, fuels, capture, sinks")
    decompose.add_argument("scenario", metavar="SCENARIO_OR_FOLDER")
    decompose.add_argument("--from", type=int, dest="first", metavar="YEAR", help="default the base year")
    decompose.add_argument("--to", type=int, dest="last", metavar="YEAR", help="default the end year")
    decompose.add_argument(
        "--step", type=int, metavar="YEARS", help="length of periods; default the whole span"
    )
    decompose.add_argument("-o", "--output", metavar="FILE", help="csv, png, svg or pdf")
    _language(decompose)
    _force(decompose)

    diff = command("diff", "what moved between two run folders; exit code 1 when something did")
    diff.add_argument("old", metavar="OLD", help="a run folder")
    diff.add_argument("new", metavar="NEW", help="a run folder")
    diff.add_argument("--rtol", type=float, default=1e-6, help="relative tolerance (default 1e-6)")

    ensemble = command(
        "ensemble",
        "how sure: many draws of the uncertain levers, and what they add up to",
        "ensemble_commands",
    )
    ensemble.add_argument(
        "scenarios",
        nargs="+",
        metavar="SCENARIO",
        help="YAML files or bundled scenarios; all meet the same luck",
    )
    ensemble.add_argument("-n", default="20000", metavar="N", help="draws (default 20000); 1e6 is fine")
    ensemble.add_argument(
        "--seed", metavar="N", help="of the random numbers; drawn and printed when not given"
    )
    ensemble.add_argument("--method", default="sobol", help="sobol (default), lhs or random")
    ensemble.add_argument(
        "--keep", metavar="A,B", help="variables whose draws are written as well (needs -o)"
    )
    ensemble.add_argument("--no-history", action="store_true", help="the raw ranges, not held to history")
    ensemble.add_argument("--window", metavar="YEARS", help="years of history that count, such as 2015-2025")
    ensemble.add_argument("--workers", metavar="N", help="processes; default all cores for large N")
    ensemble.add_argument(
        "--scheduler", metavar="ADDRESS", help="a Dask cluster instead, such as tcp://host:8786"
    )
    ensemble.add_argument(
        "--block",
        metavar="N",
        help="draws of one task; the results do not depend on it; with --keep no more than fit 64 MB",
    )
    _changes(ensemble)
    ensemble.add_argument("-o", "--output", metavar="DIR", help="write a folder for each scenario below DIR")
    _force(ensemble, "folders of an earlier run")

    sensitivity = command(
        "sensitivity", "what drives the spread: Sobol indices and tornado", module="sensitivity_commands"
    )
    sensitivity.add_argument(
        "scenario", metavar="SCENARIO", help="a YAML file or the name of a bundled scenario"
    )
    sensitivity.add_argument(
        "--of",
        metavar="A,B",
        help="variables with a year (net_co2@2060, cumulative_co2@2060), peak_year, peak_level, neutral_year",
    )
    sensitivity.add_argument(
        "-n", default="1024", metavar="N", help="points of each sample, a power of two (default 1024)"
    )
    sensitivity.add_argument("--seed", default="0", metavar="K", help="of the samples (default 0)")
    _changes(sensitivity)
    sensitivity.add_argument("-o", "--output", metavar="DIR", help="write a folder with tables and figures")
    _force(sensitivity, "the folder of an earlier run")

    command("scenarios", "list the bundled scenarios")

    new = command("new", "write a commented scenario file to start from")
    new.add_argument("file", metavar="FILE")
    _force(new)

    check = command("check", "check scenario files without running them")
    check.add_argument("scenarios", nargs="+", metavar="SCENARIO")

    targets = command("targets", "score a scenario, or show the scoreboard of a run folder")
    targets.add_argument("scenario", metavar="SCENARIO_OR_FOLDER")
    targets.add_argument(
        "--all", action="store_true", help="also past, superseded and not applicable targets"
    )

    plot = command("plot", "draw figures of run folders")
    plot.add_argument("folders", nargs="+", metavar="FOLDER")
    plot.add_argument(
        "--kind",
        metavar="A,B",
        default="overview",
        help="overview (default), emissions, energy, shares, intensity, decomposition, or comparison of all",
    )
    plot.add_argument("--format", choices=("png", "svg", "pdf"), default="png")
    _language(plot)
    plot.add_argument(
        "--accounting",
        choices=("coal-equivalent", "direct"),
        default="coal-equivalent",
        help="of the energy mix (default coal-equivalent)",
    )
    plot.add_argument(
        "-o", "--output", metavar="DIR", help="folder for the figures, or a file for one; default in FOLDER"
    )
    _force(plot, "files")

    report = command(
        "report", "one HTML file with charts, scoreboard and sources; opens offline", module="report_commands"
    )
    report.add_argument("runs", nargs="+", metavar="SCENARIO_OR_FOLDER", help="run folders or scenarios")
    report.add_argument("-o", "--output", metavar="FILE", required=True, help="html")
    report.add_argument("--title", help="of the page; default from the scenarios")
    _force(report)

    export = command(
        "export", "write runs into one file for others: IAMC table, NetCDF, Parquet", module="export_commands"
    )
    export.add_argument("sources", nargs="+", metavar="SCENARIO_OR_FOLDER")
    export.add_argument(
        "-o", "--output", metavar="FILE", required=True, help=".xlsx or .csv (IAMC), .nc (NetCDF) or .parquet"
    )
    export.add_argument(
        "--format", metavar="FORMAT", help="iamc, csv, netcdf or parquet; default by the ending of FILE"
    )
    export.add_argument(
        "--vocabulary", metavar="NAMES", help="IAMC names: current (default) or ar6, of the AR6 database"
    )
    export.add_argument("--layout", metavar="SHAPE", help="IAMC rows: wide (default) or long")
    _force(export)

    verify = command("verify", "documented figures and accounting, model beside document")
    verify.add_argument("--quoted", action="store_true", help="also list the figures that are only quoted")

    hindcast = command("hindcast", "skill from 2010, 2015 and 2020 against naive forecasts")
    hindcast.add_argument("-o", "--output", metavar="FILE", help="also draw the figure (png, svg or pdf)")
    _language(hindcast)
    _force(hindcast)
    hindcast.add_argument(
        "--coverage", action="store_true", help="also how often the truth lay inside an ensemble's bands"
    )

    command("levers", "what can be set: names, units, bounds, meaning")
    command("variables", "what comes out: names, units, meaning")

    data = command("data", "list the tables, or show a table or a documented figure with its sources")
    data.add_argument("name", nargs="?", metavar="TABLE_OR_FIGURE")
    data.add_argument("--rows", action="store_true", help="every row of the table")

    check_pathway = command(
        "check-pathway",
        "score anyone's IAMC file against China's history, official targets and studies",
        module="check_commands",
    )
    check_pathway.epilog = (
        "exit code: 0 when no criterion of history fails, 1 when one does, 2 when the file cannot be read; "
        "`dualcarbon criteria` prints the criteria"
    )
    check_pathway.add_argument("file", metavar="FILE", help="CSV or Excel, wide or long, with rows of China")
    check_pathway.add_argument("--scenario", metavar="NAME", help="show one scenario of the file in full")
    check_pathway.add_argument("-o", "--output", metavar="FILE", help="write every comparison as CSV")
    _force(check_pathway)

    criteria = command(
        "criteria", "how far a pathway may be off China's history, and why", module="check_commands"
    )
    criteria.add_argument(
        "--format",
        choices=("text", "nomenclature"),
        default="text",
        help="nomenclature: a validate_data file for that package",
    )

    command("schema", "print the JSON Schema of scenario files, for editors")
    return parser


def _language(command: argparse.ArgumentParser) -> None:
    """The option for the language of figures."""
    command.add_argument("--lang", choices=("en", "zh"), default="en", help="labels of figures (default en)")


def _changes(command: argparse.ArgumentParser, help_: str = "change a lever first") -> None:
    """The option that changes levers."""
    command.add_argument(
        "--set", action="append", default=[], metavar="LEVER=VALUE", dest="change", help=help_
    )


def _force(command: argparse.ArgumentParser, what: str = "the file") -> None:
    """The option that allows to replace what is there."""
    command.add_argument("--force", action="store_true", help=f"replace {what}")
