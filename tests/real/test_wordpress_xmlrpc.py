"""A real WordPress, spoken to by XML-RPC only, keeps the contract."""

from __future__ import annotations

from typing import Any

import pytest

from publishers.wordpress_xmlrpc import WordPressXmlrpcPublisher
from tests.publishers.contract import PublisherContract
from tests.real.test_wordpress import Visitor
from tests.real.wordpress import WordPressSite

pytest_plugins = ("tests.real.wordpress.fixtures",)
pytestmark = pytest.mark.real


def xmlrpc(site: WordPressSite, **changes: Any) -> WordPressXmlrpcPublisher:
    made = site.publisher(kind="wordpress-xmlrpc", **changes)
    assert isinstance(made, WordPressXmlrpcPublisher)
    return made


class TestContract(PublisherContract):
    @pytest.fixture
    def publisher(self, kota: WordPressSite) -> WordPressXmlrpcPublisher:
        return xmlrpc(kota)

    @pytest.fixture
    def reader(self, kota: WordPressSite) -> Visitor:
        return Visitor(kota)
