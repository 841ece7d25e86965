"""Why two pathways differ: the difference in CO2 split over the levers, exactly.

Each lever's part is its Shapley value [1]_: what taking the lever from the second pathway instead of the
first changes, averaged over every order in which the levers may be taken. The parts add up to the difference,
a lever without influence gets nothing, and no order is preferred. All 2^n combinations of n levers are
projected in one batch.

.. [1] Shapley, L. S. (1953): A value for n-person games. Contributions to the Theory of Games II, 307-317.
   For decompositions of emissions: Albrecht, J., François, D., Schoors, K. (2002), Energy Policy 30, 727-736.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dualcarbon.analysis.splits import Split
from dualcarbon.axes import Floats, Years, at
from dualcarbon.build import Built, vary
from dualcarbon.errors import Fault, InputError, fault
from dualcarbon.project import pathway
from dualcarbon.results import Results
from dualcarbon.scenario import Scale, Scenario, Shift
from dualcarbon.tables.levers import SHARES

VARIABLES = ("eip_co2", "net_co2", "net_ghg")
"""What is split."""

MIX = "mix"
"""The four shares, which only make sense together."""

OTHERS = "others"
"""The levers that matter least, where there are too many to split one by one."""

MOST_GROUPS = 12
"""Parts that a difference is split into at most: 2^12 = 4096 pathways."""

_ROUNDING = 2e-15
"""A lever whose values differ by less, relative to the largest, does not differ: closed shares leave that."""

Coalitions = NDArray[np.bool_]
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Group:
    """Levers that change together: one, the mix, or the others."""

    name: str
    levers: tuple[str, ...]


@dataclass(frozen=True)
class Attribution:
    """Why the second of two pathways differs from the first.

    Parameters
    ----------
    base_year : last year of history; cumulative sums start in the year after it
    years : (year) those that were asked for
    groups : levers that differ, in the order of the lever table
    annual : split of each of `VARIABLES` in each year
    cumulative : split of each of `VARIABLES`, summed from the year after the base year to each year, both in
    note : which levers had to be taken together, in a sentence; empty if none
    """

    base_year: int
    years: Years
    groups: tuple[Group, ...]
    annual: Mapping[str, Split]
    cumulative: Mapping[str, Split]
    note: str


def attribute(
    a: Built,
    b: Built,
    years: Sequence[int],
    *,
    names: tuple[str, str] = ("a", "b"),
    most: int = MOST_GROUPS,
) -> Attribution:
    """Split the difference in CO2 and greenhouse gases between two pathways over the levers that differ.

    Parameters
    ----------
    a, b : the first and the second pathway, from the same data, over the same years
    years : projected years to split
    names : what messages call the two
    most : groups of levers at most; 2^most pathways are projected

    Raises
    ------
    InputError
        If the two cannot be compared, or a year is not a projected one.
    """
    where = " and ".join(names)
    _check_alike(a, b, where)
    _check_years(a, years, where)
    groups, note = _groups(a, b, most)
    values = _project(a, b, groups, _every(len(groups)))
    before, after = _levels(a), _levels(b)
    parts = shapley_values(values)
    place = np.array([year - a.inputs.base_year - 1 for year in years], dtype=np.int64)

    def split(before: Floats, after: Floats, parts: Floats) -> dict[str, Split]:
        return {
            variable: Split(
                years=np.array(years, dtype=np.int64),
                groups=tuple(group.name for group in groups),
                before=before[k, place],
                after=after[k, place],
                parts=parts[:, k, place],
            )
            for k, variable in enumerate(VARIABLES)
        }

    return Attribution(
        base_year=a.inputs.base_year,
        years=np.array(years, dtype=np.int64),
        groups=groups,
        annual=split(before, after, parts),
        cumulative=split(*(np.add.accumulate(array, axis=-1) for array in (before, after, parts))),
        note=note,
    )


def shapley_values(values: Floats) -> Floats:
    """Shapley value of each player of a game.

    A player's value is the mean, over the sizes of coalitions without it, of the mean of what it adds to
    those of that size. Sums run over the coalitions in their order; weights are divisions by whole numbers.

    Parameters
    ----------
    values : (coalition, …) worth of every coalition; player i is in coalition k where bit i of k is set

    Returns
    -------
    (player, …)
    """
    count = values.shape[0].bit_length() - 1
    shares = np.zeros((count, *values.shape[1:]))
    for player in range(count):
        mine = 1 << player
        by_size = np.zeros((count, *values.shape[1:]))
        for k in range(values.shape[0]):
            if not k & mine:
                by_size[k.bit_count()] += values[k | mine] - values[k]
        for size in range(count):
            shares[player] += by_size[size] / (count * math.comb(count - 1, size))
    return shares


def _check_alike(a: Built, b: Built, where: str) -> None:
    """Refuse pathways that differ in more than their levers."""
    one, other = a.inputs, b.inputs
    faults = []
    if one.base_year != other.base_year:
        what = f"{one.base_year} and {other.base_year} differ; use one base year for both"
        faults.append(Fault(where, 0, "base_year", what))
    if not np.array_equal(one.years, other.years):
        what = f"{one.years[-1]} and {other.years[-1]} differ; use one end year for both"
        faults.append(Fault(where, 0, "end_year", what))
    if faults:
        raise InputError(faults)
    past = one.years <= one.base_year
    unlike = []
    for (name, mine), theirs in zip(one.arrays().items(), other.arrays().values(), strict=True):
        known = (..., past) if name in a.levers else ...
        if not np.array_equal(mine[known], theirs[known], equal_nan=True):
            unlike.append(name)
    if unlike:
        what = f"rest on different data ({', '.join(unlike)}); only levers can be compared"
        raise fault(what, where=where)


def _check_years(a: Built, years: Sequence[int], where: str) -> None:
    first, last = a.inputs.base_year + 1, int(a.inputs.years[-1])
    outside = [str(year) for year in years if not first <= year <= last]
    if outside:
        raise fault(f"{', '.join(outside)} is outside the projected years {first}-{last}", where=where)
    if not years:
        raise fault(f"no years; choose some of {first}-{last}", where=where)


def _groups(a: Built, b: Built, most: int) -> tuple[tuple[Group, ...], str]:
    """The levers that differ, in groups, and which of them had to be taken together."""
    groups = differing_groups(a, b)
    if len(groups) <= most:
        return tuple(groups), ""
    effects = _effects_alone(a, b, groups)
    ranked = sorted(range(len(groups)), key=lambda k: (-effects[k], k))
    kept, rest = sorted(ranked[: most - 1]), sorted(ranked[most - 1 :])
    others = Group(OTHERS, tuple(lever for k in rest for lever in groups[k].levers))
    note = (
        f"{len(groups)} levers differ; those that move net greenhouse gases least by themselves are taken "
        f"together as {OTHERS}: {', '.join(groups[k].name for k in rest)}"
    )
    return (*(groups[k] for k in kept), others), note


def differing_groups(a: Built, b: Built) -> list[Group]:
    """The levers that differ between two pathways in some projected year, the four shares together."""
    return [group for group in _all_groups(a) if any(_differs(a, b, lever) for lever in group.levers)]


def _all_groups(built: Built) -> Iterator[Group]:
    """Every lever by itself, but the four shares together."""
    for name in built.levers:
        if name not in SHARES:
            yield Group(name, (name,))
        elif name == SHARES[0]:
            yield Group(MIX, SHARES)


def _differs(a: Built, b: Built, lever: str) -> bool:
    one, other = (_future(built, lever) for built in (a, b))
    largest = max(float(np.abs(path).max(initial=0.0)) for path in (one, other))
    return bool(np.any(np.abs(other - one) > _ROUNDING * largest))


def _effects_alone(a: Built, b: Built, groups: Sequence[Group]) -> Floats:
    """Change in net greenhouse gases (group), added up over the years without sign, from one group alone."""
    alone = np.concatenate([np.zeros((1, len(groups)), dtype=np.bool_), np.eye(len(groups), dtype=np.bool_)])
    ghg = _project(a, b, groups, alone)[:, VARIABLES.index("net_ghg")]
    effects: Floats = np.add.accumulate(np.abs(ghg[1:] - ghg[0]), axis=-1)[:, -1]
    return effects


def _every(count: int) -> Coalitions:
    """All coalitions (coalition, player): player i is in coalition k where bit i of k is set."""
    members: Coalitions = (np.arange(1 << count)[:, None] >> np.arange(count)) & 1 == 1
    return members


def _project(a: Built, b: Built, groups: Sequence[Group], coalitions: Coalitions) -> Floats:
    """`VARIABLES` (coalition, variable, projected year): a coalition's levers are b's, the others a's."""
    paths = {
        lever: np.where(coalitions[:, k, None], _future(b, lever), _future(a, lever))
        for k, group in enumerate(groups)
        for lever in group.levers
    }
    results = pathway(vary(a, paths), VARIABLES)
    levels = np.stack([np.atleast_2d(results[name]) for name in VARIABLES], axis=1)
    return np.ascontiguousarray(levels[..., _projected(results)])


