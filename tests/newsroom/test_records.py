"""Records: the office's schedule, how stories are filed, the lists, reviews, and a destruction by two people."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from newsroom import destroying, records, schedule_sheet
from newsroom.acts import ActRefused
from newsroom.models import (
    Destruction,
    InfoClass,
    LogEntry,
    Person,
    Photo,
    Record,
    Retention,
    Story,
)
from newsroom.records import Filing
from newsroom.workflow import MoveRefused, move
from tests.newsroom.screens import enter, make_story, release, text_of
from tests.office import Office

pytestmark = pytest.mark.django_db

JRA = """Kode Klasifikasi;Jenis Arsip;Retensi Aktif;Retensi Inaktif;Nasib Akhir;Catatan
480.1;Liputan kegiatan pimpinan;2 tahun;3;Permanen;setelah kegiatan selesai
480.2;Berita harian;1;1;Musnah;
480.3;Siaran pers;1;4;Dinilai kembali;
"""


@pytest.fixture
def jra(office: Office, editor: Person) -> None:
    schedule_sheet.take(schedule_sheet.read(JRA), editor, source="jra.csv")


def filed(story: Story, code: str, *, years_ago: int = 0, **fields: Any) -> Record:
    closed = timezone.localdate() - timedelta(days=366 * years_ago)
    Record.objects.filter(story=story).update(code=code, closed_on=closed, **fields)
    return Record.objects.get(story=story)


def due() -> set[int]:
    return set(Record.objects.all().due(timezone.localdate()).values_list("story", flat=True))


def test_a_schedule_is_looked_at_row_by_row_before_it_is_taken_and_keeps_what_it_was(
    office: Office, editor: Person
) -> None:
    client = enter(editor)
    sheet = (
        JRA
        + "480.4;Foto;selama berlaku;1;Musnah;\n480.2;Lagi;1;1;Musnah;\n;Tanpa kode;1;1;;\n480.9;X;1;1;dibakar;\n"
    )
    upload = SimpleUploadedFile("jra.csv", sheet.encode("cp1252"), "text/csv")
    looked = client.post(reverse("import_schedule"), {"berkas": upload})
    words = text_of(looked)
    assert "3 baru, 0 berubah, 0 sudah sama, 4 keliru." in words
    assert "Tulis jumlah tahun saja" in words
    assert "“480.2” sudah ada di baris 3" in words
    assert "Nasib akhir “dibakar” tidak dikenal" in words
    assert not Retention.objects.exists()
    client.post(reverse("import_schedule"), {"isi": sheet, "masukkan": "1", "nama": "jra.csv"})
    assert Retention.objects.all().in_force().count() == 3
    later = sheet.replace("480.1;Liputan kegiatan pimpinan;2 tahun", "480.1;Liputan kegiatan pimpinan;4")
    line = schedule_sheet.read(later)[0]
    assert (line.fate, line.reason) == ("changed", "aktif: “2” → “4”")
    schedule_sheet.take(schedule_sheet.read(later), editor, source="jra-2027.csv")
    assert [row.active_years for row in Retention.objects.filter(code="480.1").order_by("id")] == [2, 4]
    assert Retention.objects.all().in_force().get(code="480.1").active_years == 4
    assert "jra.csv" in text_of(client.get(reverse("schedule"), {"lama": "1"}))
    assert schedule_sheet.take(schedule_sheet.read(later), editor, source="x") == 0
    assert LogEntry.objects.filter(verb="retention_schedule").count() == 2
    written = "".join(schedule_sheet.write())
    assert all(line.fate == "same" for line in schedule_sheet.read(written))


def test_a_story_is_filed_by_its_category_until_somebody_says_otherwise(
    office: Office, editor: Person, jra: None
) -> None:
    records.set_rule("", Filing(code="480.2"), editor)
    plain = release(make_story(office, 1), editor)
    assert Record.objects.get(story=plain).code == "480.2"
    assert Record.objects.get(story=plain).closed_on == timezone.localdate(plain.released_at)
    other = release(make_story(office, 2), editor)
    row = records.record_of(other)
    records.file(other, Filing(code="480.1"), editor, seen=records.stamp(row))
    assert records.set_rule("", Filing(code="480.3"), editor) == 1
    assert Record.objects.get(story=plain).code == "480.3"
    assert Record.objects.get(story=other).code == "480.1"
    with pytest.raises(ActRefused, match="baru saja diubah orang lain"):
        records.file(other, Filing(code="480.2"), editor, seen=records.stamp(row))
    with pytest.raises(ActRefused, match="tidak ada dalam JRA"):
        records.set_rule("", Filing(code="999"), editor)


def test_what_is_exempt_has_its_basis_and_never_reaches_readers(
    office: Office, editor: Person, second_editor: Person
) -> None:
    ppid = office.person("ppid", "ppid")
    story = make_story(office, 1)
    client = enter(ppid)
    address = reverse("record_form", args=[story.pk])
    sent = {"seen": "baru", "info_class": "exempt", "code": "", "security": "ordinary"}
    refused = client.post(address, sent)
    assert refused.status_code == 422
    assert "wajib disertai pasal, nomor penetapan" in text_of(refused)
    basis = {"exempt_article": "Pasal 17 huruf h", "exempt_number": "12/PPID/2026", "exempt_term": "5 tahun"}
    assert client.post(address, {**sent, **basis}).status_code == 302
    with pytest.raises(MoveRefused, match="dikecualikan"):
        move(story, "verify", editor)
    other = make_story(office, 2)
    move(other, "verify", editor)
    records.file(other, Filing(info_class=InfoClass.EXEMPT, **basis), ppid, seen="baru")
    with pytest.raises(MoveRefused, match="dikecualikan"):
        move(other, "release", None)
    out = release(make_story(office, 3), editor)
    stamp = records.stamp(records.record_of(out))
    with pytest.raises(ActRefused, match="Tarik dulu"):
        records.file(out, Filing(info_class=InfoClass.EXEMPT, **basis), ppid, seen=stamp)
    with pytest.raises(ActRefused, match="bukan akun Anda"):
        records.file(out, Filing(security="secret"), ppid, seen=stamp)
    with pytest.raises(IntegrityError), transaction.atomic():
        Record.objects.filter(story=out).update(info_class="exempt")


def test_the_lists_have_their_columns_and_no_cell_is_a_formula(
    office: Office, editor: Person, jra: None
) -> None:
    story = make_story(office, 1, headline="=HYPERLINK(1)")
    filed(release(story, editor), "480.2")
    filed(release(make_story(office, 2), editor), "480.2", security="secret")
    client = enter(editor)
    text = client.get(reverse("export_records", args=["daftar-arsip", "csv"])).getvalue().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 2
    assert rows[0]["uraian informasi"] == "'=HYPERLINK(1)"
    assert (rows[0]["retensi aktif"], rows[0]["nasib akhir"]) == ("1 tahun", "musnah")
    assert rows[1]["klasifikasi keamanan"] == "Rahasia"
    dip = client.get(reverse("export_records", args=["dip", "csv"])).getvalue().decode("utf-8-sig")
    listed = list(csv.DictReader(io.StringIO(dip)))
    assert [row["klasifikasi informasi"] for row in listed] == [
        "Setiap saat"
    ]  # what is secret is no part of it
    book = client.get(reverse("export_records", args=["daftar-arsip", "xlsx"])).content
    with zipfile.ZipFile(io.BytesIO(book)) as made:
        sheet = made.read("xl/worksheets/sheet1.xml").decode()
        assert "=HYPERLINK(1)" in sheet
    assert "<f>" not in sheet


def test_what_its_schedule_no_longer_keeps_is_listed_and_a_review_keeps_it(
    office: Office, editor: Person, jra: None
) -> None:
    stories = [release(make_story(office, number), editor) for number in range(1, 5)]
    filed(stories[0], "480.2", years_ago=3)
    filed(stories[1], "480.2", years_ago=1)  # still inactive
    filed(stories[2], "", years_ago=90)  # never due before it is classified
    filed(stories[3], "480.3", years_ago=6)
    assert due() == {stories[0].pk, stories[3].pk}
    client = enter(editor)
    page = client.get(reverse("review_list"))
    assert stories[0].headline in text_of(page)
    assert stories[1].headline not in text_of(page)
    sent = {"pilih": [stories[0].pk], "putusan": "permanen", "alasan": "Bernilai sejarah."}
    client.post(reverse("review_list"), {**sent, "alasan": ""})
    assert stories[0].pk in due()
    client.post(reverse("review_list"), sent)
    client.post(reverse("review_list"), {**sent, "pilih": [stories[3].pk], "putusan": "nanti", "tahun": "5"})
    assert due() == set()
    assert LogEntry.objects.filter(verb="record_review").count() == 2
    assert Record.objects.all().due(timezone.localdate().replace(day=1) + timedelta(days=6 * 366)).exists()
    line = Retention.objects.get(code="480.2")
    assert line.ends(date(2024, 2, 29)) == date(2026, 2, 28)


def test_a_destruction_needs_two_people_and_leaves_a_record_while_nothing_is_deleted(
    office: Office, editor: Person, second_editor: Person, jra: None
) -> None:
    first, second = (release(make_story(office, number), editor) for number in (1, 2))
    Photo.objects.filter(story=second).update(sha256=Photo.objects.get(story=first).sha256)
    filed(first, "480.2", years_ago=3)
    lasting = release(make_story(office, 3), editor)
    filed(lasting, "480.1", years_ago=9)
    before = (Story.objects.count(), Photo.objects.count())
    archivist = office.person("arsip", "archivist")
    client = enter(archivist)
    went = client.post(reverse("review_list"), {"pilih": [first.pk, lasting.pk], "putusan": "musnah"})
    words = {"number": "000.5/7/2026", "reason": "Habis retensi.", "committee": "Ibu Uji\nBapak Coba"}
    refused = client.post(went.url, {**words, "pilih": [first.pk, lasting.pk]})
    assert "menurut JRA permanen" in text_of(refused)
    assert "000.5/7/2026" in refused.content.decode()  # nothing that was written is lost
    client.post(reverse("propose_destruction"), {**words, "pilih": [first.pk]})
    made = Destruction.objects.get()
    assert due() == {lasting.pk}
    decide = reverse("decide_destruction", args=[made.pk])
    minutes = reverse("destruction_minutes", args=[made.pk])
    client.post(decide, {"putusan": "setuju"})  # no right to
    assert enter(second_editor).get(minutes).status_code == 404
    second_editor_client = enter(second_editor)
    Destruction.objects.filter(pk=made.pk).update(proposed_by=second_editor)
    second_editor_client.post(decide, {"putusan": "setuju"})  # their own
    made.refresh_from_db()
    assert made.state == "open"
    with pytest.raises(IntegrityError), transaction.atomic():
        Destruction.objects.filter(pk=made.pk).update(state="approved", decided_by=second_editor)
    Destruction.objects.filter(pk=made.pk).update(proposed_by=archivist)
    second_editor_client.post(decide, {"putusan": "setuju", "catatan": "Setuju."})
    made.refresh_from_db()
    assert (made.state, made.decided_by) == ("approved", second_editor)
    assert (Story.objects.count(), Photo.objects.count()) == before
    pdf = second_editor_client.get(minutes).content
    assert pdf.startswith(b"%PDF-1.7")
    assert b"pdfaid" in pdf
    files = second_editor_client.get(reverse("destruction_files", args=[made.pk])).getvalue().decode()
    mail = first.submissions.get()
    assert mail.sha256 in files
    assert f"tetap disimpan, dipakai juga oleh MC-{second.pk:06d}" in files
    assert "000.5/7/2026" in text_of(second_editor_client.get(reverse("destruction", args=[made.pk])))
    listed = second_editor_client.get(reverse("export_records", args=["daftar-arsip", "csv"])).getvalue()
    assert first.headline.encode() not in listed
    assert "sudah disetujui untuk dimusnahkan" in records.objection(first)
    assert set(
        LogEntry.objects.filter(story=first, verb__startswith="destroy").values_list("verb", flat=True)
    ) == {
        "destroy_propose",
        "destroy_approve",
    }


def test_a_refused_proposal_gives_its_records_back(
    office: Office, editor: Person, second_editor: Person, jra: None
) -> None:
    story = release(make_story(office, 1), editor)
    row = filed(story, "480.2", years_ago=3)
    made = destroying.propose([row], editor, number="1", reason="x", committee="y")
    with pytest.raises(ActRefused, match="belum habis masa retensinya, atau sedang dalam usulan"):
        destroying.propose([row], editor, number="2", reason="x", committee="y")
    with pytest.raises(ActRefused, match="alasan"):
        destroying.decide(made, second_editor, approve=False, answer="")
    destroying.decide(made, second_editor, approve=False, answer="Masih dipakai.")
    assert due() == {story.pk}
    with pytest.raises(ActRefused, match="sudah dipakai"):
        destroying.propose([Record.objects.get()], editor, number="1", reason="x", committee="y")
    assert due() == {story.pk}
    with pytest.raises(ActRefused, match="sudah diputuskan"):
        destroying.decide(made, second_editor, approve=True, answer="")


def test_proofs_are_destroyed_too_and_what_a_mail_without_a_story_holds_stays(
    office: Office, editor: Person, jra: None
) -> None:
    story = release(make_story(office, 1), editor)
    mail = story.submissions.get()
    letter = {"sha256": "a" * 64, "filename": "surat.pdf", "content_type": "application/pdf", "size": 1}
    mail.attachments.create(**letter)
    mail.pk, mail.sha256, mail.story = None, "b" * 64, None  # held, and not answered yet
    mail.save()
    mail.attachments.create(**letter)
    story.proofs.create(
        site="kota",
        place=0,
        version=1,
        state="live",
        url="https://kota.example/1",
        confirmed_at=timezone.now(),
        page_sha256="c" * 64,
        picture_sha256="d" * 64,
    )
    row = filed(story, "480.2", years_ago=3)
    made = destroying.propose([row], editor, number="1", reason="x", committee="y")
    fate = {line[5]: line[7] for line in destroying.file_list(made)}
    assert (fate["c" * 64], fate["d" * 64]) == ("dimusnahkan", "dimusnahkan")
    assert fate["a" * 64] == f"tetap disimpan, dipakai juga oleh surel {mail.pk}"


def test_what_has_changed_since_it_was_proposed_is_not_approved(
    office: Office, editor: Person, second_editor: Person, jra: None
) -> None:
    def approve() -> None:
        destroying.decide(made, second_editor, approve=True, answer="")

    def refile(code: str) -> None:
        seen = records.stamp(Record.objects.get(story=story))
        records.file(story, Filing(code=code), editor, seen=seen)

    story, other = (release(make_story(office, number), editor) for number in (1, 2))
    row = filed(story, "480.2", years_ago=3)
    made = destroying.propose([row], editor, number="1", reason="x", committee="y")
    own, shared = (Photo.objects.get(story=one).sha256 for one in (other, story))
    Photo.objects.filter(story=other).update(sha256=shared)  # its only file would be destroyed
    with pytest.raises(ActRefused, match="sudah berubah sejak diusulkan"):
        approve()
    Photo.objects.filter(story=other).update(sha256=own)
    refile("480.1")  # the schedule keeps these for good
    with pytest.raises(ActRefused, match="sudah berubah sejak diusulkan"):
        approve()
    refile("480.2")
    sheet = schedule_sheet.read(JRA.replace("harian;1;1;Musnah", "harian;1;9;Musnah"))
    schedule_sheet.take(sheet, editor, source="jra-2027.csv")
    with pytest.raises(ActRefused, match="sudah berubah sejak diusulkan"):
        approve()
    schedule_sheet.take(schedule_sheet.read(JRA), editor, source="jra.csv")
    approve()
    assert Destruction.objects.get().state == "approved"


@pytest.mark.parametrize("name", ["records", "review_list"])
def test_the_lists_ask_the_same_number_of_questions_however_long_they_are(
    office: Office, editor: Person, jra: None, name: str
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(reverse(name)).status_code == 200
        return len(captured)

    client = enter(editor)
    filed(release(make_story(office, 1), editor), "480.2", years_ago=3)
    asked()
    few = asked()
    for number in range(2, 8):
        filed(release(make_story(office, number), editor), "480.2", years_ago=3)
    assert asked() == few
