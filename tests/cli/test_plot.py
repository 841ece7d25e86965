"""`plot`, and the figures of `hindcast` and `decompose`, as typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from dualcarbon import api, files
from dualcarbon.output import figures
from dualcarbon.output.figures import fonts

FIRST_BYTES = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Two run folders and their comparison, made once."""
    parent = tmp_path_factory.mktemp("made")
    files.write_runs([api.run("current-policies"), api.run("rapid-decline")], parent)
    return parent


@pytest.fixture
def here(written, tmp_path, monkeypatch):
    """A folder with `out`, as a user has it after a run."""
    import shutil

    shutil.copytree(written, tmp_path / "out")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def quick(monkeypatch):
    """Figures are drawn, but written as their kind of file in no time."""
    drawn = []

    def save(figure, path, language="en"):
        drawn.append((figure.get_suptitle(), language))
        path.write_bytes(FIRST_BYTES[path.suffix[1:]])

    monkeypatch.setattr(figures, "save", save)
    return drawn


@pytest.fixture
def no_font(monkeypatch):
    monkeypatch.setattr(fonts, "installed", lambda look_again=False: {fonts.LATIN: fonts._latin_file()})


@pytest.fixture
def any_font(monkeypatch):
    monkeypatch.setattr(fonts, "chinese_family", lambda: fonts.LATIN)


def content():
    return {str(path): path.read_bytes() for path in Path().rglob("*") if path.is_file()}


def new_files(before):
    return sorted(content().keys() - before.keys())


def test_without_a_kind_it_is_the_overview_beside_the_tables(here, typed):
    result = typed("plot", "out/rapid-decline")
    assert (result.code, result.out, result.err) == (0, "Written: out/rapid-decline/pathway.png\n", "")
    assert Path("out/rapid-decline/pathway.png").read_bytes().startswith(FIRST_BYTES["png"])


@pytest.mark.usefixtures("any_font")
def test_one_file_for_each_kind_and_folder(here, typed, quick):
    before = content()
    folders = sorted(map(str, Path("out").glob("*")))
    result = typed(
        "plot",
        *folders,
        "--kind",
        "emissions, energy,shares,decomposition",
        "--lang",
        "zh",
        "--format",
        "svg",
    )
    assert result.code == 0
    assert result.err == "out/comparison: no folder of one run, left out\n"
    kinds = ("decomposition", "emissions", "energy", "shares")
    expected = [f"out/{run}/{kind}.svg" for run in ("current-policies", "rapid-decline") for kind in kinds]
    assert new_files(before) == expected
    assert len(quick) == 8
    assert {language for _, language in quick} == {"zh"}


def test_into_a_folder_with_the_names_of_the_runs(here, typed, quick):
    before = content()
    result = typed(
        "plot", "out/current-policies", "out/rapid-decline", "--kind", "overview,comparison", "-o", "figs"
    )
    assert result.code == 0
    names = ["comparison", "current-policies-overview", "rapid-decline-overview"]
    assert new_files(before) == [f"figs/{name}.png" for name in names]
    assert quick[-1][0] == "Scenarios among published ranges"


@pytest.mark.parametrize("form", figures.FORMATS)
def test_into_a_file_of_any_format(form, here, typed):
    assert typed("plot", "out/rapid-decline", "--kind", "energy", "-o", f"mix.{form}").code == 0
    assert Path(f"mix.{form}").read_bytes().startswith(FIRST_BYTES[form])


def test_figures_do_not_keep_a_run_from_being_replaced(here, typed, quick):
    assert (
        typed("plot", "out/rapid-decline", "--kind", "emissions,energy,shares,intensity,decomposition").code
        == 0
    )
    assert typed("run", "rapid-decline", "-o", "out", "--force").code == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ("out/rapid-decline", "--kind", "emission"),
            "--kind emission: no kind of figure; did you mean emissions?; allowed: overview, emissions, "
            "energy, shares, intensity, decomposition, comparison\n",
        ),
        (
            ("out/rapid-decline", "--kind", "hindcast"),
            "--kind hindcast: belongs to no run folder; `dualcarbon hindcast -o FILE` draws it\n",
        ),
        (
            ("out/rapid-decline", "--kind", "comparison"),
            "--kind comparison: the figure of several runs needs a place: add -o DIR\n",
        ),
        (
            ("out/rapid-decline", "--kind", "energy,shares", "-o", "a.png"),
            "-o a.png: one file cannot hold 2 figures; give a folder\n",
        ),
        (
            ("out/rapid-decline", "out/current-policies", "-o", "a.png"),
            "-o a.png: one file cannot hold 2 figures; give a folder\n",
        ),
        (("out/comparison",), "out/comparison: no run folder; `dualcarbon run … -o` writes one\n"),
        (("nowhere",), "nowhere: not a run folder (no run.json); `dualcarbon run … -o` writes one\n"),
        (
            ("out/rapid-decline", "out/rapid-decline", "-o", "figs"),
            "figs/rapid-decline-overview.png: two figures would be this file\n",
        ),
    ],
)
def test_what_plot_refuses(words, message, here, typed):
    before = content()
    result = typed("plot", *words)
    assert (result.code, result.out) == (2, "")
    assert result.err == message
    assert content() == before


