"""Apprise, which tells of something by a hundred kinds of service; loaded when it is first needed."""

from __future__ import annotations

import logging
from typing import Any


def service_of(url: str) -> Any:
    """Return what can tell `url`, None when the address is not written as its kind asks."""
    # Imported here: apprise knows some 150 services and loads them all, which a web page need not wait for.
    import apprise

    # Their log lines name addresses, and those hold passwords.
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)
    return apprise.Apprise.instantiate(url)
