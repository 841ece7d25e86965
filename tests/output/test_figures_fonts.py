"""The search for a font with Chinese characters, with and without one on this machine."""

from __future__ import annotations

import io
from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib import font_manager

import dualcarbon as dc
from drawings import rendered
from dualcarbon import api
from dualcarbon.errors import OutputError
from dualcarbon.output.figures import draw_kind, fonts, save, title_note, title_of
from dualcarbon.output.figures.labels import LANGUAGES, all_texts, say
from dualcarbon.results import Results
from dualcarbon.tables.variables import read_variables

CHINESE = "双碳情景"
LATIN_FILE = font_manager.findfont("DejaVu Sans")


def only(*names: str, path: str = LATIN_FILE) -> dict[str, str]:
    """Families that are installed: DejaVu Sans, and others that are told to be in a file."""
    return {"DejaVu Sans": LATIN_FILE, **dict.fromkeys(names, path)}


@pytest.fixture
def no_font(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "installed", lambda look_again=False: only())


def entitled(title: str) -> Results:
    """A run with a title of its own."""
    results = dc.run("plan-pace").results
    scenario = {**results.meta["scenario"], "title": title}
    return Results(results.years, results.base_year, results.arrays, {**results.meta, "scenario": scenario})


@pytest.mark.usefixtures("no_font")
def test_without_a_font_chinese_labels_are_refused_with_a_hint() -> None:
    with pytest.raises(
        OutputError, match=r"nothing was written\. Install .* fonts-noto-cjk or fonts-wqy-microhei"
    ):
        fonts.family_list("zh")
    with pytest.raises(OutputError, match="fonts-noto-cjk"):
        draw_kind("energy", dc.run("plan-pace").results, [], "zh")


@pytest.mark.usefixtures("no_font")
def test_without_a_font_a_chinese_title_gives_way_to_the_name() -> None:
    results = entitled(CHINESE)
    assert title_of(results) == "plan-pace"
    assert title_note(results).startswith(
        "plan-pace: its title has characters that no installed font can draw"
    )
    rendered(draw_kind("energy", results, []))


@pytest.mark.usefixtures("no_font")
def test_english_needs_no_font() -> None:
    assert fonts.family_list("en", "Net CO₂ → −3 °C, Åkesson") == ["DejaVu Sans"]
    assert title_note(dc.run("plan-pace").results) == ""


def test_the_font_found_has_every_chinese_label_or_there_is_none() -> None:
    """On a machine without such a font the hint is what a user gets; with one, no label lacks a glyph."""
    found = fonts.chinese_family()
    if found is None:
        with pytest.raises(OutputError, match="fonts-noto-cjk"):
            fonts.family_list("zh")
        return
    library = api.open_library()
    texts = [variable.label_zh for variable in read_variables(library).values()]
    texts += [lever.label_zh for lever in api.lever_table(library).values()]
    assert all(map(fonts.drawable, [*texts, all_texts("zh"), CHINESE]))
    assert fonts.family_list("en", CHINESE) == fonts.family_list("zh") == ["DejaVu Sans", found]
    figure = draw_kind("energy", entitled(CHINESE), [], "zh")  # missing glyphs would warn, an error here
    save_in_memory(figure)


def save_in_memory(figure: mpl.figure.Figure) -> None:
    rendered(figure)
    figure.savefig(io.BytesIO(), format="pdf")


def test_known_families_go_before_others_and_boxes_never(monkeypatch: pytest.MonkeyPatch) -> None:
    has = {"/cjk": frozenset(map(ord, all_texts("zh"))), "/latin": frozenset(map(ord, all_texts("en")))}
    monkeypatch.setattr(fonts, "_characters", lambda path: has.get(path, frozenset()))
    monkeypatch.setattr(fonts, "_latin_file", lambda: "/latin")

    def taken(**files: str) -> str | None:
        named = {name.replace("_", " "): path for name, path in files.items()}
        monkeypatch.setattr(fonts, "installed", lambda look_again=False: named)
        return fonts.chinese_family()

    assert taken(A_strange_font="/cjk", SimHei="/cjk", Noto_Sans_CJK_SC="/cjk") == "Noto Sans CJK SC"
    assert taken(A_strange_font="/cjk", SimHei="/latin") == "A strange font"
    assert taken(SimHei="/latin") is None
    assert taken() is None


def test_fonts_of_boxes_are_not_installed_fonts() -> None:
    assert not [name for name in fonts.installed() if name.startswith("Last Resort")]


def test_a_font_that_came_after_matplotlib_looked_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new, broken = tmp_path / "new.ttf", tmp_path / "broken.ttf"
    new.write_bytes(Path(LATIN_FILE).read_bytes())
    broken.write_bytes(b"no font")
    listed = list(font_manager.fontManager.ttflist)
    monkeypatch.setattr(font_manager.fontManager, "ttflist", listed)
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: [str(new), str(broken)])
    fonts.installed()
    assert str(new) not in {entry.fname for entry in font_manager.fontManager.ttflist}
    fonts.installed(look_again=True)
    assert str(new) in {entry.fname for entry in font_manager.fontManager.ttflist}


def test_every_text_is_in_both_languages() -> None:
    from dualcarbon.output.figures.labels import _TEXTS

    for key, texts in _TEXTS.items():
        assert len(texts) == len(LANGUAGES)
        assert all(texts), key
        english, chinese = (set(_fields(text)) for text in texts)
        assert english == chinese, key
    assert say("peak", "zh", year=2030) == "2030年达峰"


def _fields(text: str) -> list[str]:
    from string import Formatter

    return [name for _, name, _, _ in Formatter().parse(text) if name]


def test_saving_in_chinese_needs_the_font_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    figure = draw_kind("energy", dc.run("plan-pace").results, [])
    monkeypatch.setattr(fonts, "installed", lambda look_again=False: only())
    with pytest.raises(OutputError):
        save(figure, tmp_path / "a.png", "zh")
    assert not list(tmp_path.iterdir())
