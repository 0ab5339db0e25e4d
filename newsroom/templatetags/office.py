"""How times, numbers and texts are shown: in the office's zone and the reader's language."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext

import prose
from newsroom import tickets
from newsroom.models import LogEntry, Photo
from photos import Edits

register = template.Library()

THREE_ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")


DEEDS = {
    "queue": gettext_lazy("Masuk antrean"),
    "accepted": gettext_lazy("Surel diterima"),
    "held": gettext_lazy("Surel ditahan"),
    "ignored": gettext_lazy("Surel dikesampingkan"),
    "failed": gettext_lazy("Surel gagal dibaca"),
    "admit": gettext_lazy("Surel diterima atas keputusan"),
    "set_aside": gettext_lazy("Surel dikesampingkan"),
    "retry": gettext_lazy("Dicoba lagi"),
    "second_copy_begin": gettext_lazy("Salinan kedua dimulai"),
    "second_copy_retry": gettext_lazy("Salinan kedua dicoba lagi"),
    "second_copy_failed": gettext_lazy("Salinan kedua tidak utuh"),
    "second_copy_again": gettext_lazy("Salinan kedua dibuat ulang"),
    "medium": gettext_lazy("Media simpan dicatat"),
    "holdings": gettext_lazy("Berkas di media simpan dicatat"),
    "holding_changed": gettext_lazy("Isi berkas di media simpan berubah"),
    "holding_accepted": gettext_lazy("Isi baru berkas di media simpan diterima"),
    "choose_start": gettext_lazy("Awal pengambilan surel dipilih"),
    "fetch_anyway": gettext_lazy("Surel diambil atas permintaan"),
    "settle_now": gettext_lazy("Penandaan surel dicoba lagi"),
    "edit": gettext_lazy("Disunting"),
    "proposed": gettext_lazy("Usulan perubahan masuk"),
    "reply": gettext_lazy("Pengirim membalas"),
    "take": gettext_lazy("Usulan dipakai"),
    "decline": gettext_lazy("Usulan tidak dipakai"),
    "reconsider": gettext_lazy("Usulan dipertimbangkan lagi"),
    "separate": gettext_lazy("Usulan dijadikan berita sendiri"),
    "join": gettext_lazy("Digabungkan dengan kiriman ulang"),
    "add_photos": gettext_lazy("Foto kiriman ulang ditambahkan"),
    "differ": gettext_lazy("Dinyatakan bukan kiriman ulang"),
    "alike": gettext_lazy("Dinyatakan kemungkinan kiriman ulang"),
    "spike": gettext_lazy("Ditolak"),
    "unspike": gettext_lazy("Dikembalikan ke antrean"),
    "pause": gettext_lazy("Jam dijeda"),
    "resume": gettext_lazy("Jam dijalankan lagi"),
    "send_back": gettext_lazy("Dikembalikan untuk diperbaiki"),
    "resubmit": gettext_lazy("Dikirim ulang"),
    "verify": gettext_lazy("Diverifikasi"),
    "reopen": gettext_lazy("Verifikasi dibatalkan"),
    "approve": gettext_lazy("Disetujui pimpinan"),
    "ask_changes": gettext_lazy("Pimpinan minta perubahan"),
    "refuse": gettext_lazy("Tidak disetujui pimpinan"),
    "skip_approval": gettext_lazy("Tahap persetujuan dilewati"),
    "approval_link": gettext_lazy("Tautan persetujuan dikirim"),
    "approval_withdraw": gettext_lazy("Tautan persetujuan ditarik"),
    "approval_pin": gettext_lazy("PIN persetujuan dibuat"),
    "notice_choices": gettext_lazy("Pilihan pemberitahuan diubah"),
    "notice_address": gettext_lazy("Alamat pemberitahuan dipasang"),
    "notice_address_drop": gettext_lazy("Alamat pemberitahuan dihapus"),
    "approval_pin_wrong": gettext_lazy("PIN persetujuan salah"),
    "release": gettext_lazy("Ditayangkan"),
    "correct": gettext_lazy("Diralat"),
    "retract": gettext_lazy("Ditarik"),
    "withdraw": gettext_lazy("Ditarik darurat"),
    "explain": gettext_lazy("Alasan penarikan diumumkan"),
    "schedule": gettext_lazy("Jadwal tayang diubah"),
    "restore": gettext_lazy("Ditayangkan kembali"),
    "share": gettext_lazy("Dibagikan"),
    "unshare": gettext_lazy("Tanda sudah dibagikan dihapus"),
    "preserve": gettext_lazy("Disimpan dalam paket arsip"),
    "fixity": gettext_lazy("Keutuhan paket arsip berubah"),
    "fixity_failed": gettext_lazy("Berkas arsip ditemukan tidak utuh"),
    "fixity_repaired": gettext_lazy("Berkas arsip dipulihkan"),
    "fixity_report": gettext_lazy("Laporan keutuhan dibuat"),
    "record": gettext_lazy("Berkas arsip diubah"),
    "record_review": gettext_lazy("Arsip dinilai kembali"),
    "filing_rule": gettext_lazy("Klasifikasi bawaan kategori diubah"),
    "retention_schedule": gettext_lazy("Jadwal retensi arsip diimpor"),
    "destroy_propose": gettext_lazy("Pemusnahan arsip diusulkan"),
    "destroy_approve": gettext_lazy("Pemusnahan arsip disetujui"),
    "destroy_refuse": gettext_lazy("Pemusnahan arsip tidak disetujui"),
    "collage": gettext_lazy("Kolase dibuat"),
    "import": gettext_lazy("Diimpor dari masa sebelum Redaksi"),
    "collage_propose": gettext_lazy("Kolase diusulkan"),
    "collage_start": gettext_lazy("Kolase mulai disusun"),
    "collage_edit": gettext_lazy("Susunan kolase diubah"),
    "collage_make": gettext_lazy("Kolase diminta dibuat"),
    "collage_queue": gettext_lazy("Kolase masuk antrean"),
    "collage_copy": gettext_lazy("Resep kolase digandakan"),
    "collage_drop": gettext_lazy("Kolase disisihkan"),
    "describe": gettext_lazy("Keterangan arsip diubah"),
    "describe_undo": gettext_lazy("Perubahan keterangan arsip diurungkan"),
    "take_photos": gettext_lazy("Foto diunduh dari arsip"),
    "take_package": gettext_lazy("Paket arsip diunduh"),
    "leader": gettext_lazy("Daftar pimpinan diubah"),
    "tag": gettext_lazy("Daftar tag diubah"),
    "contributor_add": gettext_lazy("Kontributor ditambahkan"),
    "contributor_change": gettext_lazy("Kontributor diubah"),
    "contributor_block": gettext_lazy("Kontributor diblokir"),
    "contributor_unblock": gettext_lazy("Blokir kontributor dibuka"),
    "restore_text": gettext_lazy("Teks yang disisihkan dikembalikan"),
    "choose_text": gettext_lazy("Naskah lain dari surel dipakai"),
    "fix": gettext_lazy("Diperbaiki menurut pemeriksaan naskah"),
    "ignore_finding": gettext_lazy("Temuan pemeriksaan naskah diabaikan"),
    "heed_findings": gettext_lazy("Temuan yang diabaikan ditampilkan lagi"),
    "spelling": gettext_lazy("Daftar ejaan diubah"),
    "abbreviation": gettext_lazy("Daftar singkatan diubah"),
    "undo_text": gettext_lazy("Naskah sebelumnya dikembalikan"),
    "receive": gettext_lazy("Naskah diterima"),
    "restore_revision": gettext_lazy("Revisi lama dikembalikan"),
    "mask": gettext_lazy("Data pribadi disamarkan"),
    "overrule": gettext_lazy("Data pribadi dinyatakan boleh dimuat"),
    "split": gettext_lazy("Dijadikan berita sendiri dari surel"),
    "use_picture": gettext_lazy("Gambar dipakai sebagai foto"),
    "ignore_picture": gettext_lazy("Gambar selalu diabaikan"),
    "heed_picture": gettext_lazy("Gambar tidak diabaikan lagi"),
    "move_photo": gettext_lazy("Foto dipindahkan"),
    "edit_photo": gettext_lazy("Foto dipotong atau dikaburkan"),
    "mask_photo": gettext_lazy("Dinyatakan sudah tidak dikenali pada foto"),
    "unflag_photo": gettext_lazy("Tanda foto dicabut"),
    "carry_flags": gettext_lazy("Tanda foto dibawa dari berita lain"),
    "flag_too": gettext_lazy("Foto ditandai seperti foto yang mirip"),
    "tell_apart": gettext_lazy("Tanda foto yang mirip dinyatakan tidak berlaku"),
    "reset_photo": gettext_lazy("Foto dikembalikan ke asli"),
    "leave_out": gettext_lazy("Foto yang mirip dikeluarkan"),
    "put_back": gettext_lazy("Foto yang mirip dimasukkan lagi"),
    "ask": gettext_lazy("Pengirim diminta melampirkan"),
    "ask_reread": gettext_lazy("Diminta dibaca ulang"),
    "reread": gettext_lazy("Surel dibaca ulang"),
    "undelivered": gettext_lazy("Surat tidak sampai"),
    "handled": gettext_lazy("Ditandai sudah ditangani"),
    "take_task": gettext_lazy("Tugas situs mulai dikerjakan"),
    "leave_task": gettext_lazy("Tugas situs dilepas"),
    "tell_task": gettext_lazy("Alamat di situs dicatat untuk diperiksa"),
    "change_address": gettext_lazy("Alamat di situs diganti"),
    "record_task": gettext_lazy("Dicatat sendiri, tidak terbaca otomatis"),
    "never_there": gettext_lazy("Dinyatakan tidak pernah tayang di situs"),
    "pause_site": gettext_lazy("Situs dijeda"),
    "resume_site": gettext_lazy("Situs dilanjutkan"),
    "drift": gettext_lazy("Berubah di situs"),
    "drift_over": gettext_lazy("Di situs sama lagi dengan versi kita"),
    "keep_theirs": gettext_lazy("Versi situs dibiarkan"),
    "take_theirs": gettext_lazy("Versi situs diambil sebagai draf ralat"),
    "put_ours_back": gettext_lazy("Versi kita dikembalikan ke situs"),
    "discard_upload": gettext_lazy("Kiriman yang tidak jadi dikirim dihapus"),
    "person": gettext_lazy("Akun dibuat atau diubah lewat perintah"),
    "profile": gettext_lazy("Profil diubah"),
    "role": gettext_lazy("Peran utama diganti"),
    "term": gettext_lazy("Jabatan diberikan"),
    "term_end": gettext_lazy("Jabatan diakhiri"),
    "account_close": gettext_lazy("Akun ditutup"),
    "account_open": gettext_lazy("Akun dibuka lagi"),
    "invite": gettext_lazy("Diundang"),
    "trial": gettext_lazy("Surel uji penyiapan"),
    "setup_office": gettext_lazy("Pengaturan kantor ditulis"),
    "setup_mailbox": gettext_lazy("Kotak surel ditulis ke pengaturan"),
    "setup_outgoing": gettext_lazy("Surel keluar ditulis ke pengaturan"),
    "setup_site": gettext_lazy("Situs ditulis ke pengaturan"),
    "setup_skip": gettext_lazy("Langkah penyiapan dilewati"),
    "setup_close": gettext_lazy("Daftar penyiapan ditutup"),
    "setup_open": gettext_lazy("Daftar penyiapan dibuka lagi"),
    "invite_again": gettext_lazy("Tautan dibuat dan dikirim lagi"),
    "invite_withdraw": gettext_lazy("Tautan ditarik"),
    "invite_accept": gettext_lazy("Undangan diterima"),
    "reset_link": gettext_lazy("Tautan kata sandi baru dibuat"),
    "password_reset": gettext_lazy("Kata sandi dibuat baru lewat tautan"),
    "password": gettext_lazy("Kata sandi diganti"),
    "signin": gettext_lazy("Masuk"),
    "signin_failed": gettext_lazy("Gagal masuk"),
    "oidc_link": gettext_lazy("Akun kantor dihubungkan"),
    "session_end": gettext_lazy("Sesi diakhiri"),
    "factor_failed": gettext_lazy("Kode verifikasi salah"),
    "factor_add": gettext_lazy("Verifikasi dua langkah dipasang"),
    "factor_remove": gettext_lazy("Verifikasi dua langkah dihapus"),
    "factor_renew": gettext_lazy("Kode cadangan dibuat baru"),
    "factors_drop": gettext_lazy("Verifikasi dua langkah dihapus admin"),
}
"""What was done, in words, for each verb of the log."""
SPEAKS_FOR_ITSELF = ("verify", "release", "reopen", "unspike", "resubmit", "preserve")
"""Their notes name states or paths, which is for the record, not for reading."""


@register.simple_tag
def deed(entry: LogEntry) -> str:
    """Say what a line of the log records."""
    return deed_of(entry.verb)


@register.simple_tag
def deed_of(verb: str) -> str:
    """Say what was done, as `Diverifikasi`."""
    return str(DEEDS.get(verb, verb))


@register.simple_tag
def deed_note(entry: LogEntry) -> str:
    """Return what was noted, where it says more than the deed itself."""
    return "" if entry.verb in SPEAKS_FOR_ITSELF else entry.note


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw one symbol of icons.svg; the words stand beside it."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        static("web/icons.svg"),
        name,
    )


@register.simple_tag
def photo_url(photo: Photo, size: str) -> str:
    """Return where a photo's rendition is seen; another address once its edits are others."""
    key = Edits.from_json(photo.edits).key()
    return reverse("photo", args=[photo.pk, size]) + (f"?s={key}" if key else "")


