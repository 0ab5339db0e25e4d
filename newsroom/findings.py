"""What the checks find in a story: its words as they are being written, the office's lists, what is ignored."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

import prose
from newsroom.models import Abbreviation, Spelling, State, Story
from newsroom.personal import barring
from prose.checks import Caption, Checked, Finding, Lists, check


@dataclass(frozen=True)
class Spot:
    """Where a finding stands in the form, counted as browsers count: in UTF-16 units."""

    field: str
    start: int
    end: int
    old: str
    fix: str | None


@dataclass(frozen=True)
class Told:
    """Findings about the same words, told once."""

    name: str
    """SHA-256 of what they are about."""
    first: Finding
    place: str
    """Where the first stands, in words."""
    spots: tuple[Spot, ...]

    @property
    def fixable(self) -> bool:
        return self.first.fix is not None

    @property
    def data(self) -> str:
        """The spots as JSON, for the page's script."""
        return json.dumps([[spot.field, spot.start, spot.end, spot.old, spot.fix] for spot in self.spots])


def lists() -> Lists:
    """Return the office's lists as they are in use."""
    return Lists(
        tuple(Spelling.objects.filter(active=True).values_list("wrong", "right")),
        tuple(Abbreviation.objects.filter(active=True).values_list("short", "long")),
    )


def look_over(story: Story, written: Mapping[str, str] | None = None) -> list[Told]:
    """Return what the checks say of the story with the fields `written` in its form, the grave first.

    What an editor ignores in this story is left out.
    """
    ignored = set(story.ignored_findings.values_list("found", flat=True))
    return [item for item in every(story, written) if item.name not in ignored]


def tally(story: Story) -> None:
    """Keep with the story how much the checks and the search for personal data find in its saved text.

    The lists show these figures; counted for every row of every page they would take longer than the page.
    """
    story.findings, story.personal_findings = len(look_over(story)), len(barring(story))
    Story.objects.filter(pk=story.pk, revision=story.revision_id).update(
        findings=story.findings, personal_findings=story.personal_findings
    )


def forget_tallies() -> None:
    """Forget what was counted in stories that wait: the office's lists have changed."""
    waiting = Story.objects.filter(state__in=(State.QUEUED, State.RETURNED))
    waiting.update(findings=None, personal_findings=None)


def every(story: Story, written: Mapping[str, str] | None) -> list[Told]:
    """Return all findings, the grave first."""
    texts = texts_of(story, written)
    grouped: dict[str, list[Finding]] = {}
    for finding in findings_in(story, texts):
        grouped.setdefault(name_of(finding), []).append(finding)
    told = [_told(name, found, texts) for name, found in grouped.items()]
    return sorted(told, key=lambda item: not item.first.grave)


def texts_of(story: Story, written: Mapping[str, str] | None) -> dict[str, str]:
    """Return every text that is checked by the name of its field in the form, with line ends as browsers hold them."""
    texts = {"headline": story.headline, "body": story.body, "dateline_city": story.dateline_city}
    for photo in story.photos.filter(left_out=False):
        texts[f"foto-{photo.pk}-caption"] = photo.caption
        texts[f"foto-{photo.pk}-alt"] = photo.alt
    for name in texts:
        texts[name] = (
            (written or {}).get(name, texts[name])[:200_000].replace("\r\n", "\n").replace("\r", "\n")
        )
    return texts


def findings_in(story: Story, texts: Mapping[str, str]) -> Iterable[Finding]:
    tz = settings.REDAKSI.office.tz
    pictures = [name.removesuffix("-caption") for name in texts if name.endswith("-caption")]
    checked = Checked(
        headline=texts["headline"],
        body=texts["body"],
        captions=[Caption(name, texts[f"{name}-caption"], texts[f"{name}-alt"]) for name in pictures],
        received=story.received_at.astimezone(tz).date(),
        zone=prose.zone_label(timezone.now(), tz),
        city=texts["dateline_city"],
        lists=lists(),
    )
    return check(checked, off=settings.REDAKSI.checks.off)


def _told(name: str, found: list[Finding], texts: Mapping[str, str]) -> Told:
    spots = []
    for finding in found:
        text = texts[field_of(finding.where)]
        start, end = (_utf16(text[:at]) for at in (finding.start, finding.end))
        spots.append(
            Spot(field_of(finding.where), start, end, text[finding.start : finding.end], finding.fix)
        )
    return Told(name, found[0], _place(found[0].where, texts), tuple(spots))


def _place(where: str, texts: Mapping[str, str]) -> str:
    if where == "headline":
        return _("Judul")
    if where == "body":
        return _("Isi berita")
    pictures = [name for name in texts if name.endswith("-caption")]
    number = pictures.index(where.partition(":")[2] + "-caption") + 1
    return _("Foto %(number)d") % {"number": number}


def field_of(where: str) -> str:
    """Name the form's field in which a finding stands."""
    kind, _colon, picture = where.partition(":")
    return f"{picture}-{kind}" if picture else kind


def name_of(finding: Finding) -> str:
    return hashlib.sha256(finding.subject.encode()).hexdigest()


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
