"""Tests of one real peer run one after another, so that each peer is started once."""

from __future__ import annotations

import pytest

PEERS = {
    # WordPress twice, because it has far more tests than the others: each half has its own three sites.
    **dict.fromkeys(
        ("wordpress_xmlrpc", "wordpress_drift", "wordpress_setup", "wordpress_wizard"), "wordpress 2"
    ),
    "wordpress": "wordpress",
    "dovecot": "dovecot",
    "chromium": "chromium",
}
"""What a test module's name says of its peer, the narrower first."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        peer = next((group for word, group in PEERS.items() if word in item.path.name), None)
        if peer and item.path.parent.name == "real":
            item.add_marker(pytest.mark.xdist_group(peer))
