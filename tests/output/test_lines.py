"""Texts are broken where their language breaks them, and nothing of them is lost."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualcarbon.output.lines import in_lines


def width(text, wide):
    return sum(wide if unicodedata.east_asian_width(one) in "WF" else 1.0 for one in text)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("short", ["short"]),
        ("two  words\nthree", ["two words", "three"]),
        ("双碳情景，到二零六零年", ["双碳情景，", "到二零六零", "年"]),
        ("一二三四五，六", ["一二三四", "五，六"]),
        ("情景 with CO2", ["情景 with", "CO2"]),
        ("abcdefghijklmno", ["abcdefghij", "klmno"]),
    ],
)
def test_where_a_text_is_broken(text, lines):
    assert in_lines(text, 10) == lines


@given(
    st.text(alphabet="ab c$\n情景，。", max_size=80), st.integers(4, 30), st.sampled_from([1.0, 1.77, 2.0])
)
def test_lines_fit_and_nothing_is_lost(text, room, wide):
    lines = in_lines(text, room, wide)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width(line, wide) <= room for line in lines)
