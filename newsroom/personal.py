"""Personal data in a story: what bars verification, and an editor's word that it may be published.

Nothing here keeps or logs what was found: a log line names the kind and the place, an overrule holds a SHA-256.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsroom.acts import ActRefused
from newsroom.models import Overrule, Person, Photo, Revision, Story, log
from prose.personal import NUMBERS, Finding, find, hide

KINDS = {
    "nip": gettext_lazy("NIP"),
    "nik": gettext_lazy("NIK"),
    "kk": gettext_lazy("nomor KK"),
    "npwp": gettext_lazy("NPWP"),
    "passport": gettext_lazy("nomor paspor"),
    "account": gettext_lazy("nomor rekening"),
    "phone": gettext_lazy("nomor telepon"),
    "email": gettext_lazy("alamat surel"),
    "plate": gettext_lazy("pelat nomor"),
    "address": gettext_lazy("alamat rumah"),
    "child": gettext_lazy("nama anak"),
    "public_number": gettext_lazy("nomor layanan umum"),
    "public_email": gettext_lazy("surel kantor"),
}
PLACES = {
    "headline": gettext_lazy("judul"),
    "dateline_city": gettext_lazy("dateline"),
    "byline_outlet": gettext_lazy("unit penulis"),
    "byline_writer": gettext_lazy("inisial penulis"),
    "byline_editor": gettext_lazy("nama editor"),
    "photographer": gettext_lazy("nama fotografer"),
    "body": gettext_lazy("isi berita"),
    "category": gettext_lazy("kategori"),
    "caption": gettext_lazy("keterangan foto"),
    "credit": gettext_lazy("kredit foto"),
    "alt": gettext_lazy("teks alternatif foto"),
}
WORDS_OF_A_PHOTO = ("caption", "credit", "alt")
_AROUND = 50
SHORTEST_REASON = 5


@dataclass(frozen=True)
class Place:
    """One text of a story: a field of its own, or one of a photo's."""

    name: str
    text: str
    photo: int | None = None

    @property
    def label(self) -> str:
        return str(PLACES[self.name])


@dataclass(frozen=True)
class Mention:
    """One place where something personal stands."""

    place: Place
    finding: Finding

    @property
    def before(self) -> str:
        """The words before it, whole ones, with the space between."""
        start = self.finding.start
        cut = self.place.text[max(0, start - _AROUND) : start]
        if start <= _AROUND:
            return re.sub(r"\s+", " ", cut)
        return "… " + re.sub(r"\s+", " ", re.sub(r"^\S*\s", "", cut))

    @property
    def after(self) -> str:
        """The words after it, whole ones, with the space between."""
        end = self.finding.end
        cut = self.place.text[end : end + _AROUND]
        if len(self.place.text) <= end + _AROUND:
            return re.sub(r"\s+", " ", cut)
        return re.sub(r"\s+", " ", re.sub(r"\s\S*$", "", cut)) + " …"


@dataclass(frozen=True)
class Concern:
    """One number, address or name of somebody, wherever it stands in the story."""

    kind: str
    value: str
    mentions: tuple[Mention, ...]
    overrule: Overrule | None = None

    @property
    def label(self) -> str:
        return str(KINDS[self.kind])

    @property
    def first(self) -> Mention:
        return self.mentions[0]

    @property
    def masked(self) -> str:
        return self.first.finding.masked

    @property
    def bars(self) -> bool:
        """Whether the story cannot be verified because of it."""
        return self.first.finding.blocks and self.overrule is None

    @property
    def token(self) -> str:
        """Its name in an address; says nothing about what it is without this office's secret key."""
        return salted_hmac("redaksi.personal", f"{self.kind} {self.value}", algorithm="sha256").hexdigest()[
            :20
        ]

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.value.encode()).hexdigest()

    @property
    def where(self) -> str:
        """The places it stands in, in words, each once."""
        return ", ".join(dict.fromkeys(mention.place.label for mention in self.mentions))


