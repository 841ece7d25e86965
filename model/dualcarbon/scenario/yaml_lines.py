"""YAML with the line of every key, and without the parts of YAML that surprise or harm.

Refused: duplicate keys, aliases, several documents, files that are too large or nested too deeply.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from dualcarbon.errors import Fault, InputError, fault

MAX_BYTES = 1_000_000
MAX_DEPTH = 20

Lines = dict[tuple[str, ...], tuple[str, int]]

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_text(path: Path, where: str) -> str:
    """Text of a file; one clear fault for a missing file, a folder, a huge file or another encoding."""
    try:
        if path.is_dir():
            raise fault("this is a folder; a scenario is a YAML file", where=where)
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise fault(
                f"{size / 1e6:.1f} MB is too large for a scenario; at most {MAX_BYTES / 1e6:.0f} MB",
                where=where,
            )
        data = path.read_bytes()
    except FileNotFoundError:
        raise fault("there is no such file", where=where) from None
    except OSError as error:
        raise fault(f"cannot be read ({error.strerror})", where=where) from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise fault("not UTF-8 text; save the file as UTF-8", where=where, line=line) from None


def parse(text: str, where: str) -> tuple[Any, Lines, list[Fault]]:
    """Content of a YAML text, the line of each key path, and the duplicate keys found.

    Raises
    ------
    InputError
        If the text is not YAML, is empty, holds aliases or is nested too deeply.
    """
    try:
        _refuse_harm(text, where)
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = error.problem or error.context or "cannot be read"
        raise fault(f"not YAML: {problem}", where=where, line=mark.line + 1 if mark else 0) from None
    except yaml.YAMLError as error:
        raise fault(f"not YAML: {str(error).splitlines()[0]}", where=where) from None
    if root is None:
        raise fault("the file is empty; `dualcarbon new` writes a starting file", where=where)
    lines: Lines = {}
    faults: list[Fault] = []
    scalars = _Loader("")
    try:
        content = _content(root, (), lines, faults, where, scalars)
    finally:
        scalars.dispose()
    return content, lines, faults


def _refuse_harm(text: str, where: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent):
            raise fault("YAML aliases (*name) are not allowed; write the value out", where=where, line=line)
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            depth += 1
            if depth > MAX_DEPTH:
                raise fault(f"nested more than {MAX_DEPTH} levels deep", where=where, line=line)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            depth -= 1


def _content(
    node: yaml.Node,
    path: tuple[str, ...],
    lines: Lines,
    faults: list[Fault],
    where: str,
    scalars: Any,
) -> Any:
    """Plain Python content of a node; fills ``lines`` and ``faults``."""
    if isinstance(node, yaml.MappingNode):
        result: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise InputError([Fault(where, line, ".".join(path), "a key must be a word or a year")])
            key = _scalar(key_node, where, scalars)
            here = (*path, str(key_node.value))
            if key in result:
                first = lines[here][1]
                faults.append(Fault(where, line, ".".join(here), f"set twice (first in line {first})"))
                continue
            lines[here] = (where, line)
            result[key] = _content(value_node, here, lines, faults, where, scalars)
        return result
    if isinstance(node, yaml.SequenceNode):
        return [
            _content(item, (*path, str(k)), lines, faults, where, scalars)
            for k, item in enumerate(node.value)
        ]
    return _scalar(node, where, scalars)


def _scalar(node: yaml.Node, where: str, scalars: Any) -> Any:
    try:
        return scalars.construct_object(node)
    except (yaml.YAMLError, ValueError):
        raise fault(f"cannot read {node.value!r}", where=where, line=node.start_mark.line + 1) from None
