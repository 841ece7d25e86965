"""YAML with the line of every key, and without the parts of YAML that surprise or harm.

Refused: duplicate keys, aliases, tags, several documents, files that are too large or nested too deeply.
Text: dates, numbers that are not written as plain decimals (octal, base 60, underscores), and every key that
is not a whole number, so that what a message shows is what the file says.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from dualcarbon.errors import Fault, InputError, fault

MAX_BYTES = 1_000_000
MAX_DEPTH = 20

Lines = dict[tuple[str, ...], tuple[str, int]]

_INTEGER = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,14})")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?\.inf|\.nan", re.IGNORECASE)

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_text(path: Path, where: str) -> str:
    """Text of a file; one clear fault for a missing file, a folder, a huge file or another encoding."""
    try:
        if path.is_dir():
            raise fault("this is a folder; a scenario is a YAML file", where=where)
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise fault("there is no such file", where=where) from None
    except OSError as error:
        raise fault(f"cannot be read ({error.strerror})", where=where) from None
    if len(data) > MAX_BYTES:
        raise fault(f"too large for a scenario; at most {MAX_BYTES / 1e6:.0f} MB", where=where)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise fault("not UTF-8 text; save the file as UTF-8", where=where, line=line) from None


def parse(text: str, where: str) -> tuple[Any, Lines, list[Fault]]:
    """Content of a YAML text (None when there is none), the line of each key path, and the duplicate keys.

    Raises
    ------
    InputError
        If the text is not YAML, holds several documents, aliases or tags, or is nested too deeply.
    """
    try:
        _refuse_harm(text, where)
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        raise _not_yaml(error, text, where) from None
    except yaml.reader.ReaderError as error:
        line = text.encode()[: error.position].count(b"\n") + 1
        raise fault(f"not YAML: {error.reason}", where=where, line=line) from None
    lines: Lines = {}
    faults: list[Fault] = []
    content = None if root is None else _content(root, (), lines, faults, where)
    return content, lines, faults


def _line(mark: Any) -> int:
    return int(mark.line) + 1 if mark else 0


def _not_yaml(error: yaml.MarkedYAMLError, text: str, where: str) -> InputError:
    """What the parser says; what is missing at the end of the text is reported where it began."""
    mark, began = error.problem_mark, error.context_mark
    what = f"{error.problem}"
    if began and "\n" in text.strip():
        what += f" ({error.context} from line {_line(began)})"
    if mark and text[mark.index : mark.index + 1] == "\t":
        what = "a tab cannot indent; use spaces"
    at_end = mark and not text[mark.index :].strip()
    return fault(f"not YAML: {what}", where=where, line=_line(began if at_end and began else mark))


def _refuse_harm(text: str, where: str) -> None:
    depth = documents = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = _line(event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            raise fault("YAML aliases (*name) are not allowed; write the value out", where=where, line=line)
        if getattr(event, "tag", None) is not None:
            raise fault("YAML tags (!name) are not allowed; write the plain value", where=where, line=line)
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                what = "a second YAML document begins here (---); a file holds one scenario"
                raise fault(what, where=where, line=line)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            depth += 1
            if depth > MAX_DEPTH:
                raise fault(f"nested more than {MAX_DEPTH} levels deep", where=where, line=line)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            depth -= 1


def _content(node: yaml.Node, path: tuple[str, ...], lines: Lines, faults: list[Fault], where: str) -> Any:
    """Plain Python content of a node; fills ``lines`` and ``faults``."""
    if isinstance(node, yaml.MappingNode):
        result: dict[str | int, Any] = {}
        for key_node, value_node in node.value:
            line = _line(key_node.start_mark)
            if not isinstance(key_node, yaml.ScalarNode):
                faults.append(Fault(where, line, ".".join(path), "a key must be a word or a year"))
                continue
            here = (*path, str(key_node.value))
            if here in lines:
                what = f"set twice (first in line {lines[here][1]})"
                faults.append(Fault(where, line, ".".join(here), what))
                continue
            lines[here] = (where, line)
            key = _scalar(key_node)
            key = key if type(key) is int else str(key_node.value)
            result[key] = _content(value_node, here, lines, faults, where)
        return result
    if isinstance(node, yaml.SequenceNode):
        return [_content(item, (*path, str(k)), lines, faults, where) for k, item in enumerate(node.value)]
    return _scalar(node)


def _scalar(node: yaml.Node) -> str | int | float | bool | None:
    """Value of a scalar: text unless it is a plain decimal number, true, false or nothing."""
    text = str(node.value)
    kind = node.tag.rpartition(":")[2]
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() in ("yes", "true", "on")
    if kind == "int" and _INTEGER.fullmatch(text):
        return int(text)
    if kind == "float" and _DECIMAL.fullmatch(text):
        return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
    return text
