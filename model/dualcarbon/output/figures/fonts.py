"""Fonts: the one that draws Chinese where one is installed, and a hint where none is."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from matplotlib import font_manager

from dualcarbon.errors import OutputError
from dualcarbon.output.figures.labels import all_texts

LATIN = "DejaVu Sans"
"""Comes with matplotlib, so that a figure in English looks alike everywhere."""

FAMILIES = (
    *("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "Source Han Sans"),
    *("PingFang SC", "Heiti SC", "Hiragino Sans GB", "STHeiti", "Microsoft YaHei", "DengXian", "SimHei"),
    *("WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Noto Sans CJK JP", "Noto Sans CJK TC"),
    *("Noto Serif CJK SC", "Noto Serif CJK JP", "Source Han Serif SC", "Songti SC", "STSong", "SimSun"),
    *("Droid Sans Fallback", "Arial Unicode MS"),
)
"""Families with Chinese characters, the most readable first. Of a collection file matplotlib may know the
first member only, which for Noto CJK is the Japanese one: it has all Chinese characters too."""

HINT = (
    "Chinese labels need a font that has Chinese characters, and none is installed; nothing was written. "
    "Install one and try again: the package fonts-noto-cjk or fonts-wqy-microhei of Debian and Ubuntu, "
    "google-noto-sans-cjk-fonts of Fedora, or any file of Noto Sans CJK or Source Han Sans"
)

_NO_GLYPHS = "Last Resort"
"""Beginning of the name of fonts that have a box for every character."""


def family_list(language: str, *texts: str) -> list[str]:
    """Families that together draw the labels of a language and some texts; the first that can is taken.

    Raises
    ------
    OutputError
        If the language is Chinese and no font for it is installed.
    """
    if language != "zh" and all(_latin(text) for text in texts):
        return [LATIN]
    found = chinese_family()
    if found is None and language == "zh":
        raise OutputError(HINT)
    return [LATIN] if found is None else [LATIN, found]


def drawable(text: str) -> bool:
    """Whether a text can be drawn without boxes by the fonts at hand."""
    if _latin(text):
        return True
    found = chinese_family()
    return found is not None and _unknown(text, installed()[found]) <= _known_to_latin(text)


def chinese_family() -> str | None:
    """The first family that has every Chinese label: a known name, else any font; None without one."""
    for again in (False, True):
        fonts = installed(again)
        known = [name for name in FAMILIES if name in fonts]
        others = [name for name in sorted(fonts) if name not in FAMILIES] if again else []
        for name in (*known, *others):
            if _unknown(all_texts("zh"), fonts[name]) <= _known_to_latin(all_texts("zh")):
                return name
    return None


def installed(look_again: bool = False) -> dict[str, str]:
    """File of every installed family.

    Parameters
    ----------
    look_again : search the folders of fonts: matplotlib remembers what it once found, and not what came since
    """
    manager = font_manager.fontManager
    if look_again:
        listed = {Path(entry.fname) for entry in manager.ttflist}
        for path in font_manager.findSystemFonts():
            if Path(path) not in listed:
                _add(path)
    entries = sorted(manager.ttflist, key=lambda entry: (entry.style != "normal", entry.fname))
    names = {entry.name: str(entry.fname) for entry in reversed(entries)}
    return {name: path for name, path in names.items() if not name.startswith(_NO_GLYPHS)}


def _add(path: str) -> None:
    """Make a font file known to matplotlib, unless it cannot be read."""
    try:
        font_manager.fontManager.addfont(path)
    except (OSError, RuntimeError, ValueError):
        return


def _latin(text: str) -> bool:
    return not _unknown(text, _latin_file())


def _known_to_latin(text: str) -> set[str]:
    return set(text) - _unknown(text, _latin_file())


def _unknown(text: str, path: str) -> set[str]:
    """Characters of a text that a font file lacks."""
    has = _characters(path)
    return {one for one in text if ord(one) not in has and not one.isspace()}


@cache
def _characters(path: str) -> frozenset[int]:
    """Code points that a font file has; none if it cannot be read."""
    try:
        return frozenset(font_manager.get_font(path).get_charmap())
    except (OSError, RuntimeError):
        return frozenset()


@cache
def _latin_file() -> str:
    return str(font_manager.findfont(LATIN))
