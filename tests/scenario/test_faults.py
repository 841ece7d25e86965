"""One bad file per fault, and the whole message that it gets."""

from __future__ import annotations

import codecs
import tracemalloc
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import dualcarbon as dc
from dualcarbon import api
from dualcarbon.scenario import read_scenario
from dualcarbon.tables.levers import read_levers

BAD = Path(__file__).parent / "bad"
MESSAGES = yaml.safe_load((BAD.parent / "messages.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def library():
    return api.open_library()


@pytest.fixture(scope="module")
def message(library):
    """The whole message of some bad files, with the lists of names filled in."""
    levers = ", ".join(lever.name for lever in read_levers(library).values() if lever.kind != "accounting")
    bundled = ", ".join(scenario.name for scenario in api.scenarios())

    def fill(*names):
        text = "".join(MESSAGES[name] for name in names)
        return text.replace("{levers}", levers).replace("{bundled}", bundled)

    return fill


def test_every_bad_file_has_its_message():
    assert set(MESSAGES) == {path.stem for path in BAD.iterdir()}


@pytest.mark.parametrize("name", MESSAGES)
def test_a_fault_is_told_and_nothing_is_written(name, message, typed, tmp_path, monkeypatch):
    monkeypatch.chdir(BAD)
    result = typed("run", f"{name}.yaml", "-o", tmp_path / "out")
    assert result.err == message(name)
    assert (result.code, result.out) == (2, "")
    assert not (tmp_path / "out").exists()


def test_the_faults_of_several_files_come_in_one_report(message, typed, tmp_path, monkeypatch):
    """The file that two of them share is reported once; a file that is fine is not run either."""
    monkeypatch.chdir(BAD)
    files = ("two-faults.yaml", "current-policies", "many-faults.yaml", "extends-faulty.yaml")
    result = typed("run", *files, "-o", tmp_path / "out")
    own, shared = message("extends-faulty").splitlines(keepends=True), message("two-faults")
    assert result.err == own[0] + message("many-faults") + shared
    assert (result.code, result.out) == (2, "")
    assert not (tmp_path / "out").exists()


def test_python_gets_the_faults_one_by_one(monkeypatch):
    monkeypatch.chdir(BAD)
    with pytest.raises(dc.InputError) as caught:
        dc.run("two-faults.yaml")
    assert [(fault.where, fault.line, fault.key) for fault in caught.value.faults] == [
        ("two-faults.yaml", 2, "end_year"),
        ("two-faults.yaml", 4, "levers.land_sink"),
    ]


SCENARIO = "name: good\nlevers:\n  land_sink: {2030: 1 Gt}\n"

BYTES = {
    "latin-1": (
        "name: bad\ntitle: Klimaneutralität\n".encode("latin-1"),
        "x.yaml:2: not UTF-8 text; save the file as UTF-8",
    ),
    "utf-16": (SCENARIO.encode("utf-16"), "x.yaml:1: not UTF-8 text; save the file as UTF-8"),
    "alias bomb": (
        b"a0: &a0 [lol]\n"
        + b"".join(b"a%d: &a%d [%s]\n" % (k, k, b"*a%d, " % (k - 1) * 9) for k in range(1, 9)),
        "x.yaml:2: YAML aliases (*name) are not allowed; write the value out",
    ),
    "deep nesting": (b"name: bad\nlevers: " + b"[" * 100_000, "x.yaml:2: nested more than 20 levels deep"),
    "deep mappings": (b"levers: " + b"{a: " * 50_000, "x.yaml:1: nested more than 20 levels deep"),
    "nothing but spaces": (b"  \n\n", "x.yaml: the file is empty; `dualcarbon new` writes a starting file"),
    "fault after a byte order mark and CRLF": (
        codecs.BOM_UTF8 + SCENARIO.replace("Gt", "GJ").replace("\n", "\r\n").encode(),
        "x.yaml:3: levers.land_sink.2030: 'GJ' is not a known unit; "
        "write a mass of CO2 (kt, Mt or Gt), such as 1200 Mt",
    ),
    "too large": (b"#" * 1_000_001, "x.yaml: too large for a scenario; at most 1 MB"),
}


@pytest.mark.parametrize(("content", "expected"), BYTES.values(), ids=BYTES)
def test_bytes_that_are_no_scenario(content, expected, typed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("x.yaml").write_bytes(content)
    result = typed("run", "x.yaml", "-o", "out")
    assert (result.code, result.out, result.err) == (2, "", expected + "\n")
    assert not Path("out").exists()


@pytest.mark.parametrize(
    "content",
    [
        codecs.BOM_UTF8 + SCENARIO.encode(),
        SCENARIO.replace("\n", "\r\n").encode(),
        b"#" * 900_000 + b"\n" + SCENARIO.encode(),
    ],
    ids=["byte order mark", "CRLF", "long comment"],
)
def test_bytes_that_are_fine(content, tmp_path):
    plain, other = tmp_path / "plain.yaml", tmp_path / "other.yaml"
    plain.write_bytes(SCENARIO.encode())
    other.write_bytes(content)
    assert read_scenario(other).raw == read_scenario(plain).raw
    assert not read_scenario(other).faults


def test_a_huge_file_is_refused_unread(typed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with Path("huge.yaml").open("wb") as file:
        file.seek(50_000_000)
        file.write(b"\n")
    tracemalloc.start()
    result = typed("check", "huge.yaml")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (result.code, result.err) == (2, "huge.yaml: too large for a scenario; at most 1 MB\n")
    assert peak < 20e6


NAMES = {
    "folder.yaml": "folder.yaml: this is a folder; a scenario is a YAML file",
    "folder": "folder: this is a folder; a scenario is a YAML file",
    "none.yaml": "none.yaml: there is no such file",
    "no/such/place": "no/such/place: there is no such file",
    "current-polices": (
        "current-polices: no such scenario, neither a file nor a bundled name; did you mean current-policies?"
    ),
    "x" * 5000: "x" * 5000 + ": no such scenario, neither a file nor a bundled name; bundled: {bundled}",
    "x" * 5000 + ".yaml": "x" * 5000 + ".yaml: cannot be read (File name too long)",
}


@pytest.mark.parametrize(("name", "expected"), NAMES.items(), ids=[name[:20] for name in NAMES])
def test_names_that_are_no_scenario(name, expected, typed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for folder in ("folder.yaml", "folder"):
        Path(folder).mkdir()
    result = typed("check", name)
    bundled = ", ".join(scenario.name for scenario in api.scenarios())
    assert (result.code, result.out, result.err) == (2, "", expected.replace("{bundled}", bundled) + "\n")


SETTINGS = [
    ("nonsense", "--set nonsense: write LEVER=VALUE, such as non_fossil_share='{ambition: 0.5}'"),
    ("", "--set : write LEVER=VALUE, such as non_fossil_share='{ambition: 0.5}'"),
    ("=3 %", "--set =3 %: write LEVER=VALUE, such as non_fossil_share='{ambition: 0.5}'"),
    ("dac=", "--set dac=: the value is empty; write LEVER=VALUE, such as capture_rate='2 %'"),
    ("dac= # later", "--set dac= # later: the value is empty; write LEVER=VALUE, such as capture_rate='2 %'"),
    (
        "dac={scale: 2",
        "--set dac={scale: 2: not YAML: did not find expected ',' or '}'",
    ),
    ("dac=*other", "--set dac=*other: YAML aliases (*name) are not allowed; write the value out"),
    ("dac=a: b: c", "--set dac=a: b: c: not YAML: mapping values are not allowed in this context"),
    (
        "dac={2030: 1 Mt, 2030: 2 Mt}",
        "--set dac={2030: 1 Mt, 2030: 2 Mt}: levers.dac.2030: set twice (first in line 1)",
    ),
    (
        "land_snik=1 Gt",
        "--set land_snik=1 Gt: levers.land_snik: there is no such lever; did you mean land_sink?",
    ),
    ("dac={ambition: 7}", "--set dac={ambition: 7}: levers.dac.ambition: 7 is outside -1 to 1"),
    (
        "levers.dac={scal: 7}",
        "--set levers.dac={scal: 7}: levers.dac.scal: unknown key; allowed: years, curve, rates, fit, "
        "ambition, scale, shift, to, midpoint, width, rate; did you mean scale?",
    ),
    ("name=other", "--set name=other: name: only levers, base_year and end_year can be set"),
    ("end_year=2020", "--set end_year=2020: end_year: 2020 is outside 2030-2100"),
    ("end_year=0", "--set end_year=0: end_year: 0 is outside 2030-2100"),
    ("base_year=yes", "--set base_year=yes: base_year: expected a year; found true "
     "(YAML reads yes, no, on and off as true and false)"),
    (
        "coal_share=60 %",
        "--set coal_share=60 %: levers.coal_share: with non_fossil_share and coal_share as set, oil_share "
        "would be -27.5 % in 2060; no share may go below 0 % (one would in 2035-2060)",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("change", "expected"), SETTINGS, ids=[change for change, _ in SETTINGS])
def test_a_change_that_cannot_be_made(change, expected, typed, tmp_path):
    result = typed("run", "rapid-decline", "--set", change, "-o", tmp_path / "out")
    assert (result.code, result.out, result.err) == (2, "", expected + "\n")
    assert not (tmp_path / "out").exists()


def test_all_bad_changes_are_told_at_once(typed):
    words = [f"--set={change}" for change in ("dac=", "beccs", "dac=1 Mt", "dac=2 Mt", "end_year=1")]
    assert typed("run", "rapid-decline", *words).err.splitlines() == [
        "--set beccs: write LEVER=VALUE, such as non_fossil_share='{ambition: 0.5}'",
        "--set dac=: the value is empty; write LEVER=VALUE, such as capture_rate='2 %'",
        "--set dac=2 Mt: dac: set twice on the command line",
        "--set end_year=1: end_year: 1 is outside 2030-2100",
    ]


_TEXT = st.text("ab:{}[]&*!#-.,%~ \n\t'\"09é中", max_size=12)
_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    _TEXT,
    st.sampled_from(["25 %", "-3 %", "2 pp", "1e9 Gt", "900 Mt", "0.5", "logistic", "growth", "linear"]),
)
_KEYS = st.one_of(
    st.sampled_from(["curve", "rates", "to", "midpoint", "width", "rate", "ambition", "scale", "shift"]),
    st.integers(2000, 2110),
    _TEXT,
)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=6,
)
_LEVERS = st.dictionaries(
    st.sampled_from(["land_sink", "coal_share", "gdp_growth", "dac"]), _VALUES, max_size=3
)
_TOP = st.dictionaries(
    st.sampled_from(["title", "extends", "base_year", "end_year", "nmae"]), _SCALARS, max_size=2
)
_sure = settings(max_examples=80, deadline=None, derandomize=True)


def faults_of(scenario, library, **more):
    """The faults of a scenario, none where it can be run; any other exception fails the test."""
    try:
        api.load(scenario, data=library, **more)
    except dc.InputError as error:
        return error.faults
    return ()


@_sure
@given(_LEVERS, _TOP)
def test_whatever_a_file_holds_it_can_be_run_or_has_faults(library, tmp_path_factory, levers, top):
    path = tmp_path_factory.getbasetemp() / "anything.yaml"
    path.write_text(yaml.safe_dump({"name": "any", **top, "levers": levers}), encoding="utf-8")
    assert all(fault.what and fault.where == str(path) for fault in faults_of(path, library))


@_sure
@given(_TEXT)
def test_whatever_is_set_it_can_be_run_or_has_faults(library, text):
    faults = faults_of("current-policies", library, change=[f"dac={text}"])
    assert all(fault.what and fault.where == f"--set dac={text}" for fault in faults)
