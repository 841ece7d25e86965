"""``check-pathway`` and ``criteria`` as they are typed."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import yaml

import dualcarbon as dc

HEADER = "model,scenario,region,variable,unit,2015,2020,2025,2030,2060"
EIP = "Emissions|CO2|Energy and Industrial Processes,Mt CO2/yr"
HISTORY = "10192,11026,12056"


def widest(text: str, path: Path | None = None) -> int:
    """Length of the longest line, but for the name of the file."""
    return max(len(line) for line in text.splitlines() if line != str(path))


def write(path: Path, *rows: str) -> Path:
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def near(tmp_path: Path) -> Path:
    """A pathway on history, which peaks in 2025."""
    return write(
        tmp_path / "near.csv", f"IMAGE,NZ,China,{EIP},{HISTORY},11000,100", "IMAGE,NZ,World,X,y,1,1,1,1,1"
    )


@pytest.fixture
def far(tmp_path: Path) -> Path:
    """Three fifths of China's CO2 in 2015."""
    return write(tmp_path / "far.csv", f"IMAGE,NZ,China,{EIP},6000,11026,12056,11000,100")


def test_a_pathway_near_history(near, typed):
    result = typed("check-pathway", near)
    assert (result.code, result.err) == (0, "")
    assert "1 pathway of China, 1 variable read" in result.out
    assert "CO2 energy + processes  +0.0 % ✓" in result.out
    assert "✓ met     CO2 emissions peak before 2030" in result.out
    assert "needs Primary Energy with its parts Coal, Oil and Gas" in result.out
    assert widest(result.out, near) <= 100


def test_nothing_to_compare_is_said_once(typed, tmp_path):
    path = write(tmp_path / "late.csv", f"m,s,China,{EIP},,,,11000,100")
    assert typed("check-pathway", path).out.count("nothing to compare") == 1


def test_a_pathway_far_from_history_gives_exit_code_1(far, typed):
    result = typed("check-pathway", far)
    assert result.code == 1
    assert "-41.1 % ✗" in result.out
    assert "1 fail: fails" in result.out


def test_a_bundled_run_passes(typed, tmp_path):
    assert typed("run", "rapid-decline", "-o", tmp_path).code == 0
    path = tmp_path / "rapid-decline/pathway.csv"
    result = typed("check-pathway", path)
    assert result.code == 0
    assert "History     34 ok\n" in result.out
    assert "-0.0" not in result.out
    assert "10 of 11 met; 0 not applicable" in result.out
    assert "Captured CO2 + BECCS + DAC  " in result.out
    assert "captured_co2" not in result.out
    assert "the top of a range: not counted among the targets met" in result.out
    assert widest(result.out, path) <= 100


def test_an_export_of_every_bundled_scenario_has_the_score_of_its_run(typed, tmp_path):
    runs = [dc.run(one) for one in dc.scenarios()]
    path = tmp_path / "all.csv"
    dc.export(runs, path)
    scores = {run.name: [score.verdict for score in run.official()] for run in runs}
    counts = {name: f"{verdicts.count('met')} of {len(verdicts)}" for name, verdicts in scores.items()}
    rows = [line.split() for line in typed("check-pathway", path).out.splitlines()]
    for name, count in counts.items():
        assert (
            next(" ".join(row[-3:]) for row in rows if row and row[2:3] and row[2].startswith(name[:20]))
            == count
        )
        in_full = typed("check-pathway", path, "--scenario", name).out
        assert f"Targets     {count} met; 0 not applicable" in in_full
    with path.with_name("all-meta.csv").open(encoding="utf-8", newline="") as file:
        meta = {row["scenario"]: row for row in csv.DictReader(file)}
    found = {k: f"{row['official_targets_met']} of {row['official_targets']}" for k, row in meta.items()}
    assert found == counts


def test_every_comparison_as_csv(near, typed, tmp_path):
    out = tmp_path / "check.csv"
    assert typed("check-pathway", near, "-o", out).code == 0
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    by_item = {(row["part"], row["item"], row["year"]): row for row in rows}
    assert by_item["history", "eip_co2", "2015"]["verdict"] == "ok"
    assert by_item["history", "eip_co2", "2023"]["remark"] == "between reported years"
    assert by_item["history", "population", ""]["verdict"] == "not reported"
    assert by_item["target", "peak-2030", "2030"]["value"] == "2025"
    assert by_item["studies", "eip_co2", "2060"]["verdict"] == "below"
    again = typed("check-pathway", near, "-o", out)
    assert (again.code, again.err) == (2, f"{out}: exists already; --force replaces it\n")
    assert typed("check-pathway", near, "-o", out, "--force").code == 0


def test_many_pathways_are_shown_in_a_table(typed, tmp_path):
    rows = [
        f"a model with a very long name,scenario-{k},China,{EIP},{HISTORY},{9000 + k},100" for k in range(60)
    ]
    path = write(tmp_path / "many.csv", *rows, f"m,far,China,{EIP},6000,6000,6000,1,1")
    result = typed("check-pathway", path)
    assert result.code == 1
    assert "61 pathways of China" in result.out
    assert "and 21 more" in result.out
    assert "60 ok, 1 fail" in result.out
    assert widest(result.out, path) <= 100
    one = typed("check-pathway", path, "--scenario", "scenario-7")
    assert "a very long name / scenario-7" in one.out
    assert "Official targets in force" in one.out


def test_a_misspelt_scenario(near, typed):
    result = typed("check-pathway", near, "--scenario", "NS")
    assert result.code == 2
    assert result.err == f"--scenario: no scenario 'NS' in {near}\n"


def test_excel(typed, tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    book.active.append(["Model", "Scenario", "Region", "Variable", "Unit", 2020, 2030])
    book.active.append(["m", "s", "China", *EIP.split(","), 11_026, 9_000])
    book.save(tmp_path / "theirs.xlsx")
    assert "+0.0 % ✓" in typed("check-pathway", tmp_path / "theirs.xlsx").out


def test_the_help_says_what_the_exit_codes_mean(typed):
    text = " ".join(typed("check-pathway", "--help").out.split())
    assert "exit code: 0 when no criterion of history fails, 1 when one does, 2 when the file cannot" in text


def test_criteria(typed):
    result = typed("criteria")
    assert result.code == 0
    assert "(eip_co2), 2015, 2020, 2023, 2025: warning beyond 10%, failing beyond 20%" in result.out
    assert widest(result.out) <= 100


def test_criteria_for_nomenclature(typed):
    items = yaml.safe_load(typed("criteria", "--format", "nomenclature").out)
    co2 = next(item for item in items if item["variable"] == EIP.split(",")[0] and item["year"] == 2020)
    assert co2["region"] == "China"
    assert [one["warning_level"] for one in co2["validation"]] == ["error", "medium"]
    assert co2["validation"][0]["range"] == pytest.approx([11_026 * 0.8, 11_026 * 1.2], rel=1e-4)
