"""Run an ensemble: pilot, parts wherever they run, merged summary, kept draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import asdict, replace
from itertools import combinations
from pathlib import Path
from typing import Any

from dualcarbon.build import Built, build
from dualcarbon.explore.ensembles import store
from dualcarbon.explore.ensembles.blocks import WITHOUT_NOISE, Pilot, Task, kept_shapes, run_pilot
from dualcarbon.explore.ensembles.engine import engine, run_parts
from dualcarbon.explore.ensembles.history import Past, read_past
from dualcarbon.explore.ensembles.noise import MIX
from dualcarbon.explore.ensembles.outcomes import HEADLINE, ask
from dualcarbon.explore.ensembles.prior import Prior, read_prior
from dualcarbon.explore.ensembles.result import HINDCASTS, Distribution, Ensemble, distribution
from dualcarbon.explore.ensembles.sampling import Sampler
from dualcarbon.explore.ensembles.settings import Settings
from dualcarbon.explore.ensembles.summaries import HEAVIEST, Tally
from dualcarbon.explore.ensembles.weighting import WANTED
from dualcarbon.explore.official import official_targets, target_groups
from dualcarbon.project import pathway
from dualcarbon.scenario import Scenario
from dualcarbon.tables import Library
from dualcarbon.tables.levers import SHARES, read_levers
from dualcarbon.tables.variables import read_variables

Progress = Callable[[int, int, str], None]

_NOISY = {
    "gdp_growth": ("gdp",),
    "energy_intensity_change": ("energy_intensity",),
    **dict.fromkeys(SHARES, MIX),
    "process_co2": ("process_co2",),
}
"""Series of noise that a scenario's own year-to-year uncertainty of a lever takes the place of.

The shares move together: noise of the others would move one that the scenario lets wander.
"""


def make_task(scenario: Scenario, library: Library, settings: Settings) -> Task:
    """Everything that the draws of a scenario need.

    Raises
    ------
    InputError
        With every fault of the scenario, its uncertainty and the window of history.
    """
    built = build(scenario, library)
    prior = read_prior(scenario, built, library)
    full = pathway(built.inputs)
    ahead = int((full.years > full.base_year).sum())
    dimensions = tuple(read_levers(library))
    return Task(
        built=built,
        prior=prior,
        sampler=Sampler(settings.method, settings.seed, settings.n, dimensions, ahead),
        past=_past(library, built, prior, settings),
        asked=ask(full, official_targets(library), target_groups(library)),
        keep=settings.keep,
    )


def _past(library: Library, built: Built, prior: Prior, settings: Settings) -> Past | None:
    if not settings.history:
        return None
    past = read_past(library, built, settings.window, where="window")
    own = [series for lever in _wandering(prior) for series in _NOISY.get(lever, ())]
    return replace(past, noise=past.noise.without(*own))


def _wandering(prior: Prior) -> list[str]:
    """Levers whose year-to-year uncertainty the scenario states."""
    return [m.lever for m in prior.marginals if m.autoregression is not None]


def run_ensemble(
    scenario: Scenario,
    library: Library,
    settings: Settings,
    *,
    folder: Path | None = None,
    progress: Progress | None = None,
    about: Mapping[str, Any] | None = None,
) -> Ensemble:
    """Draw, project and summarise a scenario.

    Parameters
    ----------
    settings : how
    folder : where kept draws go; memory without it
    progress : called with draws done, draws in all and the scenario's name
    about : recorded with the settings

    Raises
    ------
    InputError
        If something in the scenario or the settings is wrong.
    OutputError
        If a worker was lost or a disk is full; then nothing looks whole.
    """
    task = make_task(scenario, library, settings)
    plain = Tally(task.asked.quantities, task.classes)
    weighted = Tally(task.asked.quantities, task.classes) if task.past else None
    with (
        closing(_open_store(task, settings, folder, scenario)) as kept,
        engine(settings, task) as (submit, at_once),
    ):
        pilot: Pilot = run_pilot(task) if submit is None else submit(run_pilot).result()
        if progress is not None:
            progress(0, settings.n, scenario.name)
        for part in run_parts(task, pilot, settings.parts(), submit, at_once):
            plain.merge(part.plain)
            if weighted is not None and part.weighted is not None:
                weighted.merge(part.weighted)
            kept.put(part.first, part.kept)
            if progress is not None:
                progress(plain.draws, settings.n, scenario.name)
            del part  # or its kept draws would stay in memory beside those of the next
        draws = kept.finish()
    more = {} if task.past is None else {WITHOUT_NOISE: 1}
    prior = distribution(plain, pilot.plain, task.asked, weighted=False, more=more)
    now = prior
    if weighted is not None and pilot.weighted is not None:
        now = distribution(weighted, pilot.weighted, task.asked, weighted=True, more=more)
    variables, full = read_variables(library), pathway(task.built.inputs, HEADLINE)
    before = full.years < full.base_year
    asked = task.asked
    return Ensemble(
        name=scenario.name,
        title=scenario.title,
        years=asked.ahead,
        past_years=full.years[before],
        past={key: full[key][before] for key in HEADLINE},
        now=now,
        prior=prior if task.past else None,
        beliefs=pilot.beliefs,
        targets=asked.targets,
        groups={name: tuple(asked.targets[k].id for k in places) for name, places in asked.groups.items()},
        settings={**_record(task, settings, pilot, now, weighted), **(about or {}), "data": library.hashes},
        warnings=_warnings(task, settings, pilot, now, weighted),
        variables={key: variables[key] for key in HEADLINE},
        kept=draws,
    )


def _open_store(task: Task, settings: Settings, folder: Path | None, scenario: Scenario) -> store.Store:
    shapes = {name: (settings.n, *shape) for name, shape in kept_shapes(task).items()}
    if not shapes:
        return store.Nothing()
    store.check_room(shapes, folder)
    if folder is None:
        return store.Memory(shapes)
    about = {
        "scenario": scenario.name,
        "draws": settings.n,
        "seed": settings.seed,
        "method": settings.method,
        "years": [int(task.asked.ahead[0]), int(task.asked.ahead[-1])],
        "units": "inside units: shares as fractions, Mt, Mtce, t per 10^4 yuan",
    }
    if settings.scheduler is not None:
        return store.Zarr(folder, shapes, task.asked.ahead, about)
    return store.Files(folder, shapes, about)


CUT_OFTEN = 0.01
"""Part of the draws above which cuts to a lever's bounds are worth a warning."""


