"""Find and read scenario files: bundled names, paths, one ``extends``, and changes from ``--set``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from dualcarbon.errors import Fault, InputError, did_you_mean, fault
from dualcarbon.paths import scenario_folder
from dualcarbon.scenario.model import Found
from dualcarbon.scenario.schema import ScenarioFile, read_file, read_setting
from dualcarbon.scenario.types import Scenario, Setting, Spread
from dualcarbon.scenario.yaml_lines import parse, read_text
from dualcarbon.units import in_quotes, in_words


def bundled_scenarios() -> dict[str, Path]:
    """Bundled scenario files by name."""
    return {path.stem: path for path in sorted(scenario_folder().glob("*.yaml"))}


def find_scenario(name: str) -> Path:
    """The file of a scenario given by its path or by the name of a bundled one.

    Raises
    ------
    InputError
        If it is neither.
    """
    path = Path(name)
    bundled = bundled_scenarios()
    if path.suffix.lower() in (".yaml", ".yml") or len(path.parts) > 1 or is_there(path.is_file):
        return path
    if name in bundled:
        return bundled[name]
    if is_there(path.exists):
        return path
    hint = did_you_mean(name, list(bundled)) or f"; bundled: {', '.join(bundled)}"
    raise fault(f"no such scenario, neither a file nor a bundled name{hint}", where=name)


def is_there(look: Callable[[], bool]) -> bool:
    """What ``look`` says; no for a name that cannot be one of a file (too long)."""
    try:
        return look()
    except OSError:
        return False


def read_scenario(path: Path, changes: Sequence[str] = ()) -> Scenario:
    """Read one scenario file and the one it extends.

    Parameters
    ----------
    path : a YAML file
    changes : ``--set`` texts, ``lever=value`` with a value in YAML

    Returns
    -------
    `Scenario`; its ``faults`` say what is wrong as far as reading can tell

    Raises
    ------
    InputError
        If the file cannot be read as a mapping at all.
    """
    return _read(read_text(path, str(path)), path, changes)


def read_scenario_text(text: str, name: str) -> Scenario:
    """Read a scenario that is not in a file; ``name`` stands for the file in messages."""
    return _read(text, Path(name), ())


def _read(text: str, path: Path, changes: Sequence[str]) -> Scenario:
    scenario = _read_one(text, path)
    name = scenario.raw.get("extends")
    if isinstance(name, str):
        parent, faults = _parent(scenario, path, name)
        scenario = replace(scenario, extends=parent, faults=(*scenario.faults, *faults))
        if parent is not None:
            scenario = _inherit_uncertainty(_inherit_years(scenario, parent), parent)
    return _apply_changes(scenario, changes) if changes else scenario


def _read_one(text: str, path: Path) -> Scenario:
    """One file by itself, whatever it extends."""
    where = str(path)
    content, lines, faults = parse(text, where)
    if content is None:
        raise fault("the file is empty; `dualcarbon new` writes a starting file", where=where)
    if not isinstance(content, dict):
        what = f"expected a mapping of keys such as name and levers; found {in_words(content)}"
        raise fault(what, where=where, line=1)
    values, found = read_file(content)
    levers: dict[str, Setting] = {}
    for name, value in values["levers"].items():
        setting, wrong = read_setting(str(name), value)
        found += wrong
        if setting is not None and not wrong:
            levers[str(name)] = setting
    scenario = Scenario(
        name=values["name"],
        title=values["title"] or values["name"],
        description=values["description"],
        extends=None,
        base_year=values["base_year"],
        end_year=values["end_year"],
        resolution=values["resolution"],
        levers=levers,
        fit=values["fit"],
        uncertainty=values["uncertainty"],
        raw=content,
        where=where,
        lines=lines,
        bundled=path.resolve().parent == scenario_folder() and path.stem == values["name"],
    )
    return replace(scenario, faults=(*faults, *(scenario.fault(place, what) for place, what in found)))


def _parent(scenario: Scenario, path: Path, name: str) -> tuple[Scenario | None, list[Fault]]:
    """The extended scenario, and what is wrong with it or with the ``extends`` key."""

    def wrong(what: str) -> tuple[None, list[Fault]]:
        return None, [scenario.fault(("extends",), what)]

    beside = path.parent / (name if name.endswith((".yaml", ".yml")) else f"{name}.yaml")
    target = beside if is_there(beside.is_file) else bundled_scenarios().get(name)
    if target is None:
        known = list(bundled_scenarios())
        hint = did_you_mean(name, known) or f"; bundled: {', '.join(known)}"
        return wrong(f"there is no scenario {in_quotes(name)} beside this file or bundled{hint}")
    if target.resolve() == path.resolve():
        return wrong("a scenario cannot extend itself")
    try:
        parent = _read_one(read_text(target, str(target)), target)
    except InputError as error:
        return None, list(error.faults)
    grandparent = parent.raw.get("extends")
    if isinstance(grandparent, str):
        return wrong(
            f"{name} itself extends {grandparent}, and only one level is allowed; "
            f"extend {grandparent} and set the levers here"
        )
    return parent, list(parent.faults)


def _inherit_years(scenario: Scenario, parent: Scenario) -> Scenario:
    """The years of the extended scenario, where this one does not set its own."""
    inherited: dict[str, Any] = {}
    lines = dict(scenario.lines)
    for key in ("base_year", "end_year"):
        if key not in scenario.raw and (key,) in parent.lines:
            inherited[key] = getattr(parent, key)
            lines[key,] = parent.lines[key,]
    return replace(scenario, lines=lines, **inherited)


def _inherit_uncertainty(scenario: Scenario, parent: Scenario) -> Scenario:
    """The extended scenario's uncertainty of levers that this one does not name.

    What this one says of a pair of levers, or of a lever without uncertainty, ends an inherited correlation.
    """
    own = scenario.uncertainty
    inherited: dict[str, Spread] = {}
    lines = dict(scenario.lines)
    for name, spread in parent.uncertainty.items():
        if name in own:
            continue
        kept = {
            other: number
            for other, number in spread.correlate.items()
            if other not in own or (own[other].shape != "fixed" and name not in own[other].correlate)
        }
        inherited[name] = replace(spread, correlate=kept)
        lines |= {key: line for key, line in parent.lines.items() if key[:2] == ("uncertainty", name)}
    return replace(scenario, lines=lines, uncertainty={**inherited, **own})


def read_list(text: str, where: str, example: str) -> list[Any]:
    """A comma-separated list as typed after an option; entries may be YAML mappings."""
    content, _, faults = parse(f"[{text}]", where)
    if faults:
        raise InputError(Fault(where, 0, f.key, f.what) for f in faults)
    entries = content if isinstance(content, list) else []
    if not entries or any(entry is None for entry in entries):
        raise fault(f"expected names between commas, such as {example}", where=where)
    return entries


def _parse_set(text: str) -> tuple[str, Any, list[Fault]]:
    """Key and value of one ``--set key=value``; the value is YAML."""
    where = f"--set {text}"
    key, equals, value = text.partition("=")
    key = key.strip().removeprefix("levers.")
    if not equals or not key:
        raise fault("write LEVER=VALUE, such as non_fossil_share='{ambition: 0.5}'", where=where)
    content, _, faults = parse(value, where)
    if content is None:
        raise fault("the value is empty; write LEVER=VALUE, such as capture_rate='2 %'", where=where)
    return key, content, [Fault(where, 0, f"levers.{key}.{f.key}", f.what) for f in faults]


def _apply_changes(scenario: Scenario, changes: Sequence[str]) -> Scenario:
    """The scenario with ``--set`` changes on top; its name says what was changed."""
    levers, lines = dict(scenario.levers), dict(scenario.lines)
    written: dict[str, Any] = {}
    years: dict[str, Any] = {}
    faults = list(scenario.faults)
    changed: list[str] = []
    for text in changes:
        where = f"--set {text}"
        try:
            key, value, wrong = _parse_set(text)
        except InputError as error:
            faults += [Fault(where, 0, "", one.what) for one in error.faults]
            continue
        faults += wrong
        found: list[Found] = []
        if key in changed:
            found = [((key,), "set twice on the command line")]
        elif key in ("base_year", "end_year"):
            top, found = read_file({"name": scenario.name, key: value})
            years[key] = top[key]
            lines[key,] = (where, 0)
        elif key in ScenarioFile.model_fields:
            found = [((key,), "only levers, base_year and end_year can be set")]
        else:
            setting, found = read_setting(key, value)
            lines = {place: line for place, line in lines.items() if place[:2] != ("levers", key)}
            lines["levers", key] = (where, 0)
            levers.pop(key, None)
            written[key] = value
            if setting is not None:
                levers[key] = setting
        changed.append(key)
        faults += [Fault(where, 0, ".".join(map(str, path)), what) for path, what in found]
    return replace(
        scenario,
        name=f"{scenario.name}+{'+'.join(changed)}",
        title=f"{scenario.title}, with {', '.join(changes)}",
        levers=levers,
        lines=lines,
        faults=tuple(faults),
        raw={**scenario.raw, "set": list(changes)},
        changes=written,
        bundled=False,
        **years,
    )
