"""Every page as eyes, fingers, keys and screen readers meet it, in an office where everything has happened."""

from __future__ import annotations

from collections.abc import Iterator
from gettext import GNUTranslations
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, Response, ViewportSize

from tests.newsroom.test_screens_access import OPEN_TO_ALL
from tests.real.chromium import ROOT
from tests.real.looking import Office, opened
from tests.real.pages import NOT_PAGES, Sheet, asked, sheets

pytestmark = pytest.mark.real
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
ASK_AXE = """async (only) => {
  const told = await axe.run(document, {runOnly: only, resultTypes: ['violations'], preload: false});
  return told.violations.map(fault => fault.id + ': ' + fault.nodes.slice(0, 3).map(node => node.target.join(' ') + ' – '
    + [...node.any, ...node.all, ...node.none].map(check => check.message).join('; ')).join(' | '));
}"""
EVERYTHING = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
COLOURS = {"type": "rule", "values": ["color-contrast"]}
TOO_WIDE = """() => {
  const width = document.documentElement.scrollWidth;
  if (width <= window.innerWidth) return '';
  const over = [...document.querySelectorAll('body *')].filter(one => one.getBoundingClientRect().right > innerWidth + 1);
  return width + ' px: ' + over.slice(0, 3).map(one => one.tagName + '.' + one.className).join(', ');
}"""
UNSTICK = """() => {
  for (const one of document.querySelectorAll('body *'))
    if (['sticky', 'fixed'].includes(getComputedStyle(one).position)) one.style.position = 'static';
}"""
"""What sticks hides what happens to lie beneath it, which is no matter of how large that is."""
TOO_SMALL = """() => {
  const small = [];
  const controls = 'button, .button, select, summary, textarea, input:not([type=hidden]), [role=tab], nav a';
  for (const one of document.querySelectorAll(controls)) {
    if (!one.checkVisibility({checkOpacity: false, checkVisibilityCSS: true})) continue;
    const boxes = [one, one.closest('label'), one.labels?.[0]].filter(Boolean).map(it => it.getBoundingClientRect());
    if (boxes[0].width <= 1 && boxes.length === 1) continue;
    const tall = Math.max(...boxes.map(box => box.height)), wide = Math.max(...boxes.map(box => box.width));
    if (tall < 43.5 || wide < 43.5)
      small.push(one.outerHTML.slice(0, 100).replace(/\\s+/g, ' ') + ' ' + Math.round(wide) + '×' + Math.round(tall));
  }
  return [...new Set(small)].slice(0, 6);
}"""
"""For a finger: what is pressed is 44 px at least, or its label is."""
NARROW: ViewportSize = {"width": 360, "height": 780}
WIDE: ViewportSize = {"width": 1440, "height": 900}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with Office(tmp_path_factory.mktemp("kantor")) as one:
        yield one