@register.filter
def address(value: str) -> SafeString:
    """Write a mail address so that a narrow column breaks it at the @."""
    name, _, host = value.rpartition("@")
    return format_html("{}<wbr>@{}", name, host) if name else format_html("{}", value)


@register.filter
def ticket(pk: int) -> str:
    """Write a story's number as its contributor knows it: `MC-000123`."""
    return tickets.ticket(pk)


@register.filter
def markdown(text: str) -> SafeString:
    """Turn a story's Markdown into safe HTML."""
    return mark_safe(prose.to_html(text or ""))  # noqa: S308 - nh3 has the last word in prose.to_html


@register.simple_tag
def when(at: datetime | str | None) -> SafeString | str:
    """Show a moment shortly, today without its date; exact where the pointer rests."""
    at = datetime.fromisoformat(at) if isinstance(at, str) else at
    if at is None:
        return ""
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), moment(at), short(at))


@register.filter
def short(at: datetime | None) -> str:
    """Write `14.05 WIB`, with `20 Nov` before it on another day and the year in another year."""
    if at is None:
        return ""
    local, today = _local(at), _local(timezone.now())
    if local.date() == today.date():
        return _clock(at)
    return f"{date_format(local, 'j M' if local.year == today.year else 'j M Y')}, {_clock(at)}"


