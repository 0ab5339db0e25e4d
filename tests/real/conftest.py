"""What the tests against real parts share, and which of them `make thorough` adds."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.real.chromium import Product, Visitors, chromium

THOROUGH = re.compile(
    r"xmlrpc_faults.*::test_an_answer_lost_after_any_write.*\[[1-35-8]\]"
    r"|xmlrpc_faults.*::test_php_dying.*\[[1-5]\]"
    r"|xmlrpc_faults.*::test_a_spoiled_answer"
    r"|xmlrpc_faults.*::test_a_wall.*\[(403|406|429)\]"
    r"|xmlrpc_faults.*::test_(a_sweep_cut|when_the_ledger_is_lost|our_own_change)"
    r"|xmlrpc\.py::TestOldSiteContract"
    r"|wordpress_storm.*\[kota-2\]"
    r"|wordpress_wizard.*(\[newest\]|::test_a_refusal|::test_a_wrong_password)"
    r"|wordpress_setup.*newest"
    r"|wordpress_drift.*wordpress-xmlrpc"
    r"|checks_chromium.*\[360\]"
    r"|test_chromium.*::test_no_page_is_wider"
    r"|test_crash.*\[14\]"
)
"""Tests whose kind `make test` tries in another case, so that it ends within a quarter of an hour."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def visitors(browser: Browser, product: Product) -> Iterator[Visitors]:
    """People before the screens of the module's `product`; what the browser refused is a fault."""
    people = Visitors(browser, product)
    yield people
    people.leave()
    assert people.faults == []


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if THOROUGH.search(item.nodeid):
            item.add_marker(pytest.mark.thorough)
