"""`dualcarbon report` as it is typed."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    """What `dualcarbon run … -o out` leaves: three run folders and one that compares them."""
    from dualcarbon import cli

    folder = tmp_path_factory.mktemp("typed") / "out"
    names = ("current-policies", "rapid-decline", "peak-2030-neutral-2060")
    assert cli.main(["run", *names, "-o", str(folder)]) == 0
    return folder


def test_everything_below_out_in_one_file(out, typed, tmp_path):
    report = tmp_path / "new" / "report.html"
    result = typed("report", *sorted(out.iterdir()), "-o", report)
    assert (result.code, result.err) == (0, "")
    left_out, written = result.out.splitlines()
    assert left_out == f"{out / 'comparison'}: a comparison or a sweep, not a run; left out"
    assert written.startswith(f"Written: {report} (3 runs, ")
    assert [path.name for path in report.parent.iterdir()] == ["report.html"]
    text = report.read_text(encoding="utf-8")
    assert text.startswith("<!DOCTYPE html>")
    assert "<h1>China&#39;s carbon pathways: 3 scenarios</h1>" in text
    assert all(f"<h2>{name}</h2>" in text for name in ("current-policies", "peak-2030-neutral-2060"))


def test_a_scenario_is_run_for_it(typed, tmp_path):
    report = tmp_path / "report.html"
    result = typed("report", "plan-pace", "-o", report, "--title", "Our <plan>")
    assert (result.code, result.err) == (0, "")
    assert "(plan-pace, " in result.out
    assert "<h1>Our &lt;plan&gt;</h1>" in report.read_text(encoding="utf-8")


def test_a_file_is_replaced_only_when_told_to(typed, tmp_path):
    report = tmp_path / "report.html"
    report.write_text("mine", encoding="utf-8")
    result = typed("report", "plan-pace", "-o", report)
    assert (result.code, result.out) == (2, "")
    assert result.err == f"{report}: exists already; --force replaces it\n"
    assert report.read_text(encoding="utf-8") == "mine"
    assert typed("report", "plan-pace", "-o", report, "--force").code == 0
    assert report.stat().st_size > 1e6


def test_all_faults_are_told_at_once(out, typed, tmp_path):
    (tmp_path / "empty").mkdir()
    mine = tmp_path / "mine.yaml"
    mine.write_text("name: mine\nlevers: {dac: 3 apples}\n", encoding="utf-8")
    words = out / "rapid-decline", tmp_path / "empty", mine, "plan-pac"
    result = typed("report", *words, "-o", tmp_path / "report.html")
    assert (result.code, result.out) == (2, "")
    assert sorted(line.partition(": ")[0] for line in result.err.splitlines()) == sorted(
        [str(tmp_path / "empty"), f"{mine}:2", "plan-pac"]
    )
    assert "not a run folder (no run.json)" in result.err
    assert not (tmp_path / "report.html").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("plan-pace", "-o", "report.pdf"), "report.pdf: a report file ends in .html\n"),
        (("plan-pace", "plan-pace", "-o", "r.html"), "plan-pace: two runs have this name; "),
        (("plan-pace",), "the following arguments are required: -o/--output"),
        (("plan-pace", "-o", "folder.html"), "folder.html: a folder is in the way\n"),
    ],
)
def test_what_report_refuses(words, message, typed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.html").mkdir()
    result = typed("report", *words)
    assert (result.code, result.out) == (2, "")
    assert message in result.err
    assert [path.name for path in tmp_path.iterdir()] == ["folder.html"]


def test_a_comparison_alone_is_no_run(out, typed, tmp_path):
    result = typed("report", out / "comparison", "-o", tmp_path / "report.html")
    assert result.code == 2
    assert (
        result.err == f"{out / 'comparison'}: no run among them; `dualcarbon run … -o` writes run folders\n"
    )


@pytest.mark.parametrize("lost", ['"description"', '"rests_on"', '"levers"', '"title"', '"extends"'])
def test_a_damaged_record_is_told(lost, out, typed, tmp_path):
    copy = tmp_path / "copy"
    copy.mkdir()
    for path in (out / "rapid-decline").iterdir():
        text = path.read_text(encoding="utf-8")
        copy.joinpath(path.name).write_text(text.replace(lost, '"lost"'), encoding="utf-8")
    result = typed("report", copy, "-o", tmp_path / "report.html")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"{copy}: the run folder is damaged (")
    assert result.err.count("\n") == 1
    assert not (tmp_path / "report.html").exists()
