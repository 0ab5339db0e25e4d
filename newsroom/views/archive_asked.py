"""What somebody asks the archive for, as the address says it: words, filters, order, and how it is shown."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.models import Contributor, Entry, Leader, Person, Tag
from newsroom.query import Query, parse
from newsroom.search import BEST, NEWEST, Facets, Filters, facets

KINDS: dict[str, tuple[str, Any]] = {
    "leader": ("pimpinan", _("Pimpinan")),
    "tag": ("tag", _("Tag")),
    "place": ("tempat", _("Tempat")),
    "category": ("kategori", _("Kategori")),
    "site": ("situs", _("Situs")),
    "contributor": ("kontributor", _("Kontributor")),
    "outlet": ("media", _("Media asal")),
    "photographer": ("fotografer", _("Fotografer")),
    "state": ("keadaan", _("Keadaan")),
}
"""The filters of search, each with its name in addresses and its title."""
NUMBERED = {"leader": Leader, "tag": Tag, "contributor": Contributor}
STATES = {"released": _("tayang"), "corrected": _("pernah diralat"), "retracted": _("ditarik")}
MOST_VALUES = 12
"""Values of one filter that an address may name."""
LARGEST = 2**31
LAST_PAGE = 5_000


def _sensible(day: date) -> None:
    if not 1900 <= day.year <= 2171:
        raise ValidationError(_("Tanggal ini tidak dikenali."))


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        required=False,
        label=label,
        input_formats=("%Y-%m-%d",),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[_sensible],
        error_messages={"invalid": _("Tanggal ini tidak dikenali.")},
    )


class Days(forms.Form):
    """The days between which something was released or took place; one that is none is told and left out."""

    dari = _day(_("Tayang dari"))
    sampai = _day(_("Tayang sampai"))
    acara_dari = _day(_("Acara dari"))
    acara_sampai = _day(_("Acara sampai"))


@dataclass(frozen=True)
class Asked:
    """A question to the archive."""

    params: QueryDict
    text: str
    query: Query
    filters: Filters
    days: Days
    wall: bool
    order: str
    page: int

    @property
    def narrowed(self) -> bool:
        return bool(self.query) or bool(self.filters)

    def address(self, **changes: str | None) -> str:
        """Return the address of the same question with something else in it, from its first page."""
        params = self.params.copy()
        for name, value in {"hal": None, **changes}.items():
            params.pop(name, None)
            if value:
                params[name] = value
        return f"?{params.urlencode()}"

    def toggled(self, name: str, value: str) -> str:
        """Return the address with a value of a filter more, or without it."""
        params = self.params.copy()
        params.pop("hal", None)
        held = params.getlist(name)
        params.setlist(name, [one for one in held if one != value] if value in held else [*held, value])
        return f"?{params.urlencode()}"


def asked(params: QueryDict) -> Asked:
    """Understand an address; whatever cannot be understood is left out."""
    text = params.get("q", "").replace("\0", "").strip()[:200]
    days = Days(params, auto_id="saring-%s")
    days.is_valid()
    told: dict[str, Any] = {
        "since": days.cleaned_data.get("dari"),
        "until": days.cleaned_data.get("sampai"),
        "event_since": days.cleaned_data.get("acara_dari"),
        "event_until": days.cleaned_data.get("acara_sampai"),
    }
    for kind, (name, _title) in KINDS.items():
        told[kind] = tuple(_values(kind, params.getlist(name)))
    query = parse(text)
    order = BEST if params.get("urut") == "cocok" and query.wanted else NEWEST
    return Asked(
        params, text, query, Filters(**told), days, params.get("tampil") == "dinding", order, _page(params)
    )


def _page(params: QueryDict) -> int:
    number = params.get("hal", "")
    return (
        min(max(int(number), 1), LAST_PAGE)
        if number.isascii() and number.isdigit() and len(number) < 9
        else 1
    )


def _values(kind: str, given: list[str]) -> Iterable[int | str]:
    for value in dict.fromkeys(one.replace("\0", "").strip()[:200] for one in given[:MOST_VALUES]):
        if kind not in NUMBERED:
            if value and (kind != "state" or value in STATES):
                yield value
        elif value.isascii() and value.isdigit() and len(value) < 11 and int(value) < LARGEST:
            yield int(value)


@dataclass(frozen=True)
class Choice:
    label: str
    count: int
    chosen: bool
    address: str
    """Where it is chosen, or let go."""


@dataclass(frozen=True)
class Facet:
    title: str
    choices: list[Choice]


def facets_for(question: Asked, counted: Facets, person: Person) -> list[Facet]:
    """Return by what the matches can be narrowed, and what they are narrowed to, with addresses."""
    names = _names(question, person)
    found = []
    for kind, (name, title) in KINDS.items():
        values = {one.value: one for one in counted.kinds.get(kind, ())}
        chosen = list(getattr(question.filters, kind))
        choices = [
            Choice(
                _label(kind, value, values[value].label if value in values else names.get((kind, value), "")),
                values[value].count if value in values else 0,
                value in chosen,
                question.toggled(name, str(value)),
            )
            for value in (*chosen, *(value for value in values if value not in chosen))
        ]
        narrows = len(choices) > 1 or any(choice.chosen or choice.count < counted.total for choice in choices)
        if narrows:
            found.append(Facet(str(title), choices))
    return found


def _names(question: Asked, person: Person) -> dict[tuple[str, int | str], str]:
    """Name what is chosen but not among the matches; contributors learn no other's name by its number."""
    found: dict[tuple[str, int | str], str] = {}
    for kind, model in NUMBERED.items():
        pks = getattr(question.filters, kind)
        if pks and (kind != "contributor" or person.sees):
            rows: Any = model
            found |= {(kind, row.pk): str(row) for row in rows.objects.filter(pk__in=pks)}
    return found