@register.filter
def moment(at: datetime | None) -> str:
    """Write `Jumat, 20 November 2026 pukul 14.05 WIB`."""
    if at is None:
        return ""
    return gettext("%(day)s pukul %(time)s") % {"day": long_day(at), "time": _clock(at)}


@register.filter
def everywhere(at: datetime) -> str:
    """Write one moment as Indonesia's three clocks show it: `08.00 WIB · 09.00 WITA · 10.00 WIT`."""
    return " · ".join(prose.clock(at, ZoneInfo(name)) for name in THREE_ZONES)


@register.filter
def for_input(at: datetime | None) -> str:
    """Write a moment as a date field of a form holds it."""
    return _local(at).strftime("%Y-%m-%dT%H:%M") if at else ""


@register.filter
def long_day(at: datetime | None) -> str:
    """Write `Jumat, 20 November 2026`."""
    return date_format(_local(at), "l, j F Y") if at else ""


@register.filter
def day(at: datetime | None) -> str:
    """Write `20 November 2026`."""
    return date_format(_local(at), "j F Y") if at else ""


@register.filter
def ago(at: datetime) -> str:
    """Write `2 menit lalu`."""
    passed = timezone.now() - at
    if passed < timedelta(minutes=1):
        return gettext("baru saja")
    return gettext("%(time)s lalu") % {"time": lasting(passed)}


