"""Texts in lines: Latin ones break at spaces, Chinese ones between characters."""

from __future__ import annotations

import re
import unicodedata

_NEVER_FIRST = "，。；：、！？）》」』】”’"
"""Chinese punctuation that no line begins with."""

_WIDE = r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60]"
_PIECE = re.compile(rf"\s*(?:{_WIDE}[{_NEVER_FIRST}]*|(?:(?!{_WIDE})\S)+)")
"""What stays together: a word, or a Chinese character with the punctuation after it."""


def in_lines(text: str, width: float, wide: float = 2.0) -> list[str]:
    """A text in lines no wider than ``width``; a word that is wider than a line is cut.

    Parameters
    ----------
    width : of a line, in Latin characters
    wide : width of a Chinese character, in Latin characters; 2 in terminals
    """
    lines = [""]
    for piece in _PIECE.findall(" ".join(text.split())):
        if _width(lines[-1] + piece, wide) > width:
            lines.append("")
        rest = piece if lines[-1] else piece.lstrip()
        while _width(rest, wide) > width:
            fits = max(1, sum(_width(rest[:k], wide) <= width for k in range(1, len(rest) + 1)))
            lines[-1:] = [rest[:fits], ""]
            rest = rest[fits:]
        lines[-1] += rest
    return [line for line in lines if line]


def _width(text: str, wide: float) -> float:
    return sum(wide if unicodedata.east_asian_width(one) in "WF" else 1.0 for one in text)