def _label(kind: str, value: int | str, known: str) -> str:
    if kind == "state":
        return str(STATES.get(str(value), value))
    return known or (f"#{value}" if kind in NUMBERED else str(value))


@dataclass(frozen=True)
class Month:
    first: date
    count: int
    height: int
    """Of its bar, in eighths of the fullest month's."""
    chosen: bool
    address: str


@dataclass(frozen=True)
class Ruler:
    """The months of one year and how much matches in each; the years before and after it."""

    year: int
    months: list[Month] = field(default_factory=list)
    before: str = ""
    after: str = ""
    whole: str = ""
    """Where the whole year is looked at."""
    whole_chosen: bool = False
    more: bool = False
    """Only the newest matches were counted."""


def ruler_for(question: Asked, counted: Facets, person: Person) -> Ruler:
    """Return the year that is looked at, or that of the newest match."""
    filters = question.filters
    newest = counted.months[0][0] // 100 if counted.months else timezone.localdate().year
    year = (filters.since or filters.until or date(newest, 1, 1)).year
    within = replace(filters, since=date(year, 1, 1), until=date(year, 12, 31))
    of_year = facets(question.query, within, person=person, most=0)
    counts = dict(of_year.months)
    most = max(counts.values(), default=1)
    months = []
    for month in range(1, 13):
        count = counts.get(year * 100 + month, 0)
        first, last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
        chosen = (filters.since, filters.until) == (first, last)
        height = -(-8 * count // most)
        months.append(Month(first, count, height, chosen, _between(question, first, last, chosen=chosen)))
    bounds = Entry.objects.order_by("month").values_list("month", flat=True)
    oldest, latest = bounds.first(), bounds.last()
    first, last = date(year, 1, 1), date(year, 12, 31)
    chosen = (filters.since, filters.until) == (first, last)
    return Ruler(
        year,
        months,
        before=_year(question, year - 1) if oldest and oldest // 100 < year else "",
        after=_year(question, year + 1) if latest and latest // 100 > year else "",
        whole=_between(question, first, last, chosen=chosen),
        whole_chosen=chosen,
        more=of_year.more,
    )


def _year(question: Asked, year: int) -> str:
    return _between(question, date(year, 1, 1), date(year, 12, 31), chosen=False)


def _between(question: Asked, first: date, last: date, *, chosen: bool) -> str:
    if chosen:
        return question.address(dari=None, sampai=None)
    return question.address(dari=first.isoformat(), sampai=last.isoformat())
