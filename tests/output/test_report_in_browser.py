"""The report in a real browser: charts drawn, no script error, no request, the switch works.

Left out where there is no Chromium with its driver, unless ``DUALCARBON_BROWSER=required``.
"""

from __future__ import annotations

import io
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from matplotlib.image import imread

from dualcarbon import api, files
from dualcarbon.output import palette

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,1000",
)
LISTEN = """
window.faults = [];
window.addEventListener("error", (event) => window.faults.push(String(event.message)), true);
window.addEventListener("unhandledrejection", (event) => window.faults.push(String(event.reason)));
document.addEventListener("securitypolicyviolation", (event) => window.faults.push(event.blockedURI));
"""
DRAWN = """
return [...document.querySelectorAll(".chart")].map((chart) => ({
  key: chart.id,
  expected: Number(chart.dataset.traces),
  traces: [...chart.querySelectorAll(".scatterlayer .trace")]
    .map((trace) => [...trace.querySelectorAll("path")].map((path) => path.getAttribute("d") || "")),
  height: chart.getBoundingClientRect().height,
}));
"""


@dataclass(frozen=True)
class Opened:
    """The report in a browser."""

    chrome: Chrome
    page: Path

    def ask(self, script: str) -> Any:
        return self.chrome.execute_script(script)  # type: ignore[no-untyped-call]

    def size(self, width: int) -> None:
        metrics = {"width": width, "height": 1000, "deviceScaleFactor": 1, "mobile": width < 500}
        self.chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def picture(self, selector: str) -> np.ndarray:
        """Pixels (row, column, red-green-blue) of the first element that a selector finds, from 0 to 255."""
        self.ask(f"document.querySelector('{selector}').scrollIntoView({{block: 'center'}})")
        element = self.chrome.find_element("css selector", selector)
        return np.round(imread(io.BytesIO(element.screenshot_as_png)) * 255.0)[..., :3]


