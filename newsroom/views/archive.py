"""The archive: find what was published, and see that it is still what it was."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from newsroom.models import PUBLIC, Contributor, Package, Person, Photo, Story
from newsroom.search import find
from newsroom.views.access import story_for
from newsroom.views.photo_facts import sent_by
from newsroom.views.proofs import receipts
from newsroom.views.published import as_released, thumbnail
from newsroom.views.standing import fixity, standings
from newsroom.workflow import sealed_versions

PER_PAGE = 30
PHOTOS_PER_PAGE = 60


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        required=False,
        label=label,
        input_formats=("%Y-%m-%d",),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[_sensible],
        error_messages={"invalid": _("Tanggal ini tidak dikenali.")},
    )


def _sensible(day: date) -> None:
    if not 1900 <= day.year <= 2200:
        raise ValidationError(_("Tanggal ini tidak dikenali."))


class Filters(forms.Form):
    """What to look for; whatever cannot be understood is told and left out."""

    q = forms.CharField(required=False, max_length=200, label=_("Cari"))
    dari = _day(_("Dari"))
    sampai = _day(_("Sampai"))
    situs = forms.ChoiceField(required=False, label=_("Situs"))
    kontributor = forms.ModelChoiceField(
        Contributor.objects.none(), required=False, label=_("Kontributor"), empty_label=_("Semua")
    )
    tampil = forms.ChoiceField(
        required=False, choices=(("", "daftar"), ("dinding", "dinding")), widget=forms.HiddenInput
    )

    def __init__(self, person: Person, data: Any) -> None:
        super().__init__(data, auto_id="saring-%s")
        sites = [(site.name, site.title) for site in settings.REDAKSI.sites]
        self.fields["situs"].choices = [("", _("Semua")), *sites]
        contributors = Contributor.objects.all() if person.sees else person_rows(person)
        self.fields["kontributor"].queryset = contributors


def person_rows(person: Person) -> QuerySet[Contributor]:
    return Contributor.objects.filter(person=person)


@login_required
@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """List what was published, or its photos as a wall."""
    filters = Filters(request.user, request.GET)
    filters.is_valid()
    wanted = filters.cleaned_data
    stories = _matching(Story.objects.all().visible_to(request.user).public(), wanted)
    wall = wanted.get("tampil") == "dinding"
    context: dict[str, Any] = {"section": "archive", "filters": filters, "wall": wall}
    context["filtered"] = any(wanted.get(name) for name in ("q", "dari", "sampai", "situs", "kontributor"))
    if wall:
        photos = Photo.objects.filter(story__in=stories.values("pk"), left_out=False, readable=True)
        photos = photos.select_related("story").order_by("-story__released_at", "-story", "order", "id")
        context["page"] = Paginator(photos, PHOTOS_PER_PAGE).get_page(request.GET.get("hal"))
    else:
        found = as_released(stories).prefetch_related("photos", "packages")
        page = Paginator(found.order_by("-released_at", "-pk"), PER_PAGE).get_page(request.GET.get("hal"))
        context["page"] = page
        context["rows"] = [
            {"story": story, "thumbnail": thumbnail(story), "fixity": fixity(_present(story))}
            for story in page
        ]
    return render(request, "newsroom/archive.html", context)


@login_required
@require_safe
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one published story as a printed record: text, photos, proofs, versions, originals, fixity."""
    story = story_for(request, pk)
    if story.state not in PUBLIC:
        raise Http404
    versions = list(sealed_versions(story))
    by_sha = {photo.sha256: photo for photo in story.photos.all()}
    present = versions[-1]
    deliveries = list(story.deliveries.all())
    context = {
        "section": "archive",
        "story": story,
        "text": present,
        "photos": [{**photo, "row": by_sha.get(photo["sha256"])} for photo in present.photos],
        "versions": list(reversed(versions)),
        "packages": [fixity(package) for package in story.packages.order_by("-version", "-revision")],
        "standings": standings(story, deliveries),
        "receipts": receipts(deliveries, story.proofs.all(), versions),
        "mails": story.mails.prefetch_related("attachments"),
        "originals": [
            photo
            for photo in story.photos.select_related("submission__contributor")
            if sent_by(photo, request.user)
        ],
    }
    return render(request, "newsroom/record.html", context)


def _matching(stories: QuerySet[Story], wanted: dict[str, Any]) -> QuerySet[Story]:
    stories = find(stories, wanted.get("q") or "")
    if wanted.get("dari"):
        stories = stories.filter(released_at__gte=_midnight(wanted["dari"]))
    if wanted.get("sampai"):
        stories = stories.filter(released_at__lt=_midnight(wanted["sampai"] + timedelta(days=1)))
    if wanted.get("situs"):
        stories = stories.filter(deliveries__site=wanted["situs"], deliveries__sent_version__gt=0)
    if wanted.get("kontributor"):
        stories = stories.filter(contributor=wanted["kontributor"])
    return stories


def _present(story: Story) -> Package | None:
    """Return the package of the version readers have."""
    rows = [row for row in story.packages.all() if row.version == story.version]
    # The newest that is made; what is still to be packaged besides it is told on the record.
    return max(rows, key=lambda row: (bool(row.path), row.revision), default=None)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, settings.REDAKSI.office.tz)