class _Inline(HTMLParser):
    """Notes what a page must not hold: scripts and styles of its own, deeds in attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        data = (names.get("type") or "").endswith("json")
        if tag == "style" or (tag == "script" and "src" not in names and not data):
            self.found.append(f"<{tag}>")
        self.found += [f"<{tag} {name}>" for name in names if name == "style" or name.startswith("on")]
        if (names.get("href") or "").startswith("javascript:"):
            self.found.append(f"<{tag} href=javascript:>")


def inline(text: str) -> list[str]:
    reader = _Inline()
    reader.feed(text)
    return reader.found


def looked_at(page: Page, answer: Response) -> Iterator[str]:
    """Yield what is wrong with the page that is open: at both widths, in both themes."""
    if "script-src 'self'" not in answer.headers.get("content-security-policy", ""):
        yield "has no content security policy"
    yield from inline(answer.text())
    page.evaluate(UNSTICK)
    yield from page.evaluate(ASK_AXE, EVERYTHING)
    page.emulate_media(color_scheme="dark")
    yield from (f"dark: {fault}" for fault in page.evaluate(ASK_AXE, COLOURS))
    page.set_viewport_size(NARROW)
    if wide := page.evaluate(TOO_WIDE):
        yield f"is wider than a phone: {wide}"
    yield from (f"dark, narrow: {fault}" for fault in page.evaluate(ASK_AXE, EVERYTHING))
    page.emulate_media(color_scheme="light")
    yield from (f"light, narrow: {fault}" for fault in page.evaluate(ASK_AXE, COLOURS))
    finger = page.context.new_cdp_session(page)
    finger.send("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 5})
    assert page.evaluate("matchMedia('(pointer: coarse)').matches")
    yield from (f"too small for a finger: {control}" for control in page.evaluate(TOO_SMALL))
    finger.send("Emulation.setTouchEmulationEnabled", {"enabled": False})
    finger.detach()
    page.set_viewport_size(WIDE)


def test_every_page_is_for_everybody(office: Office, browser: Browser) -> None:
    faults: list[str] = []
    windows: dict[str, Page] = {}
    for sheet in sheets(office.rows):
        if sheet.who not in windows:
            window = office.window(
                browser, sheet.who, viewport=WIDE, color_scheme="light", reduced_motion="reduce"
            )
            window.add_init_script(AXE)
            windows[sheet.who] = window.new_page()
        faults += (
            f"{sheet.name} ({sheet.address}): {fault}" for fault in _opened(windows[sheet.who], office, sheet)
        )
    for page in windows.values():
        page.context.close()
    assert not faults, "\n" + "\n".join(faults)


def _opened(page: Page, office: Office, sheet: Sheet) -> Iterator[str]:
    answer = opened(page, office, sheet.address)
    if sheet.status and answer.status != sheet.status:
        yield f"answers {answer.status}"
    if page.url != office.url + sheet.address:
        yield f"led on to {page.url}"
    yield from looked_at(page, answer)


def foreign() -> dict[str, str]:
    """Return the Indonesian sentences that are told apart from what people write: long, and with nothing to fill in."""
    with (ROOT / "web" / "locale" / "en" / "LC_MESSAGES" / "django.mo").open("rb") as opened:
        known = GNUTranslations(opened)._catalog  # type: ignore[attr-defined]
    pairs = ((key if isinstance(key, str) else key[0], text) for key, text in known.items())
    return {
        key: text for key, text in pairs if len(key) > 12 and " " in key and "%" not in key and key != text
    }


class _Words(HTMLParser):
    """Collects what a page says, in its text and in the attributes that people meet."""

    def __init__(self) -> None:
        super().__init__()
        self.said: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = ("placeholder", "title", "aria-label", "alt", "value")
        self.said |= {text for name, text in attrs if text and (name in told or name.startswith("data-"))}

    def handle_data(self, data: str) -> None:
        self.said.add(" ".join(data.split()))


def test_a_page_in_english_says_no_indonesian_sentence_of_ours(office: Office, browser: Browser) -> None:
    sentences = foreign()
    assert len(sentences) > 500
    leaks: list[str] = []
    windows = {}
    for sheet in sheets(office.rows):
        if sheet.who not in windows:
            windows[sheet.who] = office.window(browser, sheet.who)
            windows[sheet.who].add_cookies([{"name": "django_language", "value": "en", "url": office.url}])
        reader = _Words()
        reader.feed(windows[sheet.who].request.get(office.url + sheet.address).text())
        leaks += (f"{sheet.name}: {text}" for text in sentences.keys() & reader.said)
    for window in windows.values():
        window.close()
    assert not leaks, "\n" + "\n".join(leaks)


def test_what_is_said_to_be_no_page_is_none(office: Office, browser: Browser) -> None:
    windows = {who: office.window(browser, who) for who in ("editor", "admin", "contributor")}
    known = set()
    for name, arguments, _ in asked():
        known.add(name)
        if name not in NOT_PAGES or name in OPEN_TO_ALL or name == "proof_page":
            continue
        address = office.url + reverse(name, args=[office.rows.get(str(part), 1) for part in arguments])
        for window in windows.values():
            answer = window.request.get(address, max_redirects=0)
            assert answer.status != 200 or "<!doctype html>" not in answer.text()[:200].lower(), name
    assert set(NOT_PAGES) <= known
    for window in windows.values():
        window.close()


WEIGHED = ("document", "stylesheet", "script", "font", "fetch", "xhr", "other", "image")
MOST = {"queue": 60_000, "story": 70_000}
"""What may travel before a page is there for whoever opens it first of all, photos aside, in bytes; the story has 30."""


@pytest.mark.parametrize("name", ["queue", "story"])
def test_a_first_page_is_light_and_is_kept(office: Office, browser: Browser, name: str) -> None:
    sheet = next(one for one in sheets(office.rows) if one.name == name)
    window = office.window(browser, sheet.who, viewport=WIDE)
    page = window.new_page()
    came: list[Response] = []
    page.on("response", lambda answer: came.append(answer))
    page.goto(office.url + sheet.address, wait_until="networkidle")
    if name == "queue":
        assert page.locator("[data-rows] a.row").count() >= 25
    else:
        assert page.locator(".photo").count() == 30
    weights = {
        answer.url: sum(answer.request.sizes()[part] for part in ("responseBodySize", "responseHeadersSize"))
        for answer in came
        if not answer.url.split("?")[0].endswith(".jpg")
    }
    assert sum(weights.values()) < MOST[name], weights
    assert any("/static/" in url for url in weights)
    for answer in came:
        if "/static/" in answer.url:
            assert "immutable" in answer.headers["cache-control"], answer.url
            assert answer.headers["content-encoding"] == "gzip", answer.url
    window.close()


SHIFTS = """() => {
  window.shifted = 0;
  window.movers = [];
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) {
      window.shifted += entry.value;
      window.movers.push(...entry.sources.map(one => one.node?.outerHTML?.slice(0, 90)));
    }
  }).observe({type: 'layout-shift', buffered: true});
}"""


@pytest.mark.parametrize("view", [NARROW, WIDE])
def test_nothing_jumps_while_a_page_comes(office: Office, browser: Browser, view: ViewportSize) -> None:
    faults = {}
    for sheet in sheets(office.rows):
        if sheet.name not in ("queue", "story", "published", "archive", "archive-wall", "record", "more"):
            continue
        window = office.window(browser, sheet.who, viewport=view)
        window.add_init_script(f"({SHIFTS})()")
        page = window.new_page()
        page.goto(office.url + sheet.address, wait_until="networkidle")
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        if (moved := page.evaluate("window.shifted")) >= 0.01:
            faults[sheet.name] = (moved, page.evaluate("window.movers"))
        window.close()
    assert not faults


FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const shown = [one, one.closest('label'), one.closest('.drop')?.querySelector('.button')].filter(Boolean);
  const ring = shown.some(it => getComputedStyle(it).outlineStyle !== 'none' && parseFloat(getComputedStyle(it).outlineWidth) >= 2);
  const box = one.getBoundingClientRect();
  const place = box.width > 1 && (box.bottom <= 0 || box.top >= innerHeight) ? 'out of sight' : '';
  return {what: one.outerHTML.slice(0, 120), fault: ring ? place : 'no ring'};
}"""


@pytest.mark.parametrize("view", [NARROW, WIDE])
def test_keys_reach_everything_and_show_where_they_are(
    office: Office, browser: Browser, view: ViewportSize
) -> None:
    faults = []
    for sheet in sheets(office.rows):
        if sheet.name not in (
            "queue",
            "story-personal",
            "story-out",
            "published",
            "archive",
            "attention",
            "upload",
        ):
            continue
        window = office.window(browser, sheet.who, viewport=view)
        page = window.new_page()
        page.goto(office.url + sheet.address)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip", sheet.name
        for _ in range(500):
            page.keyboard.press("Tab")
            told = page.evaluate(FOCUSED)
            if told is None or "skip" in told["what"]:
                break
            if told["fault"]:
                faults.append(f"{sheet.name}: {told['fault']}: {told['what']}")
        else:
            faults.append(f"{sheet.name}: the keys do not come out again")
        window.close()
    assert not faults, "\n" + "\n".join(faults)