def _warnings(
    task: Task, settings: Settings, pilot: Pilot, now: Distribution, weighted: Tally | None
) -> tuple[str, ...]:
    found = []
    if pilot.widening >= 1.005:
        found.append(
            f"history leaves {pilot.effective:,.0f} effective draws of {settings.n:,}; its errors were taken "
            f"{pilot.widening:.2f} times as large, which leaves {now.effective:,.0f} (take more draws, or a "
            "scenario nearer to the trends of the window)"
        )
    elif task.past is not None and now.effective < WANTED:
        found.append(f"only {now.effective:,.0f} effective draws; take more than {settings.n:,}")
    if now.beyond > 0.01:
        found.append(
            f"draws with {now.beyond:.1%} of the weight lie outside the bins of some quantity: its outer "
            "quantiles are coarse"
        )
    if weighted is not None and weighted.cut:
        found.append(
            f"weights were cut to {HEAVIEST} times that of the heaviest of the first draws: {weighted.cut:,} "
            f"of {settings.n:,} draws count for less than history says (take another seed or more draws)"
        )
    often = {lever: part for lever, part in pilot.clipped.items() if part > CUT_OFTEN}
    if often:
        levers = ", ".join(f"{lever} {part:.1%}" for lever, part in often.items())
        found.append(
            f"draws reach a bound of a lever and are cut to it in some year: {levers} of the draws before "
            "history (a truncated distribution piles up no probability there)"
        )
    return (*found, *_warnings_of_shares(task))


def _warnings_of_shares(task: Task) -> list[str]:
    """What the closing of the energy mix does to a scenario's uncertainty of shares."""
    prior, found = task.prior, []
    place = {lever: row for row, lever in enumerate(prior.levers) if lever in SHARES}
    for one, other in combinations(place, 2):
        if prior.correlation[place[one], place[other]] != 0.0:
            found.append(
                f"the correlation of {one} and {other} holds before the mix is closed to 100 %; that of the "
                "shares which come out is another"
            )
    wandering = [lever for lever in _wandering(prior) if lever in SHARES]
    if task.past is not None and wandering:
        found.append(
            f"{', '.join(wandering)}: the scenario's own wandering from year to year (ar1) takes the place "
            "of history's noise in all four shares"
        )
    return found


def _record(
    task: Task,
    settings: Settings,
    pilot: Pilot,
    now: Distribution,
    weighted: Tally | None,
) -> dict[str, Any]:
    """What is needed to repeat the ensemble, and how sure its numbers are; ready for JSON."""
    past = task.past
    return {
        "n": settings.n,
        "seed": settings.seed,
        "method": settings.method,
        "keep": list(settings.keep),
        "history": past is not None,
        "window": None if past is None else list(past.window),
        "widening": round(pilot.widening, 6),
        "effective_draws": round(now.effective, 1),
        "effective_draws_without_widening": round(pilot.effective, 1) if past else None,
        "trends": [asdict(belief) for belief in pilot.beliefs],
        "quantile_error": float(f"{now.quantile_error:.3g}"),
        "outside_bins": float(f"{now.beyond:.3g}"),
        "unseen_at_most": float(f"{now.unseen:.3g}"),
        "weights_cut": None if weighted is None else weighted.cut,
        "cut_at_bounds": {lever: float(f"{part:.3g}") for lever, part in pilot.clipped.items()},
        "hindcasts": HINDCASTS,
        "uncertain": {m.lever: m.rests_on for m in task.prior.marginals},
    }
