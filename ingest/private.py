"""What of a story may be somebody's private matter, told to the editors as the mail is read. Nothing is changed."""

from __future__ import annotations

from prose.personal import find

_MOST = 200_000


def remarks(body: str) -> list[str]:
    """Say which kinds of personal data a story's text holds; never the data itself."""
    kinds = list(dict.fromkeys(finding.label for finding in find(body[:_MOST]) if finding.blocks))
    if not kinds:
        return []
    return [f"Naskah memuat {' dan '.join(kinds)}; pastikan boleh disiarkan, atau samarkan di naskah."]
