"""What only a person knows of a new site: its name among ours, its title, and which category goes where."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from newsroom.models import Story
from publishers import PublishError
from publishers.wordpress import WordPressPublisher
from publishers.wordpress_rehearsal import categories, habit

MOST = 40
"""Categories of ours that are asked for, the most used first."""
Held = list[tuple[int, str]]


def short_name() -> forms.RegexField:
    """Return the field for a site's name in settings.yaml."""
    return forms.RegexField(
        r"^[a-z0-9][a-z0-9-]*$",
        max_length=40,
        label=_("Nama pendek"),
        help_text=_(
            "Huruf kecil, angka, dan tanda hubung. Tidak diganti lagi sesudah ada berita yang tayang."
        ),
        error_messages={
            "invalid": _("Pakai huruf kecil, angka, dan tanda hubung saja, misalnya dinas-kominfo.")
        },
    )


class SiteForm(forms.Form):
    name = short_name()
    title = forms.CharField(
        max_length=100, label=_("Nama situs"), help_text=_("Seperti yang dikenal orang di kantor.")
    )
    markup = forms.ChoiceField(
        choices=[("block", _("Blok (editor baru)")), ("classic", _("Klasik (editor lama)"))],
        label=_("Cara naskah ditulis"),
        required=False,
    )

    def __init__(self, *args: Any, held: Held, names: list[str], markup: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names, self.ours = names, our_categories() if held else []
        if not markup:
            del self.fields["markup"]
        choices = [(str(number), name) for number, name in held]
        if held:
            self.fields["default"] = forms.ChoiceField(
                choices=[("", _("– pilih –")), *choices],
                label=_("Kategori untuk berita lain"),
                help_text=_("Dipakai bila kategori sebuah berita tidak disebut di bawah."),
            )
        for number, ours in enumerate(self.ours):
            same = next((str(key) for key, name in held if name.casefold() == ours.casefold()), "")
            self.fields[f"kategori-{number}"] = forms.ChoiceField(
                choices=[("", _("seperti berita lain")), *choices], label=ours, required=False, initial=same
            )

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if name in self.names:
            raise forms.ValidationError(_("Nama ini sudah dipakai situs lain. Pilih nama lain."))
        return name

    def mapped(self) -> list[forms.BoundField]:
        return [self[f"kategori-{number}"] for number in range(len(self.ours))]

    def entry(self) -> dict[str, Any]:
        """Return the keys of settings.yaml that were chosen here."""
        chosen = self.cleaned_data
        entry: dict[str, Any] = {"name": chosen["name"], "title": chosen["title"]}
        if chosen.get("markup"):
            entry["markup"] = chosen["markup"]
        if chosen.get("default"):
            named = {ours: chosen[f"kategori-{number}"] for number, ours in enumerate(self.ours)}
            entry["categories"] = {
                "default": int(chosen["default"]),
                **{ours: int(number) for ours, number in named.items() if number},
            }
        return entry


def our_categories() -> list[str]:
    """Return the names our stories and the settings of other sites use."""
    used = Story.objects.exclude(category="").values_list("category", flat=True).distinct()[:MOST]
    told = {name for site in settings.REDAKSI.sites for name in site.options.get("categories", {})}
    return sorted({*used, *told} - {"default"}, key=str.casefold)[:MOST]


def choices_of(publisher: WordPressPublisher) -> tuple[Held, str]:
    """Return the site's categories and the markup of its own stories; nothing where it does not say."""
    try:
        return categories(publisher), habit(publisher)
    except PublishError:
        return [], ""


def suggested_name(url: str, taken: list[str]) -> str:
    """Return a short name that is free, made of the address."""
    host = (urlsplit(url).hostname or "situs").removeprefix("www.")
    stem = re.sub(r"[^a-z0-9]+", "-", host.partition(".")[0]).strip("-") or "situs"
    stem = "situs" if stem.isdecimal() else stem
    free = (
        name
        for number in range(1, 1000)
        if (name := stem if number == 1 else f"{stem}-{number}") not in taken
    )
    return next(free, "")
