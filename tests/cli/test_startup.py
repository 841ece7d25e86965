"""The command line as a process of its own: what it loads, how it ends."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

LISTED = "scipy", "pandas", "matplotlib", "numpy", "pydantic", "yaml"

PROBE = """
import sys
{code}
print(*sorted({{name.partition(".")[0] for name in sys.modules}} & set({listed!r})), file=sys.stderr)
"""


def python(*words, **more):
    environment = {**os.environ, "PYTHONWARNINGS": "error"}
    return subprocess.run(
        [sys.executable, *words], capture_output=True, encoding="utf-8", check=False, env=environment, **more
    )


@pytest.mark.parametrize(
    ("code", "loaded"),
    [
        ("import dualcarbon", []),
        ("from dualcarbon.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass", []),
        ("from dualcarbon.cli import main\nmain(['run', 'current-policies'])", ["numpy", "pydantic", "yaml"]),
    ],
    ids=["import", "help", "run"],
)
def test_only_what_is_needed_is_loaded(code, loaded):
    result = python("-c", PROBE.format(code=code, listed=LISTED))
    assert (result.returncode, result.stderr.split()) == (0, loaded)


def test_a_bad_file_ends_with_its_message_and_code_2(tmp_path):
    (tmp_path / "bad.yaml").write_text("name: bad\ntitel: x\nlevers:\n  land_sink: .nan\n", encoding="utf-8")
    result = python("-m", "dualcarbon", "run", "bad.yaml", "-o", "out", cwd=tmp_path)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == (
        "bad.yaml:2: titel: unknown key; allowed: name, title, description, extends, resolution, base_year, "
        "end_year, levers, fit, uncertainty; did you mean title?\n"
        "bad.yaml:4: levers.land_sink: expected a mass of CO2 (kt, Mt or Gt), such as 1200 Mt; found nan, "
        "which is not a finite number\n"
    )
    assert not (tmp_path / "out").exists()


def test_a_reader_that_stops_early_is_no_error():
    command = [sys.executable, "-m", "dualcarbon", "variables"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


def test_chinese_is_printed_whatever_the_locale():
    result = subprocess.run(
        [sys.executable, "-m", "dualcarbon", "variables"],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    )
    assert "国内生产总值" in result.stdout.decode("utf-8")
