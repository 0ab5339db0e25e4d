"""Personal data from the mail to the site: told at reading, barred at verification, masked where readers look."""

from __future__ import annotations

import json

import pytest

from newsroom.masking import mask
from newsroom.models import LogEntry, Story, Submission
from newsroom.workflow import MoveRefused, move
from tests.office import Office, coverage

NIK = "6271014508900001"
TEXT = (
    f"Kota Uji – Wali Kota Uji menyerahkan bantuan kepada warga ber-NIK {NIK} di aula, Jumat (20/11/2026).\n\n"
    "Sebanyak 120 peserta dari delapan kelurahan hadir membawa usulan prioritas tahun depan.\n\n"
    "(MC. Kota Uji/nala)\n"
)


def test_a_number_in_a_mail_reaches_no_site(office: Office) -> None:
    office.post(coverage(text=TEXT, photos=1))
    office.work()
    story = Story.objects.get()
    assert "Naskah memuat NIK" in json.dumps(Submission.objects.get().defects, ensure_ascii=False)
    editor = office.person()
    with pytest.raises(MoveRefused, match="NIK"):
        move(story, "verify", editor)
    office.work()
    pages = office.folder / "situs"
    assert not list(pages.rglob("*.html"))
    mask(story, editor, seen=story.revision_id)
    story.refresh_from_db()
    move(story, "verify", editor)
    office.work()
    written = [file.read_text() for file in pages.rglob("*.html")]
    assert any("62710•••••••0001" in page for page in written)
    assert not any(NIK in page for page in written)
    assert not any(NIK in note for note in LogEntry.objects.values_list("note", flat=True))
