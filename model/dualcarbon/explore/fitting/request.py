"""What a fit is asked for, checked: targets, free levers, objective, grid; every fault at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from dualcarbon.build import build_faults
from dualcarbon.errors import Fault, InputError, did_you_mean
from dualcarbon.explore.fitting.fitted import Options
from dualcarbon.explore.fitting.grid import KEYS
from dualcarbon.explore.fitting.space import FOSSIL
from dualcarbon.explore.fitting.wanted import Wanted, choose_targets
from dualcarbon.explore.official import official_targets, target_groups
from dualcarbon.scenario import OBJECTIVES, FitBlock, Scenario
from dualcarbon.tables import Library
from dualcarbon.tables.levers import last_complete_year, read_levers
from dualcarbon.tables.variables import read_variables
from dualcarbon.units import in_quotes, in_words


def read_request(
    scenario: Scenario,
    library: Library,
    targets: Sequence[object] | None = None,
    free: Sequence[str] | None = None,
    objective: str | None = None,
    extend: float | None = None,
    *,
    none_needed: bool = False,
) -> tuple[Wanted, Options]:
    """The targets and what may move; every fault at once.

    Parameters
    ----------
    none_needed : whether there may be no target, because the cells of a sweep have their own
    """
    block = scenario.fit or FitBlock(targets=("all-official",))
    say_of_targets = fault_sayer("targets", targets, scenario)
    wanted, faults = choose_targets(
        block.targets if targets is None else targets,
        official_targets(library),
        target_groups(library),
        read_variables(library),
        _base_year(scenario, library),
        scenario.end_year,
        say_of_targets,
    )
    if not (wanted.targets or faults or none_needed):
        what = "nothing to fit to: every target is past, qualitative, beyond the end or not computable here"
        faults.append(
            say_of_targets((), what if wanted.left_out else "no targets; write a group such as all-official")
        )
    asked = block.free if free is None else free
    names, wrong = _free_levers(asked, library, fault_sayer("free", free, scenario))
    faults += wrong
    seek = block.objective if objective is None else objective
    if seek not in OBJECTIVES:
        hint = did_you_mean(str(seek), OBJECTIVES) or f"; allowed: {', '.join(OBJECTIVES)}"
        say = fault_sayer("objective", objective, scenario)
        faults.append(say((), f"there is no objective {in_quotes(str(seek))}{hint}"))
    beyond = block.extend if extend is None else extend
    if not 0.0 <= beyond <= 1.0:
        faults.append(fault_sayer("extend", extend, scenario)((), f"{beyond:g} is outside 0 to 1"))
    if faults or scenario.faults:
        raise InputError([*faults, *scenario.faults, *build_faults(scenario, library)])
    return wanted, Options(names, seek, beyond, 0.0, block.plateau)


def _free_levers(
    names: Sequence[object] | None, library: Library, say: Callable[[Sequence[object], str], Fault]
) -> tuple[tuple[str, ...], list[Fault]]:
    """Levers that may move, and what is wrong with those asked for."""
    levers = read_levers(library)
    able = [n for n, one in levers.items() if one.mitigating != "none" and n not in FOSSIL]
    if names is None:
        return tuple(able), []
    if not names:
        return (), [say((), "no lever may move; leave it out to free all that can")]
    faults: list[Fault] = []
    good: dict[str, None] = {}
    for k, name in enumerate(names):
        if not isinstance(name, str):
            faults.append(say((k,), f"expected the name of a lever; found {in_words(name)}"))
        elif name in FOSSIL:
            faults.append(say((k,), f"the mix moves as one: free non_fossil_share instead of {name}"))
        elif name in levers and name not in able:
            faults.append(say((k,), f"{name} has no ambitious pathway and cannot be freed"))
        elif name not in levers:
            hint = did_you_mean(name, able) or f"; levers: {', '.join(able)}"
            faults.append(say((k,), f"there is no such lever {in_quotes(name)}{hint}"))
        else:
            good[name] = None
    return tuple(good), faults


def fault_sayer(option: str, given: object, scenario: Scenario) -> Callable[[Sequence[object], str], Fault]:
    """Makes faults in an option if it was given, else in the scenario's own ``fit`` block."""
    if given is not None or scenario.fit is None:
        return lambda path, what: Fault(f"--{option}", 0, ".".join(map(str, path[1:])), what)
    return lambda path, what: scenario.fault(("fit", option, *path), what)


def check_grid(grid: Mapping[str, Sequence[int]], scenario: Scenario, library: Library) -> None:
    """Refuse what cannot be swept: unknown keys, no values, years outside the projection."""
    base_year, end_year = _base_year(scenario, library), scenario.end_year
    faults = [] if grid else [Fault("--sweep", 0, "", f"nothing to sweep over; allowed: {', '.join(KEYS)}")]
    for key, values in grid.items():
        where = f"--sweep {key}"
        if key not in KEYS:
            hint = did_you_mean(key, KEYS) or f"; allowed: {', '.join(KEYS)}"
            faults.append(Fault(where, 0, "", f"there is no {in_quotes(key)} to sweep over{hint}"))
            continue
        outside = [str(year) for year in values if not base_year < year <= end_year]
        if outside:
            what = f"{', '.join(outside[:3])} {'…' if len(outside) > 3 else ''}".strip()
            faults.append(Fault(where, 0, "", f"{what} is outside {base_year + 1}-{end_year}"))
        elif not values:
            faults.append(Fault(where, 0, "", "no years"))
    if faults:
        raise InputError(faults)


def _base_year(scenario: Scenario, library: Library) -> int:
    return scenario.base_year if scenario.base_year is not None else last_complete_year(library)
