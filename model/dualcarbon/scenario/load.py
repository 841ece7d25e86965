"""Find and read scenario files: bundled names, paths, one ``extends``, and changes from ``--set``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from dualcarbon.axes import END_YEAR
from dualcarbon.errors import Fault, InputError, did_you_mean, fault
from dualcarbon.paths import scenario_folder
from dualcarbon.scenario.schema import ScenarioFile, read_file, read_setting
from dualcarbon.scenario.types import Scenario, Setting
from dualcarbon.scenario.yaml_lines import parse, read_text


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
    if path.suffix.lower() in (".yaml", ".yml") or path.exists() or len(path.parts) > 1:
        return path
    if name in bundled:
        return bundled[name]
    hint = did_you_mean(name, list(bundled)) or f"; bundled: {', '.join(bundled)}"
    raise fault(f"no such scenario, neither a file nor a bundled name{hint}", where=name)


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
    scenario = _read_one(path, str(path), seen=())
    return _apply_changes(scenario, changes) if changes else scenario


def _read_one(path: Path, where: str, seen: tuple[Path, ...]) -> Scenario:
    content, lines, faults = parse(read_text(path, where), where)
    if not isinstance(content, dict):
        raise fault("a scenario is a mapping of keys such as name and levers", where=where, line=1)
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
        raw=content,
        where=where,
        lines=lines,
    )
    faults += [scenario.fault(place, what) for place, what in found]
    parent = None
    if values["extends"] is not None:
        parent, more = _parent(scenario, path, values["extends"], seen)
        faults += more
    return replace(scenario, extends=parent, faults=tuple(faults))


def _parent(
    scenario: Scenario, path: Path, name: str, seen: tuple[Path, ...]
) -> tuple[Scenario | None, list[Fault]]:
    """The extended scenario; faults stand at the ``extends`` key."""
    here = path.resolve()
    beside = path.parent / (name if name.endswith((".yaml", ".yml")) else f"{name}.yaml")
    target = beside if beside.is_file() else bundled_scenarios().get(name)
    if target is None:
        known = list(bundled_scenarios())
        hint = did_you_mean(name, known) or f"; bundled: {', '.join(known)}"
        return None, [scenario.fault(("extends",), f"there is no scenario {name!r}{hint}")]
    if target.resolve() == here:
        return None, [scenario.fault(("extends",), "a scenario cannot extend itself")]
    if seen:
        return None, [
            scenario.fault(
                ("extends",),
                f"{scenario.name} extends {name}, but an extended scenario may not extend another",
            )
        ]
    try:
        parent = _read_one(target, str(target), (*seen, here))
    except InputError as error:
        return None, list(error.faults)
    return parent, list(parent.faults)


def _parse_set(text: str) -> tuple[str, Any, list[Fault]]:
    """Key and value of one ``--set key=value``; the value is YAML."""
    where = f"--set {text}"
    key, equals, value = text.partition("=")
    key = key.strip().removeprefix("levers.")
    if not equals or not key:
        raise fault("write key=value, such as non_fossil_share='{ambition: 0.5}'", where=where)
    if not value.strip():
        raise fault("the value is empty; write key=value, such as capture_rate='2 %'", where=where, key=key)
    try:
        content, _, faults = parse(value, where)
    except InputError as error:
        raise InputError(Fault(f.where, 0, key, f.what) for f in error.faults) from None
    return key, content, [Fault(where, 0, key, f.what) for f in faults]


def _apply_changes(scenario: Scenario, changes: Sequence[str]) -> Scenario:
    """The scenario with ``--set`` changes on top; its name says what was changed."""
    levers = dict(scenario.levers)
    lines = dict(scenario.lines)
    faults = list(scenario.faults)
    base_year, end_year = scenario.base_year, scenario.end_year
    for text in changes:
        where = f"--set {text}"
        key, value, wrong = _parse_set(text)
        faults += wrong
        if key in ("base_year", "end_year"):
            top, found = read_file({"name": scenario.name, key: value})
            base_year = top["base_year"] if key == "base_year" else base_year
            end_year = top["end_year"] if key == "end_year" else end_year
        elif key in ScenarioFile.model_fields:
            found = [((key,), "only levers, base_year and end_year can be set")]
        else:
            setting, found = read_setting(key, value)
            lines = {k: v for k, v in lines.items() if k[:2] != ("levers", key)}
            lines["levers", key] = (where, 0)
            if setting is not None:
                levers[key] = setting
        faults += [Fault(where, 0, ".".join(map(str, path)), what) for path, what in found]
    changed = "+".join(text.partition("=")[0].strip().removeprefix("levers.") for text in changes)
    return replace(
        scenario,
        name=f"{scenario.name}+{changed}",
        title=f"{scenario.title}, with {', '.join(changes)}",
        levers=levers,
        lines=lines,
        faults=tuple(faults),
        base_year=base_year,
        end_year=end_year or END_YEAR,
        raw={**scenario.raw, "set": list(changes)},
    )
