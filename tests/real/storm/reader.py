"""An outsider reads every site while the storm goes on, and notes what nobody may ever see."""

from __future__ import annotations

import html
import itertools
import random
import re
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import requests
from bs4 import BeautifulSoup

from tests.real.storm.board import Board
from tests.real.storm.tales import UNVERIFIED, Edition
from tests.real.wordpress import WordPressSite

NAME = "Pembaca"
PACE = 0.1
"""Seconds between two looks at one site: readers must leave it time for us."""


@dataclass(frozen=True)
class Seen:
    """One public post, as it stands in the site's own list."""

    id: int
    link: str
    modified: str
    title: str
    content: str
    featured: int
    categories: frozenset[int]

    @property
    def story(self) -> int:
        found = re.fullmatch(r"Kabar (\d+) edisi (\d+) dari kelurahan", self.title)
        return int(found[1]) if found else 0

    @property
    def edition(self) -> int:
        return int(self.title.split()[3])

    @property
    def images(self) -> list[str]:
        return [str(one["src"]) for one in BeautifulSoup(self.content, "html.parser").find_all("img")]


class Reader(threading.Thread):
    """One site's reader. Ends when the board says that all is over; an error of its own is a violation, too."""

    def __init__(self, board: Board, site: WordPressSite, seed: int) -> None:
        super().__init__(name=f"reader of {site.name}")
        self.board = board
        self.site = site
        self._chance = random.Random(f"{seed} reader {site.name}")
        self._session = requests.Session()
        self._session.headers["User-Agent"] = NAME
        self._session.trust_env = False
        self._links: dict[int, str] = {}
        self._files: dict[int, set[str]] = {}

    def run(self) -> None:
        looks = itertools.cycle((self._look_at_list, self._look_at_gone, self._look_at_list, self._look_at_story, self._look_at_front))  # fmt: skip
        for look in looks:
            if self.board.over.wait(PACE):
                return
            try:
                look()
                self.board.count("looks")
            except requests.RequestException:
                self.board.count("looks at a site that was down")
            except Exception as error:  # noqa: BLE001 - a reader that stops would prove nothing
                self.board.wrong("reader", f"{self.site.name}: {type(error).__name__}: {error}")

    # The looks

    def _look_at_list(self) -> None:
        gone = self._gone()
        posts = {post.id: post for post in self._public()}
        self._need_single([post.story for post in posts.values()], gone, "list")
        for post in posts.values():
            self._judge(post)

    def _look_at_gone(self) -> None:
        """Ask for a story that a site has taken down, and for its photos, by the addresses known from before."""
        stories = [story for story in self.board.gone_from(self.site.name) if story in self._links]
        if not stories:
            return
        story = self._chance.choice(stories)
        taken_down = self.board.gone(self.site.name, story)
        addresses = [self._links[story], *sorted(self._files.get(story, ()))]
        for address in addresses:
            answer = self._get(address)
            shown = answer.status_code == 200 and (address != addresses[0] or _headline(answer.text) == story)
            if shown and taken_down and taken_down is self.board.gone(self.site.name, story):
                self.board.wrong("withdrawn but visible", f"{self.site.name} story {story}: {address}")

    def _look_at_story(self) -> None:
        posts = list(self._public(per_page=5, orderby="modified"))
        if not posts:
            return
        post = self._chance.choice(posts)
        page = self._get(post.link)
        if page.status_code == 200 and _headline(page.text) == post.story:
            self._judge_page(post, page.text)
        for image in post.images:
            if self._get(image).status_code != 200:
                self._suspect(post, f"its photo {image} is not there")

    def _look_at_front(self) -> None:
        gone = self._gone()
        page = self._get(self.site.url + "/").text
        self._need_verified(page, "front page")
        titles = BeautifulSoup(page, "html.parser").select("main .entry-title")
        found = [re.match(r"\s*Kabar (\d+) edisi", one.text) for one in titles]
        self._need_single([int(one[1]) for one in found if one], gone, "front page")

    # What they mean

    def _gone(self) -> dict[int, object | None]:
        """Return the take-downs that stand before a look."""
        name = self.site.name
        return {story: self.board.gone(name, story) for story in self.board.gone_from(name)}

    def _need_single(self, stories: list[int], gone: dict[int, object | None], where: str) -> None:
        """Note stories that are shown twice, or although the site has confirmed that it shows them no longer."""
        for story, times in Counter(stories).items():
            if story and times > 1:
                self.board.wrong(
                    "duplicates", f"{self.site.name}'s {where} shows story {story} {times} times"
                )
            before = gone.get(story)
            if before and before is self.board.gone(self.site.name, story):
                self.board.wrong("withdrawn but visible", f"{self.site.name}'s {where} shows story {story}")

    def _judge(self, post: Seen) -> None:
        self._need_verified(f"{post.title} {post.content}", post.link)
        if not post.story:
            self.board.wrong("half states", f"{self.site.name} shows {post.id} “{post.title}”")
            return
        self._links[post.story] = post.link
        self._files.setdefault(post.story, set()).update(post.images)
        edition = self._edition(post.story, post.edition)
        if edition is None:
            self.board.wrong("unverified but visible", f"{self.site.name}: {post.title}")
            return
        for lack in self._lacks(post, edition):
            self._suspect(post, lack)

    def _lacks(self, post: Seen, edition: Edition) -> Iterator[str]:
        text = BeautifulSoup(post.content, "html.parser").get_text(" ")
        if missing := [one for one in edition.paragraphs if one not in " ".join(text.split())]:
            yield f"{len(missing)} paragraphs are missing"
        if len(post.images) != len(edition.shots):
            yield f"{len(post.images)} photos instead of {len(edition.shots)}"
        if not post.featured:
            yield "no featured photo"
        if post.categories != {self.site.categories[edition.category or "default"]}:
            yield f"categories {sorted(post.categories)}"

    def _judge_page(self, post: Seen, page: str) -> None:
        self._need_verified(page, post.link)
        images = BeautifulSoup(page, "html.parser").select(".entry-content img, .entry-content picture")
        if not images:
            self._suspect(post, "its page shows no photo")

    def _suspect(self, post: Seen, lack: str) -> None:
        """Note a half state, unless a story that left or changed in this very moment was read in two halves."""
        again = [one for one in self._public(include=post.id) if one.id == post.id]
        if not again or (again[0].content, again[0].modified) != (post.content, post.modified):
            self.board.count("looks torn by a change")
            return
        self.board.wrong("half states", f"{self.site.name} story {post.story} edition {post.edition}: {lack}")

    def _need_verified(self, text: str, where: str) -> None:
        if UNVERIFIED in text:
            self.board.wrong("unverified but visible", f"{self.site.name}: {where}")

    def _edition(self, story: int, number: int) -> Edition | None:
        tale = self.board.tales.get(story)
        return tale.editions.get(number) if tale else None

    # How it reads

    def _public(self, **query: Any) -> Iterator[Seen]:
        fields = "id,link,modified_gmt,title,content,featured_media,categories"
        asked = {"per_page": 100, "_fields": fields, **query}
        for page in itertools.count(1):
            answer = self._get(f"{self.site.url}/wp-json/wp/v2/posts", params={**asked, "page": page})
            if answer.status_code != 200:
                return
            for one in answer.json():
                yield Seen(
                    id=one["id"],
                    link=one["link"],
                    modified=one["modified_gmt"],
                    title=html.unescape(one["title"]["rendered"]),
                    content=one["content"]["rendered"],
                    featured=one["featured_media"],
                    categories=frozenset(one["categories"]),
                )
            if "per_page" in query or page >= int(answer.headers.get("X-WP-TotalPages", 1)):
                return

    def _get(self, address: str, **more: Any) -> requests.Response:
        return self._session.get(address, timeout=30, **more)


def _headline(page: str) -> int:
    """Return the number of the story a page is about, 0 when it is about none."""
    title = BeautifulSoup(page, "html.parser").select_one("h1.entry-title")
    found = re.match(r"Kabar (\d+) edisi", title.text.strip()) if title else None
    return int(found[1]) if found else 0
