"""The same weather for a publisher that sends again until it is told yes: that the storm bites at all."""

from __future__ import annotations

import html
import threading
from collections import Counter
from itertools import count

import requests

from tests.office import picture
from tests.real.storm.board import Board
from tests.real.storm.tales import Edition, tales
from tests.real.storm.weather import Climate, Weather
from tests.real.wordpress import WordPressSite

TIMES = 100
"""How often a story is sent at most."""


def naive(site: WordPressSite, stories: int, climate: Climate, seed: int) -> dict[str, int]:
    """Publish so many stories at an empty site and return what readers then see wrong."""
    board = Board({tale.number: tale for tale in tales(stories, seed, 0)})
    weather = Weather(board, None, [site], climate, seed)
    weather.break_out()
    try:
        with requests.Session() as session:
            session.auth = ("redaksi", site.passwords["redaksi"])
            session.headers["User-Agent"] = "Redaksi (naif)"
            for tale in board.tales.values():
                _send_until_told_yes(session, site, tale.next_edition(), climate.timeout)
    finally:
        weather.clear()
    site.drain()
    shown = site.posts("publish")
    titles = Counter(html.unescape(post["title"]) for post in shown)
    featured = {post["thumbnail"] for post in shown}
    return {
        "stories": stories,
        "faults": sum(weather.hits().values()),
        "duplicates": sum(titles.values()) - len(titles),
        "without photo": sum(post["thumbnail"] is None for post in shown),
        "stray photos": sum(str(one["id"]) not in featured for one in site.media()),
    }


def _send_until_told_yes(
    session: requests.Session, site: WordPressSite, edition: Edition, timeout: float
) -> None:
    shot = edition.shots[0]
    text = {"title": edition.headline, "content": edition.body, "status": "publish"}
    pause = threading.Event()
    for attempt in count(1):
        try:
            photo = session.post(
                f"{site.url}/wp-json/wp/v2/media",
                data=picture(1000 * edition.story + shot.number, (800, 600)),
                headers={
                    "Content-Type": "image/jpeg",
                    "Content-Disposition": 'attachment; filename="foto.jpg"',
                },
                timeout=timeout,
            )
            photo.raise_for_status()
            made = session.post(
                f"{site.url}/wp-json/wp/v2/posts",
                json={**text, "featured_media": photo.json()["id"]},
                timeout=timeout,
            )
            made.raise_for_status()
            if made.json()["id"]:
                return
        except (requests.RequestException, ValueError):
            pause.wait(0.5)
            assert attempt < TIMES, f"“{edition.headline}” was never taken"
