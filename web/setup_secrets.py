"""A password typed into the setup: in a file at once, in the session only its place, deleted when it is not used."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from config.writing import keep_secret


@sensitive_variables("password")
def put_away(password: str, host: str, before: str = "") -> str:
    """Keep a password, and return its file; the one tried `before` goes. Raises OSError."""
    drop(before)
    name = f"{host or 'surel'}-{timezone.localtime():%Y%m%d-%H%M%S}"
    return str(keep_secret(settings.REDAKSI.data / "secrets", name, password))


def drop(file: str) -> None:
    """Delete a password's file unless the settings have come to use it."""
    ours = settings.REDAKSI.data / "secrets"
    if file and Path(file).parent == ours and file not in _used():
        Path(file).unlink(missing_ok=True)


def _used() -> set[str]:
    now = settings.REDAKSI
    named = [getattr(box, "password_file", None) for box in now.mailboxes]
    named += [now.outgoing.password_file, *(site.options.get("password_file") for site in now.sites)]
    return {str(file) for file in named if file}
