"""One function a subcommand; each calls the api and prints."""

from __future__ import annotations

import json
import re
import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

from dualcarbon import api
from dualcarbon.errors import Fault, InputError, did_you_mean, fault
from dualcarbon.output import text
from dualcarbon.scenario import read_list

EXIT_MOVED = 1
EXIT_INFEASIBLE = 3
_NEEDS_FOLDER = "needs a folder to write to: add -o DIR"


def run(options: Namespace) -> int:
    """Project scenarios, score them, write tables and figures."""
    library = api.open_library(options.data)
    runs: list[api.Run] = []
    faults: list[Fault] = []
    for name in options.scenarios:
        try:
            runs.append(api.run(name, change=options.change, data=library))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    if options.output is not None:
        from dualcarbon import files  # a run that writes nothing need not wait for it

        files.write_runs(
            runs,
            Path(options.output),
            workbook=options.format == "xlsx",
            figures=options.plot,
            force=options.force,
            progress=show_progress if len(runs) > 1 and options.plot else None,
        )
        for note in files.title_notes(runs) if options.plot else []:
            print(note, file=sys.stderr)
    elif options.plot or options.format == "xlsx":
        raise fault(_NEEDS_FOLDER, where="--plot" if options.plot else "--format")
    for one in runs:
        title = text.heading(one.name, one.scenario.title)
        print(text.run_table(title, one.results, one.indicators, one.official()), end="\n\n")
        if one.fit is not None:
            from dualcarbon.cli import fit_pages

            print(fit_pages.summary(one.fit), end="\n\n")
    if len(runs) > 1:
        rows = [(one.name, one.results, one.indicators, one.official()) for one in runs]
        print(text.comparison_table(rows), end="\n\n")
    if options.output is not None:
        extra = " and comparison" if len(runs) > 1 else ""
        names = runs[0].name if len(runs) == 1 else f"{len(runs)} runs"
        print(f"Written: {names}{extra} in {options.output}")
    else:
        print("Nothing written; add -o DIR for files.")
    return EXIT_INFEASIBLE if any(one.fit is not None and not one.fit.feasible for one in runs) else 0


def fit(options: Namespace) -> int:
    """Fit a scenario to targets, or sweep over a grid of them."""
    from dualcarbon import files
    from dualcarbon.cli import fit_pages

    library = api.open_library(options.data)
    if options.plot and options.output is None:
        raise fault(_NEEDS_FOLDER, where="--plot")
    asked = {
        "targets": _list_option("--targets", options.targets, "ndc-2035,neutral-2060"),
        "free": _list_option("--free", options.free, "non_fossil_share,capture_rate"),
        "objective": options.objective,
        "extend": options.extend,
        "change": options.change,
        "data": library,
    }
    if options.sweep:
        return _sweep(options, asked)
    found = api.fit(options.scenario, **asked)
    print(fit_pages.report(found, api.lever_table(library)))
    if options.output is not None:
        run = api.fitted_run(found, library)
        files.write_runs([run], Path(options.output), figures=options.plot, force=options.force)
        print(f"\nWritten: {run.name} in {options.output}; run it again with")
        print(f"  dualcarbon run {Path(options.output) / run.name / 'scenario.yaml'}")
    else:
        print("\nNothing written; add -o DIR for the fitted scenario and its run.")
    return 0 if found.feasible else EXIT_INFEASIBLE


def _sweep(options: Namespace, asked: dict[str, Any]) -> int:
    from dualcarbon import files
    from dualcarbon.cli import fit_pages

    grid = fit_pages.read_grid(options.sweep)
    cells = api.sweep(options.scenario, grid, **asked, progress=show_progress)
    print(fit_pages.sweep_table(files.sweep_rows(cells)))
    if options.output is not None:
        name = api.load(options.scenario, change=options.change, data=asked["data"]).name
        files.write_sweep(name, cells, Path(options.output), figure=options.plot, force=options.force)
        print(f"\nWritten: {name}-sweep in {options.output}")
    else:
        print("\nNothing written; add -o DIR for the table as a file, and --plot for a figure.")
    return 0 if any(cell.feasible for cell in cells) else EXIT_INFEASIBLE