def test_files_in_the_way_are_kept_without_force(here, typed, quick):
    Path("out/rapid-decline/energy.png").write_text("mine", encoding="utf-8")
    before = content()
    words = ("plot", "out/rapid-decline", "--kind", "emissions,energy")
    result = typed(*words)
    assert result.code == 2
    assert result.err == "out/rapid-decline/energy.png: exists already; --force replaces it\n"
    assert content() == before
    assert typed(*words, "--force").code == 0
    assert Path("out/rapid-decline/energy.png").read_bytes() == FIRST_BYTES["png"]


def test_all_figures_or_none(here, typed, monkeypatch):
    before = content()
    count = []

    def save(figure, path, language="en"):
        count.append(path)
        if len(count) == 3:
            raise OSError(28, "No space left on device")
        path.write_bytes(b"a figure")

    monkeypatch.setattr(figures, "save", save)
    result = typed(
        "plot", "out/rapid-decline", "--kind", "emissions,energy,shares,intensity", "-o", "figs/deep"
    )
    assert (result.code, result.out) == (2, "")
    assert "cannot be written (No space left on device)" in result.err
    assert {k: v for k, v in content().items() if not k.startswith("figs")} == before
    assert not list(Path().rglob("*.png"))


@pytest.mark.usefixtures("no_font")
@pytest.mark.parametrize(
    "words",
    [
        ("plot", "out/rapid-decline", "--kind", "energy", "-o", "figs"),
        ("hindcast", "-o", "hindcast.png"),
        ("decompose", "rapid-decline", "-o", "why.png"),
        ("compare", "plan-pace", "rapid-decline", "--at", "2060", "-o", "why.png"),
    ],
)
def test_no_chinese_font_is_a_hint_and_nothing_is_written(words, here, typed):
    before = content()
    result = typed(*words, "--lang", "zh")
    assert (result.code, result.err) == (2, f"{fonts.HINT}\n")
    assert content() == before


@pytest.mark.usefixtures("no_font")
def test_a_title_that_cannot_be_drawn_gives_way_to_the_name(here, typed, quick):
    text = "name: mine\ntitle: 双碳情景\nextends: current-policies\n"
    Path("mine.yaml").write_text(text, encoding="utf-8")
    note = "mine: its title has characters that no installed font can draw; figures show the name"
    made = typed("run", "mine.yaml", "-o", "out", "--plot")
    assert made.code == 0
    assert made.err.startswith(note)
    drawn = typed("plot", "out/mine", "--kind", "energy,shares")
    assert (drawn.code, drawn.err.count("\n")) == (0, 1)
    assert drawn.err.startswith(note)
    assert {title for title, _ in quick} == {"mine"}


@pytest.mark.usefixtures("any_font")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_hindcast_and_decompose_take_a_language(language, here, typed, quick):
    assert typed("hindcast", "-o", "a.svg", "--lang", language).code == 0
    assert typed("decompose", "rapid-decline", "-o", "b.pdf", "--lang", language).code == 0
    assert [spoken for _, spoken in quick] == [language, language]
    assert ("Hindcasts" in quick[0][0]) == (language == "en")


def test_the_energy_mix_in_either_accounting(here, typed, monkeypatch):
    panels = []
    monkeypatch.setattr(
        figures, "save", lambda figure, path, language: (panels.append(figure.axes[0]), path.touch())
    )
    for accounting in ("coal-equivalent", "direct"):
        words = ("--kind", "energy", "--accounting", accounting, "-o", f"{accounting}.png")
        assert typed("plot", "out/rapid-decline", *words).code == 0
    assert [axes.get_title(loc="left") for axes in panels] == [
        "Energy by source, Gtce a year (coal-equivalent)",
        "Energy by source, Gtce a year (direct equivalent)",
    ]
