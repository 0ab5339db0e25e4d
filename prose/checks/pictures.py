"""Words that a picture lacks."""

from __future__ import annotations

from collections.abc import Iterator

from prose.checks.finding import Finding, Story


def caption(story: Story) -> Iterator[Finding]:
    """Find a picture nobody has described."""
    for place, item in enumerate(story.checked.captions, start=1):
        if not item.caption.strip():
            told = f"Foto {place} belum punya keterangan. Tulis apa yang terlihat, siapa, di mana, dan kapan."
            yield Finding("caption", f"caption:{item.name}", 0, 0, told)


def alt(story: Story) -> Iterator[Finding]:
    """Find a picture that says nothing to readers who cannot see it."""
    for place, item in enumerate(story.checked.captions, start=1):
        if not item.alt.strip():
            told = f"Foto {place} belum punya teks alternatif bagi pembaca yang tidak melihat foto."
            yield Finding("alt", f"alt:{item.name}", 0, 0, told)
