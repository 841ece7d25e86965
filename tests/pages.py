"""HTML pages as tests read them: elements with their attributes and texts."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

VOID = {"meta", "input", "br", "wbr", "link", "img", "hr"}


@dataclass
class Element:
    """One element; ``text`` is all text within it."""

    tag: str
    attributes: dict[str, str]
    path: tuple[str, ...]
    text: str = ""
    inside: list[Element] = field(default_factory=list)

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Elements within this one, in the order of the page."""
        found = []
        for one in self.inside:
            if one.tag == tag and all(one.attributes.get(k) == v for k, v in attributes.items()):
                found.append(one)
            found += one.all(tag, **attributes)
        return found

    def only(self, tag: str, **attributes: str) -> Element:
        (one,) = self.all(tag, **attributes)
        return one

    def rows(self) -> list[list[str]]:
        """Cells of a table, with white space made single."""
        cells = ("th", "td")
        return [[" ".join(c.text.split()) for c in row.inside if c.tag in cells] for row in self.all("tr")]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("page", {}, ())
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        one = Element(tag, {k: v or "" for k, v in attrs}, tuple(e.tag for e in self.open))
        self.open[-1].inside.append(one)
        if tag not in VOID:
            self.open.append(one)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        for one in self.open:
            one.text += data


def read_page(text: str) -> Element:
    """The page; fails where an element is not closed in its place."""
    script = text.index("<script>/**")  # plotly.js, four million characters that need no reading
    reader = _Reader()
    reader.feed(text[:script] + "<script>" + text[text.index("</script>", script) :])
    reader.close()
    assert len(reader.open) == 1
    return reader.root


def chart_content(page: Element) -> dict[str, Any]:
    """Traces and layout of each chart by its key, as the page's script reads them."""
    content = json.loads(page.only("script", id="content").text)
    return {one["key"]: one for one in content}