def places(story: Story, photos: Iterable[Photo] | None = None) -> Iterator[Place]:
    """Return each text of the story that readers would see."""
    for name in Revision.TEXT:
        if text := getattr(story, name):
            yield Place(name, text)
    for photo in story.photos.all() if photos is None else photos:
        if photo.left_out or not photo.readable:
            continue
        for name in WORDS_OF_A_PHOTO:
            if text := getattr(photo, name):
                yield Place(name, text, photo.pk)


def concerns(story: Story) -> list[Concern]:
    """Return what is personal in the story, what an editor has overruled included, in order."""
    mentions: dict[tuple[str, str], list[Mention]] = {}
    for place in places(story):
        for finding in find(place.text):
            mentions.setdefault((finding.kind, finding.value), []).append(Mention(place, finding))
    if not mentions:
        return []
    overruled = {(row.rule, row.found): row for row in story.overrules.all()}
    return [
        Concern(kind, value, tuple(found), overruled.get((kind, hashlib.sha256(value.encode()).hexdigest())))
        for (kind, value), found in mentions.items()
    ]


def barring(story: Story) -> list[Concern]:
    """Return what must be masked or overruled before the story is verified."""
    return [concern for concern in concerns(story) if concern.bars]


def objection(story: Story) -> str:
    """Say what bars publishing, by kind and place and never by what it is; empty when nothing does."""
    found = barring(story)
    if not found:
        return ""
    kinds = list(dict.fromkeys(f"{concern.label} ({concern.where})" for concern in found))
    return _(
        "Berita ini masih memuat data pribadi: %(kinds)s. Samarkan, atau nyatakan boleh dimuat beserta alasannya."
    ) % {"kinds": "; ".join(kinds)}


def objection_to_note(note: str) -> str:
    """Say why readers cannot be shown this note; empty when they can."""
    found = [finding for finding in find(note) if finding.blocks]
    if not found:
        return ""
    kinds = ", ".join(dict.fromkeys(str(KINDS[finding.kind]) for finding in found))
    return _("Keterangan yang tampil bagi pembaca memuat %(kinds)s. Hapus dari keterangannya.") % {
        "kinds": kinds
    }


def without(story: Story, note: str) -> str:
    """Return a note fit for the log and for letters: identity numbers, and what bars this story, are masked."""
    if not note:
        return note
    return hide(note, NUMBERS, {concern.value for concern in barring(story)})


def overrule(story: Story, token: str, reason: str, by: Person) -> Overrule:
    """Note that one finding may be published, and why. It binds what was found, not its place. Raises ActRefused."""
    if not by.edits:
        raise ActRefused(_("Hanya editor yang dapat menyatakan data ini boleh dimuat."))
    concern = next((one for one in concerns(story) if one.token == token), None)
    if concern is None:
        raise ActRefused(_("Data ini sudah tidak ada di berita. Muat ulang halaman."))
    if concern.overrule:
        raise ActRefused(
            _("Data ini sudah dinyatakan boleh dimuat oleh %(who)s.") % {"who": concern.overrule.by}
        )
    reason = " ".join(reason.split())[:1000]
    if len(reason) < SHORTEST_REASON:
        raise ActRefused(
            _("Tuliskan alasannya: mengapa %(kind)s ini boleh dimuat.") % {"kind": concern.label}
        )
    for mention in concern.mentions:
        reason = reason.replace(mention.finding.found, concern.masked)
    reason = hide(reason, NUMBERS, {one.value for one in concerns(story)})
    with transaction.atomic():
        row = Overrule.objects.create(
            story=story, rule=concern.kind, found=concern.digest, reason=reason, by=by
        )
        note = f"{concern.label} ({concern.where}): {reason}"
        log("overrule", by=by, story=story, version=story.version, note=note)
        Story.objects.filter(pk=story.pk).update(personal_findings=len(barring(story)))
    return row


def personal_panel(story: Story, person: Person) -> dict[str, Any]:
    """Return what the panel at the top of the checks shows."""
    found = concerns(story)
    return {
        "barring": [one for one in found if one.bars],
        "let_through": [one for one in found if one.overrule],
        "announced": [one for one in found if not one.first.finding.blocks],
        "may_overrule": person.edits,
    }
