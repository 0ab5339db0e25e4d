"""What a person fills in while setting the office up."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from config.writing import held
from ingest import provider_of
from web.setup_writing import as_written, file
from web.site_form import short_name

ZONES = [
    ("Asia/Jakarta", _("WIB – Sumatera dan Jawa")),
    ("Asia/Pontianak", _("WIB – Kalimantan Barat dan Tengah")),
    ("Asia/Makassar", _("WITA – Bali, Nusa Tenggara, Kalimantan lain, Sulawesi")),
    ("Asia/Jayapura", _("WIT – Maluku dan Papua")),
]
SECURITY = [
    ("tls", _("TLS sejak awal (biasanya 993, atau 465 untuk surat keluar)")),
    ("starttls", _("STARTTLS (biasanya 143, atau 587 untuk surat keluar)")),
    ("none", _("Tanpa pengaman, hanya di komputer ini")),
]
SINCE = [
    ("0", _("Mulai dari sekarang")),
    ("7", _("7 hari terakhir")),
    ("30", _("30 hari terakhir")),
    ("", _("Tanya saya sesudah surelnya dihitung")),
]


class OfficeForm(forms.Form):
    name = forms.CharField(
        max_length=150, label=_("Nama kantor"), help_text=_("Seperti yang dikenal pembaca.")
    )
    zone = forms.ChoiceField(label=_("Zona waktu"))
    language = forms.ChoiceField(choices=settings.LANGUAGES, label=_("Bahasa layar"))
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, now: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = {zone for zone, _label in ZONES}
        # A zone written by hand stays a choice.
        self.fields["zone"].choices = [*ZONES, *([(now, now)] if now not in named else [])]  # type: ignore[attr-defined]


class _Account(forms.Form):
    """A server and an account on it, guessed from the address where they are left empty."""

    password = forms.CharField(
        max_length=500,
        label=_("Kata sandi"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    host = forms.CharField(
        max_length=200,
        label=_("Server"),
        required=False,
        help_text=_("Kosongkan bila tidak tahu: ditebak dari alamat di atas."),
        widget=forms.TextInput(
            attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}
        ),
    )
    security = forms.ChoiceField(choices=SECURITY, label=_("Pengaman"), required=False)
    port = forms.IntegerField(min_value=1, max_value=65535, label=_("Port"), required=False)
    ca_file = forms.CharField(
        max_length=300,
        label=_("Berkas sertifikat penerbit"),
        required=False,
        help_text=_(
            "Hanya untuk server yang memakai sertifikat buatan kantor sendiri; nama berkas di komputer ini."
        ),
    )

    def _need(self, field: str, told: Any) -> None:
        if not self.cleaned_data.get(field):
            self.add_error(field, told)


class MailboxForm(_Account):
    kind = forms.ChoiceField(
        choices=[("imap", _("Server surel (IMAP)")), ("folder", _("Folder di komputer ini"))],
        label=_("Surel berada di"),
        widget=forms.RadioSelect,
    )
    name = forms.RegexField(
        r"^[a-z0-9][a-z0-9-]*$",
        max_length=40,
        label=_("Nama pendek"),
        help_text=_("Huruf kecil, angka, dan tanda hubung."),
        error_messages={"invalid": _("Pakai huruf kecil, angka, dan tanda hubung saja, misalnya resmi.")},
    )
    path = forms.CharField(
        max_length=300,
        label=_("Folder"),
        required=False,
        help_text=_("Maildir, atau folder berisi berkas .eml. Dibuat bila belum ada."),
    )
    provider = forms.ChoiceField(
        choices=[
            ("", _("Menurut alamat")),
            ("google", "Gmail, Google Workspace"),
            ("microsoft", "Microsoft 365, Outlook"),
            ("yahoo", "Yahoo"),
            ("lain", _("Zimbra, cPanel, atau server sendiri")),
        ],
        label=_("Penyedia"),
        required=False,
    )
    user = forms.CharField(
        max_length=254,
        label=_("Alamat surel"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocapitalize": "none", "autocomplete": "off"}),
    )
    folder = forms.CharField(max_length=200, label=_("Folder di server"), required=False, initial="INBOX")
    since_days = forms.ChoiceField(choices=SINCE, label=_("Surel yang sudah ada"), required=False)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("kind") == "folder":
            self._need("path", _("Sebut foldernya, misalnya ./surel."))
            return given
        self._need("user", _("Tulis alamat surelnya."))
        known = provider_of(given.get("user", ""), given.get("provider", ""))
        given["known"] = known
        given["host"] = given.get("host") or known.imap
        if given.get("user"):
            self._need("host", _("Tulis nama servernya; pengelola surel kantor mengetahuinya."))
        return given

    def entry(self) -> dict[str, Any]:
        """Return the keys of settings.yaml that were chosen here, without the password's."""
        given = self.cleaned_data
        if given["kind"] == "folder":
            return {"name": given["name"], "kind": "folder", "path": given["path"]}
        security = given["security"] or "tls"
        entry = {"name": given["name"], "kind": "imap", "host": given["host"]}
        entry["port"] = given["port"] or (143 if security == "starttls" else 993)
        entry |= {"security": security, "user": given["user"], "folder": given["folder"] or "INBOX"}
        if given["since_days"]:
            entry["since_days"] = int(given["since_days"])
        return entry | ({"ca_file": given["ca_file"]} if given["ca_file"] else {})


class OutgoingForm(_Account):
    sender = forms.EmailField(
        max_length=254,
        label=_("Alamat pengirim"),
        help_text=_("Surat kepada kontributor berasal dari alamat ini."),
    )
    user = forms.CharField(
        max_length=254,
        label=_("Nama akun"),
        required=False,
        help_text=_("Biasanya alamat yang sama; kosongkan bila server tidak meminta masuk."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        given["host"] = given.get("host") or provider_of(given.get("sender", "")).smtp
        if given.get("sender"):
            self._need("host", _("Tulis nama servernya; pengelola surel kantor mengetahuinya."))
        return given

    def entry(self) -> dict[str, Any]:
        """Return the keys of settings.yaml that were chosen here, without the password's."""
        given = self.cleaned_data
        security = given["security"] or "starttls"
        entry = {"sender": given["sender"], "host": given["host"]}
        entry["port"] = given["port"] or (465 if security == "tls" else 587)
        entry |= {"security": security}
        entry |= {"user": given["user"]} if given["user"] else {}
        return entry | ({"ca_file": given["ca_file"]} if given["ca_file"] else {})


class FolderSiteForm(forms.Form):
    title = forms.CharField(
        max_length=100, label=_("Nama situs"), help_text=_("Seperti yang dikenal orang di kantor.")
    )
    name = short_name()

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if settings.REDAKSI.site(name) and held(file(), "sites", name) != self._wanted(name):
            raise forms.ValidationError(_("Nama ini sudah dipakai situs lain. Pilih nama lain."))
        return name

    def _wanted(self, name: str) -> dict[str, str]:
        """Return what a person has pasted by hand when that is this very site."""
        title = self.cleaned_data.get("title", "")
        return folder_site(name, title)


def folder_site(name: str, title: str) -> dict[str, str]:
    """Return the settings' entry of a site that Redaksi writes as files among its data."""
    place = settings.REDAKSI.data / "situs" / name
    return {"name": name, "kind": "folder", "title": title, "path": as_written(place)}