def compare(options: Namespace) -> None:
    """Why two pathways differ."""
    from dualcarbon import files
    from dualcarbon.cli import compare_pages

    library = api.open_library(options.data)
    first, second = (api.open_run(name, library) for name in (options.first, options.second))
    years = compare_pages.read_years(options.at, first.results)
    result = api.compare(first, second, years)
    names = first.name, second.name
    by = compare_pages.SPLITS if options.by is None else (options.by,)
    if options.output is not None:
        path = Path(options.output)
        if files.is_figure(path):
            files.plot_comparison(result, names, path, library, by, options.lang, force=options.force)
        else:
            variables = {v.key: v for v in api.variables(library)}
            rows = compare_pages.attribution_rows(result, names, variables, by)
            files.write_table(path, rows, force=options.force)
    print(compare_pages.comparison(first, second, result, by))
    if options.output is not None:
        print(f"\nWritten: {options.output}")


def decompose(options: Namespace) -> None:
    """Why CO2 changes between two years."""
    from dualcarbon import files
    from dualcarbon.cli import compare_pages

    run = api.open_run(options.scenario, api.open_library(options.data))
    found = api.decompose(run, options.first, options.last, options.step)
    print(compare_pages.decomposition(text.heading(run.name, run.scenario.title), found))
    if options.output is not None:
        path = Path(options.output)
        if files.is_figure(path):
            files.plot_decomposition(found, run, path, language=options.lang, force=options.force)
            for note in files.title_notes([run]):
                print(note, file=sys.stderr)
        else:
            files.write_table(path, compare_pages.decomposition_rows(run.name, found), force=options.force)
        print(f"\nWritten: {path}")


def diff(options: Namespace) -> int:
    """What moved between two run folders."""
    from dualcarbon import files
    from dualcarbon.cli import compare_pages

    if not 0.0 <= options.rtol < 1.0:
        raise fault(f"{options.rtol:g} is not a relative tolerance; write one such as 1e-6", where="--rtol")
    library = api.open_library(options.data)
    moves = files.moved_between(Path(options.old), Path(options.new), options.rtol, library)
    print(compare_pages.moves(moves, {v.key: v for v in api.variables(library)}, options.rtol))
    return EXIT_MOVED if moves else 0


def _list_option(option: str, given: str | None, example: str) -> list[Any] | None:
    """A comma-separated option; entries may be YAML mappings."""
    return None if given is None else read_list(given, option, example)


def scenarios(options: Namespace) -> None:
    """List the bundled scenarios."""
    print(text.table(["scenario", "what it is"], [[s.name, s.title] for s in api.scenarios()], left=2))


def new(options: Namespace) -> None:
    """Write a commented scenario file to start from."""
    from dualcarbon import files

    path = Path(options.file)
    if path.suffix not in (".yaml", ".yml"):
        raise fault("a scenario file ends in .yaml", where=options.file)
    name = re.sub(r"[^a-z0-9._-]+", "-", path.stem.lower()).strip("-._") or "my-scenario"
    files.write_template(path, name, force=options.force)
    print(f"Written: {path}. Next: dualcarbon check {path}")


def check(options: Namespace) -> None:
    """Check scenario files without running them."""
    library = api.open_library(options.data)
    faults: list[Fault] = []
    for name in options.scenarios:
        try:
            scenario = api.load(name, data=library)
        except InputError as error:
            faults += error.faults
        else:
            spread = f", uncertainty of {len(scenario.uncertainty)}" if scenario.uncertainty else ""
            print(f"{name}: fine ({len(scenario.levers)} levers set{spread})")
    if faults:
        raise InputError(faults)


def targets(options: Namespace) -> None:
    """Score a scenario, or show the scoreboard of a run folder."""
    from dualcarbon import files

    library = api.open_library(options.data)
    title, rows = files.scoreboard(options.scenario, library)
    hidden = 0
    if not options.all:
        shown = [r for r in rows if r["status"] == "in force" and r["verdict"] != "not applicable"]
        hidden = len(rows) - len(shown)
        rows = shown
    print(text.wrap_heading(title), end="\n\n")
    print(text.scoreboard(rows, files.document_titles(library)))
    if hidden:
        print(f"{hidden} more with --all: past, superseded, or not applicable at this resolution")


