"""The package as it is shipped and imported."""

import json
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import jsonschema
import pytest
import yaml

import dualcarbon
from dualcarbon import api, files
from dualcarbon.paths import scenario_folder

ROOT = Path(__file__).parents[1]


def test_public_names_exist_and_no_module_bears_one():
    for name in dualcarbon.__all__:
        assert getattr(dualcarbon, name) is not None
    assert set(dualcarbon.__all__) <= set(dir(dualcarbon))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        dualcarbon.nothing  # noqa: B018
    functions = {n for n in dualcarbon.__all__ if n.islower() and not n.startswith("_")}
    modules = {path.stem for path in (ROOT / "model" / "dualcarbon").rglob("*.py")}
    assert not functions & modules


@pytest.mark.parametrize("package", [api, files], ids=["api", "files"])
def test_every_name_of_a_package_is_found_and_no_module_of_it_bears_one(package):
    for name in package.__all__:
        assert getattr(package, name) is not None
    assert sorted(package.__all__) == dir(package)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        package.nothing  # noqa: B018
    modules = {path.stem for path in Path(package.__file__).parent.glob("*.py")}
    assert not set(package.__all__) & modules


def test_one_version():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert citation["version"] == dualcarbon.__version__
    assert project["dynamic"] == ["version"]


def test_editors_get_the_schema_of_the_code():
    stored = json.loads((scenario_folder() / "scenario.schema.json").read_text(encoding="utf-8"))
    assert stored == api.scenario_schema(api.open_library()), "run `make schema`"


@pytest.mark.parametrize("path", sorted(scenario_folder().glob("*.yaml")), ids=lambda path: path.stem)
def test_bundled_scenarios_fit_the_schema(path):
    schema = api.scenario_schema(api.open_library())
    jsonschema.Draft202012Validator.check_schema(schema)
    scenario = json.loads(json.dumps(yaml.safe_load(path.read_text(encoding="utf-8"))))
    jsonschema.validate(scenario, schema)


def test_the_schema_refuses_an_unknown_lever():
    schema = api.scenario_schema(api.open_library())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"name": "x", "levers": {"nuclear": {"ambition": 1}}}, schema)


def test_no_gpl_among_the_dependencies():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {re.split(r"[<>=\[; ]", text)[0].lower() for text in project["dependencies"]}
    assert names == {"numpy", "scipy", "pandas", "pydantic", "pyyaml", "matplotlib"}


def test_the_wheel_carries_data_and_scenarios(tmp_path):
    """Built without isolation, so that no network is needed; read as it would be installed."""
    pytest.importorskip("hatchling")
    build = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", build, str(tmp_path)], cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        archive.extractall(site)
    assert not [n for n in names if "decisions" in n or n.startswith("tests")]
    assert {f"dualcarbon/output/report/{n}" for n in ("template.html.jinja", "style.css", "draw.js")} <= {
        *names
    }
    check = (
        "import dualcarbon, dualcarbon.paths as p;"
        f"assert dualcarbon.__file__.startswith({str(site)!r});"
        f"assert str(p.data_folder()).startswith({str(site)!r});"
        "print(len(dualcarbon.run('rapid-decline').years))"
    )
    environment = {"PYTHONPATH": str(site), "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", check],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "61", done.stderr
