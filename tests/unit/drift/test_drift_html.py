"""Tests of the HTML report: as text always, and in a real browser where the machine has one."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from browsing import URL, browse, proxy
from findings import ALL, BROKEN, CLEAN, GONE, MOVED, WICKED, rule

from area1_provider.commands.drift_events import Checked, Difference
from area1_provider.commands.drift_html import HEADINGS, page

WHEN = "2026-11-23 19:00 UTC"
WITH_ADDRESS = {"src", "href", "action", "srcset", "poster", "data", "background", "formaction", "ping", "style"}


class Outline(HTMLParser):
    """The elements of a page, the attributes that may fetch something or act, and its text."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.acting: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.tags.append(tag)
        self.acting += [(name, value) for name, value in attrs if name in WITH_ADDRESS or name.startswith("on")]

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.text += data


def test_an_empty_state_is_not_counted_as_free_of_drift() -> None:
    """A stack that had nothing to compare is named as such and counted by itself; where all had, no such count is shown."""
    seen = Outline(page((CLEAN, Checked("new")), WHEN)).text

    assert "1without drift" in seen
    assert "1had nothing to compare" in seen
    assert re.search(r"new\s*empty\s*0", seen)
    assert "nothing to compare" not in Outline(page((CLEAN, MOVED, GONE, BROKEN), WHEN)).text


def test_page_says_what_moved() -> None:
    """Each drifted property, vanished object and failure stands on the page, and so does every stack with its state."""
    seen = Outline(page((CLEAN, MOVED, GONE, BROKEN), WHEN)).text
    for part in (
        "scope",
        '"External"',
        '"Global"',
        "2026-11-20T08:00:00Z",
        "gone from the tenant",
        BROKEN.failure,
        WHEN,
    ):
        assert part in seen
    assert [seen.count(state) for state in ("clean", "drifted", "failed")] == [2, 4, 2]  # once each in the style sheet


def test_page_without_drift_says_so() -> None:
    """A clean report is no empty page, and says how much was looked at."""
    assert "No drift was found in 1 resource." in page((CLEAN, BROKEN), WHEN)


def test_page_does_not_call_clean_what_was_not_compared() -> None:
    """Where every stack failed, or a state is empty, there is no drift that could have been found."""
    for nothing in (BROKEN, Checked("empty")):
        assert "Nothing was compared." in page((nothing,), WHEN)
        assert "No drift" not in page((nothing,), WHEN)


def test_hostile_values_stay_text() -> None:
    """Values make no element, no attribute and no request; the text is there to be read."""
    harmless, wicked = Outline(page((MOVED, BROKEN), WHEN)), Outline(page(ALL, WHEN))
    assert set(wicked.tags) <= set(harmless.tags) | {"td"}
    assert wicked.acting == [("href", "data:,")]
    assert "<script src=http://evil.example/x.js>" in wicked.text
    assert "\\u202e" in wicked.text
    assert re.search(r"[\x00\x1b\u202e]", wicked.text) is None


def test_page_forbids_requests_and_scripts() -> None:
    """Behind the escaping a policy in the page forbids whatever would slip through."""
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in page((), WHEN)


@pytest.mark.browser
def test_browser_shows_the_page_and_asks_for_nothing_else(chromium: str, tmp_path: Path) -> None:
    """In a real browser the page with hostile values shows rows and failures, and the page is the only request."""
    with proxy(page(ALL, WHEN)) as server:
        seen = Outline(browse(chromium, server, tmp_path / "profile", "--dump-dom"))
    assert server.caused() == [f"GET {URL}"]
    assert "script" not in seen.tags
    assert seen.tags.count("tr") == 1 + 3 + 1 + len(ALL)
    for part in ("scope", '"Global"', "gone from the tenant", BROKEN.failure, "<script src=http://evil.example/x.js>"):
        assert part in seen.text


@pytest.mark.browser
def test_request_would_be_noticed(chromium: str, tmp_path: Path) -> None:
    """The check above can fail: a page that does fetch an image is caught by the same proxy."""
    with proxy("<!DOCTYPE html><img src=http://evil.example/y><img src=https://evil.example/z>") as server:
        browse(chromium, server, tmp_path / "profile", "--dump-dom")
    assert {"GET http://evil.example/y", "CONNECT evil.example:443"} <= set(server.caused())


@pytest.mark.browser
def test_page_fits_a_narrow_window(chromium: str, tmp_path: Path) -> None:
    """On a telephone nothing is wider than the window, and values have most of its width, each with its heading."""
    measure = """<script>document.title = [innerWidth, document.documentElement.scrollWidth,
        Math.min(...[...document.querySelectorAll(".drift tbody > tr > *")].map(one => one.clientWidth))]</script>"""
    scripted = re.sub("<meta http-equiv=.*>", "", page(ALL, WHEN)) + measure
    with proxy(scripted) as server:
        seen = browse(chromium, server, tmp_path / "profile", "--dump-dom", "--window-size=500,900")
    found = re.search("<title>([0-9]+),([0-9]+),([0-9]+)</title>", seen)
    assert found
    window, whole, cell = map(int, found.groups())
    assert whole <= window <= 500
    assert cell > 0.8 * window
    for heading in HEADINGS:
        assert f'data-label="{heading}"' in seen


@pytest.mark.browser
def test_page_prints(chromium: str, tmp_path: Path) -> None:
    """A long report prints to a PDF of several pages that holds the table, and asks for nothing else meanwhile."""
    many = [Checked(f"tenant{n}", (rule(Difference("scope", "External", "Global")),)) for n in range(120)]
    paper = tmp_path / "drift.pdf"
    with proxy(page([*many, WICKED], WHEN)) as server:
        browse(chromium, server, tmp_path / "profile", f"--print-to-pdf={paper}", "--no-pdf-header-footer")
    assert server.caused() == [f"GET {URL}"]
    printed = paper.read_bytes()
    assert printed.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) > 2
