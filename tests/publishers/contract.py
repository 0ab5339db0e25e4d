"""What every kind of site must keep. A kind's tests inherit `PublisherContract` and give two fixtures."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bs4 import BeautifulSoup, Tag

from publishers import Publisher, Receipt
from tests.publishers.samples import HOSTILE, picture, post


class Reader(ABC):
    """Somebody who visits the site and is not signed in."""

    story = "article"
    """The part of a page that holds the story's photos, as a CSS selector."""

    @abstractmethod
    def get(self, address: str) -> bytes | None:
        """Return what stands at an address of this site (a Receipt's url, or as seen in a page)."""

    @abstractmethod
    def front(self) -> str:
        """Return the front page."""

    @abstractmethod
    def resolve(self, page: str, src: str) -> str:
        """Return the address of what a page at the address `page` names as `src`."""

    def headlines(self) -> list[str]:
        """Return the headlines on the front page, in their order."""
        front = BeautifulSoup(self.front(), "html.parser")
        return [headline.get_text(strip=True) for headline in front.select("article h2")]

    def page(self, receipt: Receipt) -> BeautifulSoup:
        return BeautifulSoup(self.get(receipt.url) or b"", "html.parser")

    def photos(self, receipt: Receipt) -> list[str]:
        """Return the addresses of the story's photos, in their order."""
        return [self.resolve(receipt.url, str(image["src"])) for image in self.images(receipt)]

    def images(self, receipt: Receipt) -> list[Tag]:
        return self.page(receipt).select(f"{self.story} figure img")

    def captions(self, receipt: Receipt) -> list[str]:
        return [tag.get_text() for tag in self.page(receipt).select(f"{self.story} figcaption")]


