"""What people write on a story, checked. Saving it is editing.py's, deciding is workflow.py's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

import prose
from newsroom.editing import PhotoChange, may_edit
from newsroom.models import Consent, Person, Photo, Revision, State, Story
from newsroom.photos import FLAGS

LONGEST_HEADLINE = 500
LONGEST_BODY = 200_000
TOO_LONG = {"max_length": _("Terlalu panjang: paling banyak %(limit_value)d huruf, sekarang %(show_value)d.")}


def _line(longest: int, label: Any, **how: Any) -> forms.CharField:
    how.setdefault("widget", forms.TextInput)
    return forms.CharField(required=False, max_length=longest, label=label, error_messages=TOO_LONG, **how)


class StoryForm(forms.Form):
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    """The revision the writer began from."""
    seen_state = forms.CharField(required=False, widget=forms.HiddenInput)

    headline = _line(LONGEST_HEADLINE, _("Judul"), widget=forms.Textarea(attrs={"rows": 2}))
    dateline_city = _line(120, _("Dateline"), help_text=_("Kota asal berita"))
    byline_outlet = _line(150, _("Unit"), help_text=_("Tampil sebagai (Unit/inisial)"))
    byline_writer = _line(150, _("Inisial penulis"))
    byline_editor = _line(150, _("Editor"))
    photographer = _line(150, _("Fotografer"))
    category = _line(60, _("Kategori"), widget=forms.TextInput(attrs={"list": "daftar-kategori"}))
    body = _line(LONGEST_BODY, _("Isi berita"), strip=False, widget=forms.Textarea(attrs={"rows": 18}))
    sites = forms.MultipleChoiceField(
        required=False,
        label=_("Situs tujuan"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Situs ini tidak ada lagi pada pengaturan. Muat ulang halaman.")},
    )
    embargo_until = forms.DateTimeField(
        required=False,
        label=_("Embargo sampai"),
        input_formats=("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": _("Tulis tanggal dan jamnya lengkap, atau kosongkan.")},
    )

    def __init__(self, story: Story, person: Person, data: Any = None) -> None:
        self.story = story
        initial = {name: getattr(story, name) for name in (*Revision.TEXT, "sites", "embargo_until")}
        super().__init__(
            data,
            auto_id="naskah-%s",
            initial={**initial, "seen": story.revision_id, "seen_state": story.state},
        )
        self.fields["sites"].choices = [(site.name, site.title) for site in settings.REDAKSI.sites]
        self.settles = person.edits and story.state in (State.QUEUED, State.RETURNED)
        for name in ("sites", "embargo_until"):
            self.fields[name].disabled = not self.settles
        for name, field in self.fields.items():
            if name in Revision.TEXT and field.help_text:
                field.widget.attrs["aria-describedby"] = f"naskah-{name}-petunjuk"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in Revision.TEXT:
            if name in cleaned:
                cleaned[name] = self._written(name, cleaned[name])
        if "headline" in cleaned and not cleaned["headline"]:
            self.add_error("headline", _("Judul wajib diisi."))
        return cleaned

    def clean_sites(self) -> list[str]:
        if not self.settles:
            return list(self.story.sites)
        chosen: list[str] = self.cleaned_data["sites"]
        known = [name for name, _title in self.fields["sites"].choices]
        if set(chosen) == set(self.story.sites):
            return list(self.story.sites)
        return [name for name in known if name in chosen]

    def clean_embargo_until(self) -> datetime | None:
        until: datetime | None = self.cleaned_data["embargo_until"]
        kept = self.story.embargo_until
        if until and not 2000 <= until.year <= 2100:
            raise ValidationError(_("Tahun embargo ini tidak mungkin. Periksa tanggalnya."))
        if until and kept and until == kept.replace(second=0, microsecond=0):
            return kept
        return until

    def _written(self, name: str, value: str) -> str:
        """Return what was written, cleaned; what only differs by outer space is unchanged."""
        value = prose.clean(value)
        if name != "body":
            value = " ".join(value.split())
        kept: str = getattr(self.story, name)
        return kept if value.strip() == kept.strip() else value.strip()

    def text(self) -> dict[str, str]:
        """Return the checked text, as editing.edit wants it."""
        return {name: self.cleaned_data[name] for name in Revision.TEXT}

    def choices(self) -> dict[str, Any]:
        """Return where it goes and when, as editing.edit wants it."""
        if not self.settles:
            return {}
        return {name: self.cleaned_data[name] for name in ("sites", "embargo_until")}


PHOTO_CHOICES = ("left_out", *FLAGS, "consent", "consent_from")
"""What only editors settle."""


class PhotoForm(forms.Form):
    caption = forms.CharField(
        required=False,
        max_length=2000,
        label=_("Keterangan foto"),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=TOO_LONG,
    )
    credit = _line(200, _("Kredit foto"))
    alt = _line(500, _("Teks alternatif"), help_text=_("Untuk pembaca yang tidak melihat foto"))
    place = forms.IntegerField(
        required=False, min_value=1, max_value=9999, label=_("Urutan"), widget=forms.NumberInput
    )
    left_out = forms.BooleanField(required=False, label=_("Jangan tayangkan foto ini"))
    child = forms.BooleanField(required=False, label=FLAGS["child"])
    victim = forms.BooleanField(required=False, label=FLAGS["victim"])
    document = forms.BooleanField(required=False, label=FLAGS["document"])
    consent = forms.ChoiceField(
        required=False, label=_("Izin"), choices=[("", _("Belum ada")), *Consent.choices]
    )
    consent_from = _line(200, _("Izin dari"), help_text=_("Nama orang tua atau wali, atau nomor formulir"))

    def __init__(self, photo: Photo, place: int, settles: bool, data: Any = None) -> None:
        self.photo = photo
        names = ("caption", "credit", "alt", *PHOTO_CHOICES)
        super().__init__(
            data,
            prefix=f"foto-{photo.pk}",
            initial={**{name: getattr(photo, name) for name in names}, "place": place},
        )
        self.place = place
        for name in PHOTO_CHOICES:
            self.fields[name].disabled = not settles
        if not photo.readable:
            self.fields["left_out"].disabled = True

    def change(self, order: int) -> PhotoChange:
        cleaned = self.cleaned_data
        return PhotoChange(
            pk=self.photo.pk,
            caption=self._written("caption"),
            credit=self._written("credit"),
            alt=self._written("alt"),
            order=order,
            consent_from=self._written("consent_from"),
            **{name: cleaned[name] for name in PHOTO_CHOICES if name != "consent_from"},
        )

    def _written(self, name: str) -> str:
        value, kept = " ".join(prose.clean(self.cleaned_data[name]).split()), getattr(self.photo, name)
        return str(kept) if value == " ".join(kept.split()) else value


@dataclass(frozen=True)
class Paper:
    """A story as it lies before one person: its form and one for each photo."""

    story: Story
    form: StoryForm
    photos: Sequence[PhotoForm]

    def is_valid(self) -> bool:
        return all([self.form.is_valid(), *(photo.is_valid() for photo in self.photos)])

    def changes(self) -> list[PhotoChange]:
        """Return each photo as it is to be saved, in the order the writer wants."""
        wanted = sorted(self.photos, key=lambda row: (row.cleaned_data["place"] or row.place, row.place))
        if list(wanted) == list(self.photos):
            return [row.change(row.photo.order) for row in self.photos]
        return [row.change(order) for order, row in enumerate(wanted)]


def lay_out(story: Story, person: Person, data: Mapping[str, Any] | None = None) -> Paper:
    """Put the story before `person`, with what they wrote (`data`) or with what is saved."""
    form = StoryForm(story, person, data)
    if not may_edit(story, person):
        for field in form.fields.values():
            field.disabled = True
    photos = [
        PhotoForm(photo, place, person.edits, data) for place, photo in enumerate(_photos(story), start=1)
    ]
    return Paper(story, form, photos)


def _photos(story: Story) -> QuerySet[Photo]:
    return story.photos.select_related("submission__contributor").defer(
        "submission__source_text", "submission__segments", "submission__others", "submission__sketch"
    )