@pytest.fixture(scope="module")
def programs() -> tuple[str, str]:
    """The browser and its driver."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    driver = shutil.which("chromedriver")
    if browser and driver and find_spec("selenium"):
        return browser, driver
    reason = (
        f"left out: {Path(__file__).name} needs a browser; to run it: apt-get install chromium "
        "chromium-driver, pip install selenium"
    )
    if os.environ.get("DUALCARBON_BROWSER") == "required":
        pytest.fail(f"DUALCARBON_BROWSER=required, but {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="module")
def opened(programs: tuple[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    from selenium.webdriver import Chrome, ChromeOptions, ChromeService

    folder = tmp_path_factory.mktemp("browser")
    library = api.open_library()
    page = folder / "report.html"
    files.write_report([api.run(n, data=library) for n in ("rapid-decline", "plan-pace")], page, library)
    options = ChromeOptions()
    options.binary_location = programs[0]
    for option in (*OPTIONS, f"--user-data-dir={folder / 'profile'}"):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    chrome = Chrome(options=options, service=ChromeService(programs[1]))
    try:
        chrome.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": LISTEN})
        chrome.get(page.as_uri())
        yield Opened(chrome, page)
    finally:
        chrome.quit()


def test_every_chart_is_drawn(opened: Opened) -> None:
    charts = opened.ask(DRAWN)
    assert len(charts) == 4 + 2 * 4
    for chart in charts:
        assert len(chart["traces"]) == chart["expected"] >= 3, chart["key"]
        assert all(any(len(path) > 20 for path in paths) for paths in chart["traces"]), chart["key"]
        assert chart["height"] > 300


def test_nothing_goes_wrong_and_nothing_is_requested(opened: Opened) -> None:
    assert opened.ask("return window.faults") == []
    log = [entry for entry in opened.chrome.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]
    assert log == []
    events = [json.loads(entry["message"])["message"] for entry in opened.chrome.get_log("performance")]
    requests = [e["params"] for e in events if e["method"] == "Network.requestWillBeSent"]
    ours = [r for r in requests if not r["documentURL"].startswith("chrome")]  # those are of the first tab
    sent = [r["request"]["url"] for r in ours]
    assert opened.page.as_uri() in sent
    fetched = opened.ask("return performance.getEntries().map((entry) => entry.name)")
    away = [url for url in (*sent, *fetched) if "://" in url and not url.startswith(("file:", "data:"))]
    assert away == []


def test_the_listener_would_hear_a_fault(opened: Opened) -> None:
    """The policy of the page refuses a request, and the test above would know."""
    opened.ask("const i = new Image(); i.src = 'https://example.org/x.png'; document.body.append(i)")
    opened.ask(
        "const s = document.createElement('script'); s.text = 'throw new Error(\"on purpose\")';"
        "document.body.append(s)"
    )
    wait_for(opened, "return window.faults.length >= 2")
    heard = opened.ask("return window.faults")
    assert any("example.org" in fault for fault in heard)
    assert any("on purpose" in fault for fault in heard)


def test_the_energy_chart_switches_its_accounting_by_click_and_by_key(opened: Opened) -> None:
    from selenium.webdriver.common.keys import Keys

    shown = "document.getElementById('run-1-energy')._fullData.filter((t) => t.visible === true)"
    highest = f"return Math.max(...{shown}.filter((t) => t.name === 'total')[0].y)"
    path = "return document.querySelector('#run-1-energy .scatterlayer').innerHTML"
    before, drawn = opened.ask(highest), opened.ask(path)
    first, second = opened.chrome.find_elements("css selector", "input[data-chart='run-1-energy']")
    second.click()
    wait_for(opened, f"return {shown}.filter((t) => t.meta === 'direct equivalent').length === 2")
    assert opened.ask(f"return {shown}.length") == 5
    assert opened.ask(highest) < before
    assert opened.ask(path) != drawn
    second.send_keys(Keys.ARROW_LEFT)
    wait_for(opened, f"return {shown}.filter((t) => t.meta === 'coal-equivalent').length === 2")
    assert first.is_selected()
    assert opened.ask(highest) == before


def wait_for(opened: Opened, script: str) -> None:
    """Until a script gives true; twenty seconds at most, for a busy machine."""
    from selenium.webdriver.support.wait import WebDriverWait

    WebDriverWait(opened.chrome, 20, poll_frequency=0.05).until(lambda _: opened.ask(script))


@pytest.mark.parametrize("width", [1280, 390])
def test_pictures_show_the_colours_of_the_chart(opened: Opened, width: int) -> None:
    opened.size(width)
    wait_for(opened, f"return document.querySelector('#run-1-emissions .main-svg').clientWidth < {width}")
    pixels = opened.picture("#run-1-emissions")
    for colour in (palette.COAL, palette.SINK, palette.NET):
        wanted = [int(colour[k : k + 2], 16) for k in (1, 3, 5)]
        assert np.all(np.abs(pixels - wanted) <= 2, axis=-1).sum() > 150, colour
    white = np.all(pixels == 255, axis=-1).mean()
    assert 0.2 < white < 0.9


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_is_no_wider_than_the_screen(opened: Opened, width: int) -> None:
    opened.size(width)
    wait_for(opened, f"return document.querySelector('.main-svg').clientWidth < {width}")
    assert opened.ask("return document.documentElement.scrollWidth") <= width
    right = opened.ask(
        "return Math.max(...[...document.querySelectorAll('.scrolled, .chart, p')]"
        ".map((one) => one.getBoundingClientRect().right))"
    )
    assert right <= width


def test_a_table_can_be_reached_and_scrolled_by_keyboard(opened: Opened) -> None:
    from selenium.webdriver.common.keys import Keys

    opened.size(390)
    region = opened.chrome.find_element("css selector", ".scrolled")
    opened.ask("document.querySelector('.scrolled').focus()")
    region.send_keys(Keys.ARROW_RIGHT * 3)
    wait_for(opened, "return document.querySelector('.scrolled').scrollLeft > 0")
