"""Tests of one real peer run one after another, so that each peer is started once."""

from __future__ import annotations

import pytest

PEERS = ("wordpress", "dovecot", "chromium")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        peer = next((name for name in PEERS if name in item.path.name), None)
        if peer and item.path.parent.name == "real":
            item.add_marker(pytest.mark.xdist_group(peer))