_DRAWN_ELSEWHERE = {"hindcast": "belongs to no run folder; `dualcarbon hindcast -o FILE` draws it"}


def plot(options: Namespace) -> None:
    """Draw figures of run folders."""
    from dualcarbon.output import figures, plotting

    kinds = [kind.strip() for kind in options.kind.split(",")]
    faults = [
        Fault(
            f"--kind {kind}",
            0,
            "",
            _DRAWN_ELSEWHERE.get(
                kind, f"no kind of figure{did_you_mean(kind, known)}; allowed: {', '.join(known)}"
            ),
        )
        for known in [figures.KINDS]
        for kind in kinds
        if kind not in known
    ]
    if faults:
        raise InputError(faults)
    done = plotting.plot_folders(
        [Path(folder) for folder in options.folders],
        Path(options.output) if options.output is not None else None,
        api.open_library(options.data),
        kinds=list(dict.fromkeys(kinds)),
        form=options.format,
        language=options.lang,
        accounting=options.accounting,
        force=options.force,
    )
    for note in done.notes:
        print(note, file=sys.stderr)
    for path in done.files:
        print(f"Written: {path}")


def verify(options: Namespace) -> None:
    """Documented figures and accounting, model beside document."""
    from dualcarbon.cli import pages

    print(pages.verification(api.verify(options.data), quoted=options.quoted))


def hindcast(options: Namespace) -> None:
    """Skill from 2010, 2015 and 2020 against naive forecasts."""
    from dualcarbon import files
    from dualcarbon.cli import pages

    library = api.open_library(options.data)
    result = api.hindcast(library)
    if options.output is not None:
        path, language = Path(options.output), options.lang
        files.plot_hindcast(result, path, library, language=language, force=options.force)
    print(pages.hindcast_table(result))
    if options.coverage:
        from dualcarbon.cli import coverage_pages

        print(f"\n{coverage_pages.coverage_table(api.coverage(options.data))}")
    if options.output is not None:
        print(f"Written: {options.output}")


def levers(options: Namespace) -> None:
    """What can be set: names, units, bounds, meaning."""
    rows = api.lever_rows(api.open_library(options.data))
    for name, unit, bounds, at_end, meaning in rows:
        print(f"{name:24} {unit:12} bounds {bounds:16} {at_end}")
        print(text.wrap(meaning, "    "))


def variables(options: Namespace) -> None:
    """What comes out: names, units, meaning."""
    for variable in api.variables(api.open_library(options.data)):
        print(f"{variable.key:36} {variable.unit:18} {variable.label} · {variable.label_zh}")
        custom = " (custom name)" if variable.custom else ""
        print(text.wrap(f"{variable.definition}", "    "))
        print(text.wrap(f"IAMC: {variable.iamc} [{variable.iamc_unit}]{custom}", "    "))


def data(options: Namespace) -> None:
    """List the tables, or show a table or a documented figure with its sources."""
    from dualcarbon.cli import pages

    library = api.open_library(options.data)
    if options.name is None:
        print(pages.table_list(library))
        return
    figures = {row["id"]: row for row in library["figures"].rows}
    if options.name in library:
        print(pages.table_page(library[options.name], rows=options.rows))
    elif options.name in figures:
        print(pages.figure_page(api.figure_check(options.name, library), figures[options.name], library))
    else:
        known = [table.name for table in library] + list(figures)
        hint = did_you_mean(options.name, known) or "; `dualcarbon data` lists the tables"
        raise fault(f"neither a table nor a documented figure{hint}", where=options.name)


def schema(options: Namespace) -> None:
    """Print the JSON Schema of scenario files."""

    json.dump(api.scenario_schema(api.open_library(options.data)), sys.stdout, ensure_ascii=False, indent=2)
    print()


def show_progress(done: int, total: int, what: str) -> None:
    """A progress bar on a terminal; silent elsewhere."""
    if sys.stderr.isatty():
        bar = "█" * (20 * done // total)
        end = "\n" if done == total else ""
        print(f"\r{bar:░<20} {done}/{total} {what:40}", end=end, file=sys.stderr, flush=True)
