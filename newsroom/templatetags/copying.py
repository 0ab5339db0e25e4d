"""How the archive is kept, in a line."""

from __future__ import annotations

from typing import Any

from django import template

from newsroom.copying import lag, lag_words

register = template.Library()


@register.inclusion_tag("newsroom/_archive_standing.html")
def archive_standing() -> dict[str, Any]:
    """Say how far the second copy is behind."""
    found = lag()
    return {"lag": found, "words": lag_words(found)}
