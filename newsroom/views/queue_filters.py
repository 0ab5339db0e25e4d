"""What of the queue is shown, and in which order: everything stands in the address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsroom import clocks
from newsroom.models import LogEntry, Person, Photo, State, Story, StoryQuerySet, Submission, Trust
from newsroom.tickets import ticket_in

NOW, WAITING = "sekarang", "terverifikasi"
STATES: dict[str, State] = {
    "antre": State.QUEUED,
    "dikembalikan": State.RETURNED,
    "terverifikasi": State.VERIFIED,
    "ditolak": State.SPIKED,
}
ANY = gettext_lazy("Semua")
TRUSTED = [choice for choice in Trust.choices if choice[0]]


def _choice(label: Any, choices: Any, anything: Any = ANY) -> forms.ChoiceField:
    return forms.ChoiceField(required=False, label=label, choices=[("", anything), *choices])


def _tick(label: Any) -> forms.BooleanField:
    return forms.BooleanField(required=False, label=label, widget=forms.CheckboxInput(attrs={"value": "ya"}))


class Filters(forms.Form):
    """What to look for; what cannot be understood is left out."""

    q = forms.CharField(required=False, max_length=200, label=gettext_lazy("Cari"))
    jam = _choice(
        gettext_lazy("Batas waktu"),
        (
            ("terlambat", gettext_lazy("Terlambat")),
            ("mendesak", gettext_lazy("Hampir habis")),
            ("dijeda", gettext_lazy("Dijeda")),
        ),
    )
    dari = forms.CharField(required=False, max_length=150, label=gettext_lazy("Kontributor atau unit"))
    kategori = forms.CharField(required=False, max_length=60, label=gettext_lazy("Kategori"))
    pengirim = _choice(gettext_lazy("Pengirim"), TRUSTED)
    temuan = _tick(gettext_lazy("Ada temuan pemeriksaan"))
    foto = _tick(gettext_lazy("Tanpa foto"))
    embargo = _tick(gettext_lazy("Berembargo"))
    saya = _tick(gettext_lazy("Pernah saya tangani"))
    urut = _choice(
        gettext_lazy("Urutan"),
        (
            ("jam", gettext_lazy("Batas waktu")),
            ("terbaru", gettext_lazy("Terbaru masuk")),
            ("terlama", gettext_lazy("Terlama masuk")),
            ("judul", gettext_lazy("Judul")),
        ),
        gettext_lazy("Seperti biasa"),
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="saring-%s")
        self.is_valid()
        self.wanted: dict[str, Any] = {name: value for name, value in self.cleaned_data.items() if value}
        """What was asked for and understood."""

    @property
    def narrowing(self) -> list[str]:
        """The names of what keeps stories out of the list, besides words."""
        return [name for name in self.wanted if name not in ("q", "urut")]

    def chips(self, tab: str) -> list[dict[str, str]]:
        """Return what keeps stories out of the list, in words, and where the list is seen without it."""
        told = []
        for name in self.narrowing:
            field, value = self.fields[name], self.wanted[name]
            words = str(field.label)
            if not isinstance(field, forms.BooleanField):
                words += f": {dict(getattr(field, 'choices', ())).get(value, value)}"
            told.append({"words": words, "address": self.address(tab, without=name)})
        return told

    def address(self, tab: str, without: str = "") -> str:
        """Return the list in its tab as it stands in an address."""
        chosen = {name: "ya" if value is True else str(value) for name, value in self.wanted.items()}
        chosen.pop(without, None)
        return urlencode({"status": tab, **chosen})


@dataclass(frozen=True)
class Tab:
    name: str
    label: str
    count: int
    current: bool


def names_of_tabs(person: Person) -> list[str]:
    """Return the tabs of this person, the first one first."""
    return [NOW, *STATES]


def in_tab(visible: StoryQuerySet, tab: str, person: Person, now: datetime) -> StoryQuerySet:
    """Keep the stories of a tab."""
    if tab == NOW:
        return clocks.needing(visible, now)
    if tab == WAITING and person.sees:
        return clocks.running(visible).exclude(state=State.QUEUED)
    return visible.filter(state=STATES[tab]) if tab in STATES else visible


def tabs(visible: StoryQuerySet, person: Person, tab: str, now: datetime) -> list[Tab]:
    """Return the tabs with what each holds."""
    labels = {NOW: _("Perlu dikerjakan"), "semua": _("Semua")}
    if person.sees:
        labels[WAITING] = _("Menunggu tayang")
    return [
        Tab(
            name,
            labels.get(name) or str(STATES[name].label),
            in_tab(visible, name, person, now).order_by().count(),
            name == tab,
        )
        for name in names_of_tabs(person)
    ]


def narrowed(stories: StoryQuerySet, wanted: dict[str, Any], person: Person, now: datetime) -> StoryQuerySet:
    """Keep what the filters ask for."""
    stories = _holding(stories, wanted.get("q", ""))
    match wanted.get("jam"):
        case "terlambat":
            stories = clocks.late(stories, now)
        case "mendesak":
            stories = clocks.soon(stories, now)
        case "dijeda":
            stories = stories.exclude(paused_at=None)
    for word in wanted.get("dari", "").split()[:10]:
        stories = stories.filter(
            Q(byline_outlet__icontains=word)
            | Q(contributor__name__icontains=word)
            | Q(contributor__outlet__icontains=word)
        )
    if category := wanted.get("kategori"):
        stories = stories.filter(category__iexact=category)
    if trust := wanted.get("pengirim"):
        stories = stories.filter(Exists(Submission.objects.filter(story=OuterRef("pk"), trust=trust)))
    if wanted.get("temuan"):
        stories = stories.filter(Q(findings__gt=0) | Q(personal_findings__gt=0))
    if wanted.get("foto"):
        shown = Photo.objects.filter(story=OuterRef("pk"), left_out=False, readable=True)
        stories = stories.exclude(Exists(shown))
    if wanted.get("embargo"):
        stories = stories.filter(embargo_until__gt=now)
    if wanted.get("saya"):
        stories = stories.filter(Exists(LogEntry.objects.filter(story=OuterRef("pk"), by=person)))
    return stories


def ordered(stories: StoryQuerySet, order: str, tab: str, person: Person) -> StoryQuerySet:
    """Order as asked; by itself a list with clocks by them, what is behind us newest first."""
    on_the_clock = tab in (NOW, "antre", WAITING) and person.sees
    match order or ("jam" if on_the_clock else "terbaru"):
        case "jam":
            return clocks.in_order(stories)
        case "terlama":
            return stories.order_by("received_at", "pk")
        case "judul":
            return stories.order_by("headline", "pk")
        case _:
            return stories.order_by("-received_at", "-pk")


def _holding(stories: StoryQuerySet, words: str) -> StoryQuerySet:
    number = ticket_in(words)
    if number is not None:
        return stories.filter(pk=number)
    for word in words.split()[:10]:
        stories = stories.filter(
            Q(headline__icontains=word)
            | Q(body__icontains=word)
            | Q(byline_outlet__icontains=word)
            | Q(contributor__name__icontains=word)
        )
    return stories


def uncounted(stories: StoryQuerySet) -> StoryQuerySet:
    """Keep the stories whose findings are to be counted before they can be asked for."""
    waiting = stories.filter(state__in=(State.QUEUED, State.RETURNED), findings=None)
    return waiting.order_by("pk")


def known_categories() -> list[str]:
    """Return the categories of the stories that wait, for the filter to offer."""
    waiting = Story.objects.filter(state__in=(State.QUEUED, State.RETURNED)).exclude(category="")
    return list(waiting.order_by("category").values_list("category", flat=True).distinct()[:50])