def _levels(built: Built) -> Floats:
    """`VARIABLES` (variable, projected year) of a pathway as it stands."""
    results = pathway(built.inputs, VARIABLES)
    return np.stack([results[name] for name in VARIABLES])[:, _projected(results)]


def _projected(results: Results) -> slice:
    return slice(at(results.years, results.base_year) + 1, None)


def _future(built: Built, lever: str) -> Floats:
    """Path (projected year) of a lever."""
    return built.levers[lever][built.inputs.years > built.inputs.base_year]


def changed_inputs(a: Scenario, b: Scenario) -> list[tuple[str, str, str]]:
    """What two scenarios set differently: key, value in the first, value in the second, as written.

    What a scenario takes over from the one it extends counts as its own; a lever that scales or shifts what
    it takes over has both, the latter below ``extends``. An empty value means that the key is not set.
    """
    one, other = _settings(a), _settings(b)
    keys = list(dict.fromkeys([*one, *other]))
    sections = list(dict.fromkeys(key[:2] for key in keys))

    def rank(key: Key) -> tuple[int, int]:
        """Keys of one lever stand together, years in their order after what is no year."""
        return sections.index(key[:2]), key[-1] if isinstance(key[-1], int) else 0

    return [
        (".".join(map(str, key)), one.get(key, ""), other.get(key, ""))
        for key in sorted(keys, key=rank)
        if one.get(key, "") != other.get(key, "")
    ]


def _settings(scenario: Scenario) -> dict[Key, str]:
    """Everything that a scenario sets, as text by key path."""
    own, parent = scenario.written, scenario.extends
    found: dict[Key, str] = {
        ("extends",): parent.name if parent else "",
        ("resolution",): scenario.resolution,
        ("base_year",): _text(scenario.base_year),
        ("end_year",): _text(scenario.end_year),
    }
    for lever, content in (parent.written if parent else {}).items():
        if lever not in own:
            found |= _leaves(("levers", lever), content)
        elif isinstance(scenario.levers.get(lever), (Scale, Shift)):
            found |= _leaves(("extends", "levers", lever), content)
    return found | _leaves(("levers",), own) | _leaves(("fit",), scenario.raw.get("fit"))


def _leaves(key: Key, content: Any) -> dict[Key, str]:
    """What stands at the ends of nested mappings, as text by key path; nothing for what is not set."""
    if isinstance(content, Mapping):
        found: dict[Key, str] = {}
        for name, inner in content.items():
            found |= _leaves((*key, name), inner)
        return found
    return {} if content is None else {key: _text(content)}


def _text(value: Any) -> str:
    """A value on one line, about as it is written in YAML."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_text(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    return "" if value is None else str(value)
