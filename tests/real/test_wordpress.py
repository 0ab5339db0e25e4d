"""A real WordPress keeps the contract, and exactly one story whatever happens to the answers."""

from __future__ import annotations

import pytest

from publishers.wordpress import WordPressPublisher
from tests.publishers.contract import PublisherContract, Reader
from tests.real.wordpress import WordPressSite

pytest_plugins = ("tests.real.wordpress.fixtures",)
pytestmark = pytest.mark.real


class Visitor(Reader):
    story = ".entry-content"

    def __init__(self, site: WordPressSite) -> None:
        self.site = site

    def get(self, address: str) -> bytes | None:
        answer = self.site.get(address)
        return answer.content if answer.ok else None

    def front(self) -> str:
        return self.site.get(self.site.url).text

    def resolve(self, page: str, src: str) -> str:
        return src


class TestContract(PublisherContract):
    @pytest.fixture
    def publisher(self, kota: WordPressSite) -> WordPressPublisher:
        return kota.publisher()

    @pytest.fixture
    def reader(self, kota: WordPressSite) -> Visitor:
        return Visitor(kota)
