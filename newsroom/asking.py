"""Asking a sender to attach what their mail only links to. Nothing is fetched, and no stranger is written to unseen."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.editing import EditRefused
from newsroom.letters import answer, greeting, reply_subject
from newsroom.models import Letter, Person, Submission, Trust, log

_DOUBTFUL = (Trust.SUSPICIOUS, Trust.BLOCKED)


def prefilled(mail: Submission, by: Person) -> str:
    """Return the request as it is proposed to the editor, who may change every word."""
    links = "\n".join(f"{address}" for address in mail.links[:10])
    office = settings.REDAKSI.office.name
    told = (
        "Terima kasih atas kirimannya. Foto atau berkasnya ada di tautan ini:\n\n"
        f"{links}\n\n"
        "Kami tidak mengambil berkas dari tautan, dan tautan dapat kedaluwarsa. "
        if links
        else "Terima kasih atas kirimannya. "
    )
    return (
        f"Yth. {greeting(mail)},\n\n"
        f"{told}Mohon foto aslinya dilampirkan langsung pada balasan surel ini, "
        "beserta keterangan setiap foto. Bila terlalu besar, kirim dalam beberapa surel.\n\n"
        f"Salam,\n{by}\n{office}\n"
    )


def is_stranger(mail: Submission) -> bool:
    """Say whether the address is one no editor has vouched for, or one that may be borrowed."""
    return (mail.contributor_id is None and mail.admitted_by_id is None) or mail.trust in _DOUBTFUL


def ask(mail: Submission, by: Person, body: str, *, confirmed: bool = False) -> Letter:
    """Write the request, in the thread of the mail; the same request is written once. Raises EditRefused."""
    if not by.operates:
        raise EditRefused(_("Akun Anda tidak berwenang untuk tindakan ini."))
    if not body.strip():
        raise EditRefused(_("Isi permintaannya masih kosong."))
    if is_stranger(mail) and not confirmed:
        raise EditRefused(_("Pengirim ini belum dikenal. Periksa alamatnya, lalu centang bahwa Anda yakin."))
    with transaction.atomic():
        if mail.letters.filter(kind=Letter.Kind.REQUEST, body=body).exists():
            raise EditRefused(_("Permintaan yang sama sudah dikirim kepada pengirim ini."))
        letter = answer(
            mail,
            body=body,
            subject=reply_subject(mail.subject or settings.REDAKSI.office.name),
            kind=Letter.Kind.REQUEST,
            story=mail.story,
        )
        log("ask", by=by, submission=mail, story=mail.story, note=body[:400])
    return letter