def lasting(length: timedelta) -> str:
    """Write a length of time in its two largest units, `1 jam 10 menit`; seconds are not worth counting."""
    if length < timedelta(minutes=1):
        return gettext("kurang dari 1 menit")
    words = prose.duration(length).split()
    pairs = zip(words[::2], words[1::2], strict=True)
    return " ".join(_unit(int(count), unit) for count, unit in pairs)


def _unit(count: int, unit: str) -> str:
    match unit:
        case "hari":
            return ngettext("%(count)s hari", "%(count)s hari", count) % {"count": number(count)}
        case "jam":
            return ngettext("%(count)s jam", "%(count)s jam", count) % {"count": count}
        case _:
            return ngettext("%(count)s menit", "%(count)s menit", count) % {"count": count}


@register.filter
def minutes(count: int | None) -> str:
    """Write `48 menit`, or a dash where nothing was measured."""
    if count is None:
        return "–"
    return ngettext("%(count)s menit", "%(count)s menit", count) % {"count": number(count)}


@register.filter
def number(value: int) -> str:
    """Write `1.234`, or `1,234` for an English reader."""
    return prose.number(value) if get_language() == "id" else f"{value:,}"


@register.filter
def filesize(value: int) -> str:
    """Write `2,1 MB`."""
    large = (value / 1e9, "GB") if value >= 1e9 else (value / 1e6, "MB")
    amount, unit = large if value >= 1_000_000 else (max(value / 1000, 0.1), "kB")
    written = f"{amount:.1f}" if amount < 10 else f"{amount:.0f}"
    return f"{written.replace('.', ',') if get_language() == 'id' else written} {unit}"


@register.simple_tag
def zone() -> str:
    """Name the office's zone as it is now: `WIB`."""
    return prose.zone_label(timezone.now(), settings.REDAKSI.office.tz)


def _clock(at: datetime) -> str:
    # A line never ends between a time and its zone.
    written = prose.clock(at, settings.REDAKSI.office.tz).replace(" ", "\u00a0")
    return written if get_language() == "id" else written.replace(".", ":", 1)


def _local(at: datetime) -> datetime:
    return timezone.localtime(at, settings.REDAKSI.office.tz)
