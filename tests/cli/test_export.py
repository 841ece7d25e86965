"""`export` as typed."""

import csv
import subprocess
import sys

import pandas as pd
import pytest

from dualcarbon import api, files


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    """Two run folders and their comparison, as `run -o` leaves them."""
    parent = tmp_path_factory.mktemp("out")
    files.write_runs([api.run("current-policies"), api.run("rapid-decline")], parent)
    return parent


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv", "a.nc", "a.parquet"])
def test_all_folders_go_into_one_file(name, out, typed, tmp_path):
    result = typed("export", *sorted(out.iterdir()), "-o", tmp_path / name)
    assert (result.code, result.err) == (0, "")
    both = f" and {tmp_path / 'a-meta.csv'}" if name == "a.csv" else ""
    first, second = result.out.splitlines()
    assert first == f"Written: 2 scenarios in {tmp_path / name}{both}"
    assert second == f"Passed over, no pathway of their own: {out / 'comparison'}"
    assert (tmp_path / name).stat().st_size > 10_000


def test_a_scenario_is_run_and_the_format_is_honoured(typed, tmp_path):
    result = typed(
        "export", "rapid-decline", "--format", "iamc", "-o", tmp_path / "a.csv", "--layout", "long"
    )
    assert result.code == 0
    frame = pd.read_csv(tmp_path / "a.csv")
    assert list(frame.columns[-2:]) == ["year", "value"]
    assert set(frame["scenario"]) == {"rapid-decline"}
    assert frame["value"].notna().all()


def test_the_ar6_vocabulary_says_what_it_leaves_out(typed, tmp_path):
    result = typed("export", "rapid-decline", "-o", tmp_path / "a.csv", "--vocabulary", "ar6")
    assert "variables without a counterpart in this vocabulary:" in result.out
    assert "Emissions|CO2|AFOLU [NGHGI]" in " ".join(result.out.split())
    rows = list(csv.DictReader((tmp_path / "a.csv").read_text(encoding="utf-8").splitlines()))
    assert "Carbon Sequestration|Direct Air Capture" in {row["variable"] for row in rows}


def test_files_are_replaced_only_with_force(out, typed, tmp_path):
    folder = out / "rapid-decline"
    (tmp_path / "a-meta.csv").write_text("mine")
    refused = typed("export", folder, "-o", tmp_path / "a.csv")
    assert refused.code == 2
    assert refused.err == f"{tmp_path / 'a-meta.csv'}: exists already; --force replaces it\n"
    assert [path.name for path in tmp_path.iterdir()] == ["a-meta.csv"]
    assert typed("export", folder, "-o", tmp_path / "a.csv", "--force").code == 0
    assert (tmp_path / "a-meta.csv").read_text(encoding="utf-8").startswith("model,scenario,")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("-o", "a.txt"), "a.txt: an export ends in .xlsx or .csv (IAMC), .nc (NetCDF) or .parquet\n"),
        (("-o", "a"), "a: an export ends in .xlsx or .csv (IAMC), .nc (NetCDF) or .parquet\n"),
        (
            ("-o", "a.csv", "--format", "netcfd"),
            "--format: there is no format 'netcfd'; did you mean netcdf?\n",
        ),
        (
            ("-o", "a.csv", "--format", "zzz"),
            "--format: there is no format 'zzz'; allowed: iamc, csv, netcdf, parquet\n",
        ),
        (("-o", "a.csv", "--format", "netcdf"), "a.csv: a file of format netcdf ends in .nc\n"),
        (("-o", "a.nc", "--format", "iamc"), "a.nc: a file of format iamc ends in .csv or .xlsx\n"),
        (
            ("-o", "a.csv", "--vocabulary", "ar5", "--layout", "tall"),
            "--layout: 'tall' is unknown; allowed: wide, long\n"
            "--vocabulary: 'ar5' is unknown; allowed: current, ar6\n",
        ),
        (
            ("-o", "a.nc", "--layout", "long"),
            "--layout: belongs to IAMC files; a file of format netcdf has none\n",
        ),
        (("-o", "there"), "there: an export ends in"),
        (("-o", "there.csv"), "there.csv: a folder is in the way\n"),
    ],
)
def test_what_export_refuses(words, expected, typed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.csv").mkdir()
    result = typed("export", "rapid-decline", *words)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(expected)
    assert [path.name for path in tmp_path.iterdir()] == ["there.csv"]


def test_every_faulty_source_is_named_at_once(out, typed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    result = typed("export", "empty", "rapid-declin", out / "rapid-decline", "rapid-decline", "-o", "a.csv")
    assert result.code == 2
    assert result.err.splitlines() == [
        "empty: not a run folder (no run.json); `dualcarbon run … -o` writes one",
        "rapid-declin: no such scenario, neither a file, a run folder nor a bundled name; "
        "did you mean rapid-decline?",
        f"rapid-decline: 2 runs have this name ({out / 'rapid-decline'}, rapid-decline); "
        "give them different names",
    ]
    assert not (tmp_path / "a.csv").exists()


def test_a_comparison_alone_is_nothing_to_export(out, typed, tmp_path):
    result = typed("export", out / "comparison", "-o", tmp_path / "a.csv")
    assert (result.code, result.err) == (2, f"{out / 'comparison'}: no run to export\n")


@pytest.mark.parametrize(
    ("module", "name", "extra"),
    [("openpyxl", "a.xlsx", "excel"), ("h5netcdf", "a.nc", "datasets"), ("pyarrow", "a.parquet", "datasets")],
)
def test_a_missing_extra_is_named(module, name, extra, out, typed, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, module, None)
    result = typed("export", out / "rapid-decline", "-o", tmp_path / name)
    assert result.code == 2
    assert f"need {module}: pip install 'dualcarbon[{extra}]'" in result.err
    assert not list(tmp_path.iterdir())


ON_A_FULL_DISK = """
import resource, sys
from dualcarbon import cli

sys.dont_write_bytecode = True  # it would be cut short
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
for name in sys.argv[2:]:
    print(cli.main(["export", sys.argv[1], "-o", name]))
"""


def test_a_disk_that_fails_leaves_a_message_and_nothing_else(out, tmp_path):
    pytest.importorskip("resource", reason="limits the size of files, on Unix")
    names = ["a.nc", "a.parquet", "a.csv"]
    words = [sys.executable, "-c", ON_A_FULL_DISK, out / "rapid-decline", *names]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout.split()) == (0, ["2"] * len(names))
    told = done.stderr.splitlines()
    assert [line.partition(":")[0] for line in told] == names
    assert all("cannot be written" in line and "File too large" in line for line in told)
    assert not list(tmp_path.iterdir())


def test_a_damaged_folder_is_named(out, typed, tmp_path):
    import shutil

    shutil.copytree(out / "rapid-decline", tmp_path / "run")
    (tmp_path / "run" / "pathway.csv").write_text("model\n", encoding="utf-8")
    result = typed("export", tmp_path / "run", "-o", tmp_path / "a.csv")
    assert result.code == 2
    assert f"{tmp_path / 'run'}: the run folder is damaged" in result.err
