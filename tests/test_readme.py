"""What the README shows is what the program does."""

import os
import re
import shlex
from pathlib import Path

import pytest
import yaml

from dualcarbon.cli import main
from dualcarbon.paths import scenario_folder

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", README.read_text(encoding="utf-8"), flags=re.S | re.M)


def blocks(kind: str) -> list[str]:
    return [text for name, text in BLOCKS if name == kind]


TYPED = [
    line.split("#")[0].split("&&")[0].strip()
    for text in blocks("")
    for line in text.splitlines()
    if line.startswith("dualcarbon ")
]


@pytest.fixture
def workplace(tmp_path, monkeypatch, capsys):
    """A folder with a scenario and a run folder, as the README assumes."""
    monkeypatch.chdir(tmp_path)
    main(["new", "my.yaml"])
    main(["run", "rapid-decline", "-o", "out"])
    capsys.readouterr()
    return tmp_path


@pytest.mark.parametrize("line", TYPED)
def test_every_command_runs(line, workplace, capsys):
    if line.startswith("dualcarbon check"):
        main(["new", "my-scenario.yaml"])
    assert main(shlex.split(line)[1:]) == 0
    out, err = capsys.readouterr()
    assert out
    assert not err


def test_there_are_commands_to_test():
    assert len(TYPED) >= 10


@pytest.mark.parametrize("text", blocks("console"), ids=lambda text: text.splitlines()[0])
def test_every_output_is_what_is_printed(text, capsys):
    first, _, shown = text.partition("\n")
    code = main(shlex.split(first.removeprefix("$ "))[1:])
    assert code == (3 if "stands in the way" in shown else 0)
    printed = capsys.readouterr().out
    for part in shown.split("…\n"):
        assert part.strip("\n") in printed


def test_the_scenario_is_the_bundled_one():
    (text,) = blocks("yaml")
    shown = yaml.safe_load(text)
    bundled = yaml.safe_load((scenario_folder() / "rapid-decline.yaml").read_text(encoding="utf-8"))
    del bundled["description"]
    assert shown == bundled


def test_the_python_examples_run():
    names: dict[str, object] = {}
    for text in blocks("python"):
        exec(compile(text, "README.md", "exec"), names)


def test_pictures_and_pages_exist():
    text = README.read_text(encoding="utf-8")
    pictures = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text)
    assert len(pictures) >= 2
    for path in (*pictures, "data/README.md", "CHANGELOG.md", "CITATION.cff"):
        assert (ROOT / path).is_file(), path


def test_make_lists_its_targets():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    documented = set(re.findall(r"^([a-z-]+):.*## ", makefile, flags=re.M))
    assert {"run", "test", "lint", "bench", "clean"} <= documented
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