class PublisherContract:
    """Inherit it where the fixtures `publisher` and `reader` are: those of one site."""

    def test_what_was_created_is_found_and_read(self, publisher: Publisher, reader: Reader) -> None:
        made = publisher.create(post(), {})
        assert (made.state, made.version) == ("live", 1)
        assert made.sha256 != ""
        if found := looked_up(publisher, post().key):
            assert (found.remote_id, found.url, found.state) == (made.remote_id, made.url, "live")
            assert found.sha256 == made.sha256
        page = reader.page(made)
        assert post().headline in page.get_text()
        assert "Warga datang sejak pagi." in page.get_text()
        assert post().headline in reader.front()

    def test_an_unknown_key_is_not_found(self, publisher: Publisher) -> None:
        publisher.create(post(), {})
        assert publisher.find("cerita-lain") is None

    def test_created_twice_with_its_ledger_it_is_one_story(
        self, publisher: Publisher, reader: Reader
    ) -> None:
        ledger: dict[str, Any] = {}
        first = publisher.create(post(), ledger)
        again = publisher.create(post(), ledger)
        assert (again.remote_id, again.url) == (first.remote_id, first.url)
        assert reader.headlines().count(post().headline) == 1

    def test_created_again_with_a_lost_ledger_the_first_is_found(
        self, publisher: Publisher, reader: Reader
    ) -> None:
        first = publisher.create(post(), {})
        again = publisher.create(post(), {})
        assert (again.remote_id, again.url) == (first.remote_id, first.url)
        assert reader.headlines().count(post().headline) == 1

    def test_two_stories_alike_but_for_their_keys_are_two(self, publisher: Publisher, reader: Reader) -> None:
        one, two = publisher.create(post("a1b2c3"), {}), publisher.create(post("d4e5f6"), {})
        assert one.url != two.url
        assert reader.headlines().count(post().headline) == 2

    def test_an_update_changes_the_story_and_keeps_its_address(
        self, publisher: Publisher, reader: Reader
    ) -> None:
        ledger: dict[str, Any] = {}
        made = publisher.create(post(), ledger)
        second = post(
            version=2,
            headline="Pasar murah pindah ke lapangan",
            slug="pasar-murah-pindah",
            html="<p>Pasar murah pindah.</p>",
            text_lead="Pasar murah pindah.",
            notice="Ralat: tempat pasar murah diperbaiki.",
            modified_at=post().modified_at + timedelta(hours=3),
        )
        changed = publisher.update(made.remote_id, second, ledger)
        assert (changed.remote_id, changed.url, changed.version) == (made.remote_id, made.url, 2)
        text = reader.page(made).get_text()
        assert "Pasar murah pindah ke lapangan" in text
        assert "Ralat: tempat pasar murah diperbaiki." in text
        assert "Warga datang" not in text
        assert post().headline not in reader.front()

    def test_an_update_changes_photos_and_forgets_the_unused(
        self, publisher: Publisher, reader: Reader
    ) -> None:
        ledger: dict[str, Any] = {}
        made = publisher.create(post(), ledger)
        before = reader.photos(made)
        publisher.update(made.remote_id, post(version=2, pictures=(picture(3), picture(4))), ledger)
        after = reader.photos(made)
        assert [image["alt"] for image in reader.images(made)] == [picture(3).alt, picture(4).alt]
        assert all(reader.get(address) for address in after)
        gone = set(before) - set(after)
        assert len(gone) >= 2
        assert [reader.get(address) for address in gone] == [None] * len(gone)

    def test_a_retracted_story_is_out_of_sight_with_its_photos(
        self, publisher: Publisher, reader: Reader
    ) -> None:
        ledger: dict[str, Any] = {}
        made = publisher.create(post(), ledger)
        photos = reader.photos(made)
        assert len(photos) == 3
        assert all(reader.get(address) for address in photos)
        for _ in range(2):
            hidden = publisher.retract(made.remote_id, "Ditarik atas permintaan sekolah.", ledger)
            assert hidden.state == "hidden"
        text = reader.page(made).get_text()
        assert "Pasar murah" not in text
        assert "Warga" not in text
        assert "Pasar murah" not in reader.front()
        assert [reader.get(address) for address in photos] == [None] * 3
        if found := looked_up(publisher, post().key):
            assert (found.remote_id, found.state) == (made.remote_id, "hidden")

    def test_an_update_after_a_retraction_brings_it_back(self, publisher: Publisher, reader: Reader) -> None:
        ledger: dict[str, Any] = {}
        made = publisher.create(post(), ledger)
        publisher.retract(made.remote_id, "Ditarik sementara.", ledger)
        back = publisher.update(made.remote_id, post(version=3), ledger)
        assert (back.state, back.url) == ("live", made.url)
        assert "Warga datang sejak pagi." in reader.page(made).get_text()
        photos = reader.photos(made)
        assert len(photos) == 3
        assert all(reader.get(address) for address in photos)

    def test_hostile_words_are_shown_and_never_run(self, publisher: Publisher, reader: Reader) -> None:
        bad = picture(1, caption=HOSTILE, credit="<i>x</i>", alt='"><script>alert(1)</script>')
        made = publisher.create(
            post(headline=HOSTILE, byline=HOSTILE, notice=HOSTILE, tags=(), pictures=(bad,)), {}
        )
        page = reader.page(made)
        run = page.select('script:not([type="application/ld+json"])')  # that one is data, which nothing runs
        assert "alert" not in "".join(script.get_text() for script in run)
        assert page.find("b") is None
        assert "<script>alert('x')</script>" in plain(page.get_text())
        (caption,) = reader.captions(made)
        assert HOSTILE in plain(caption)
        assert "<i>x</i>" in caption
        assert reader.images(made)[0]["alt"] == '"><script>alert(1)</script>'
        assert "<script>alert" not in reader.front()

    def test_photos_stand_in_their_order_with_captions_credits_and_alt(
        self, publisher: Publisher, reader: Reader
    ) -> None:
        wanted = (picture(5), picture(2), picture(9))
        made = publisher.create(post(pictures=wanted), {})
        assert [image["alt"] for image in reader.images(made)] == [one.alt for one in wanted]
        captions = reader.captions(made)
        assert len(captions) == 3
        for caption, one in zip(captions, wanted, strict=True):
            assert one.caption in caption
            assert f"Foto: {one.credit}" in caption

    def test_a_story_without_photos_is_published(self, publisher: Publisher, reader: Reader) -> None:
        made = publisher.create(replace(post(), pictures=()), {})
        assert made.state == "live"
        assert reader.images(made) == []


def looked_up(publisher: Publisher, key: str) -> Receipt | None:
    """Return what must be found under the key; None only of a kind that says it cannot look."""
    found = publisher.find(key)
    assert (found is not None) == publisher.can_find
    return found


def plain(text: str) -> str:
    """Undo the typographic quotes a site may set."""
    for curly, straight in {"“": '"', "”": '"', "‘": "'", "’": "'", "″": '"', "′": "'"}.items():
        text = text.replace(curly, straight)
    return text
