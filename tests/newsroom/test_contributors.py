"""The allow-list: its screens, its sheets, its command."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from newsroom.acts import ActRefused
from newsroom.contributor_sheet import read, write
from newsroom.contributors import Entry, add, block, change, checked_address, stamp
from newsroom.models import Contributor, LogEntry, Person, Submission
from newsroom.sheets import decoded
from tests.newsroom.screens import enter, form_of, make_story, text_of
from tests.office import Office

LIST = "/kontributor/"


def held(number: int = 1, **fields: Any) -> Submission:
    given: dict[str, Any] = {
        "sha256": f"{number:064x}",
        "size": 1000,
        "mailbox": "lokal",
        "received_at": timezone.now(),
        "disposition": "held",
        "reason": "Pengirim belum dikenal.",
        "sender_address": f"asing{number}@lain.example",
        "sender_name": f"Asing {number}",
        "subject": f"Kiriman {number}",
        **fields,
    }
    return Submission.objects.create(**given)


# Addresses


@pytest.mark.parametrize(
    ("written", "address"),
    [
        (" Nala@Contoh.Example ", "nala@contoh.example"),
        ("<nala@contoh.example>", "nala@contoh.example"),
        ("mailto:nala@contoh.example", "nala@contoh.example"),
        ("@Dinas.Kota.go.id", "@dinas.kota.go.id"),
        ("siapa@gmail.com", "siapa@gmail.com"),
    ],
)
def test_an_address_is_tidied(written: str, address: str) -> None:
    assert checked_address(written) == address


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("@gmail.com", "dipakai siapa saja"),
        ("@YAHOO.co.id", "dipakai siapa saja"),
        ("@go.id", "dipakai banyak kantor"),
        ("@desa.id", "dipakai banyak kantor"),
        ("dinas.kota.go.id", "Tulis @dinas.kota.go.id"),
        ("bukan alamat", "bukan alamat"),
        ("a@b@c.example", "bukan alamat"),
        ("a b@contoh.example", "bukan alamat"),
        ("@", "bukan alamat"),
        ("", "bukan alamat"),
        ("nala@" + "a" * 250 + ".example", "bukan alamat"),
    ],
)
def test_what_is_no_address_or_everybodys_domain_is_refused(written: str, said: str) -> None:
    with pytest.raises(ActRefused, match=said):
        checked_address(written)


# Adding, changing, blocking


def test_a_contributor_is_added_by_the_form_and_logged(office: Office, editor: Person) -> None:
    client = enter(editor)
    sent = {
        "address": "Budi@Dinas.Example",
        "name": " Budi  Santoso ",
        "outlet": "Dinas Uji",
        "initials": "bdi",
    }
    page = client.post(reverse("add_contributor"), sent, follow=True)
    row = Contributor.objects.get(address="budi@dinas.example")
    assert (row.name, row.outlet, row.initials, row.added_by) == ("Budi Santoso", "Dinas Uji", "bdi", editor)
    assert "Budi Santoso ditambahkan" in text_of(page)
    assert LogEntry.objects.get(verb="contributor_add").by == editor


@pytest.mark.parametrize("address", ["@gmail.com", "nala@contoh.example", "bukan"])
def test_a_refused_form_keeps_what_was_written(office: Office, editor: Person, address: str) -> None:
    page = enter(editor).post(reverse("add_contributor"), {"address": address, "name": "Budi"})
    assert page.status_code == 422
    assert form_of(page, "kontributor")["name"] == "Budi"
    assert Contributor.objects.count() == 1


def test_an_account_of_the_same_address_is_the_same_person(office: Office, editor: Person) -> None:
    budi = office.person("budi", "contributor")
    Person.objects.filter(pk=budi.pk).update(email="Budi@dinas.example")
    assert add(Entry.written({"address": "budi@dinas.example"}), editor).person == budi


def test_of_two_people_changing_one_contributor_the_second_is_told(
    office: Office, editor: Person, second_editor: Person
) -> None:
    row = Contributor.objects.get()
    address = reverse("contributor", args=[row.pk])
    one, two = enter(editor), enter(second_editor)
    first, second = form_of(one.get(address), "kontributor"), form_of(two.get(address), "kontributor")
    one.post(address, {**first, "outlet": "MC. Kota Baru"})
    page = two.post(address, {**second, "outlet": "MC. Kota Lama"})
    assert page.status_code == 422
    words = text_of(page)
    assert "Orang lain baru saja mengubah" in words
    assert "MC. Kota Baru" in words
    assert form_of(page, "kontributor")["outlet"] == "MC. Kota Lama"
    assert Contributor.objects.get().outlet == "MC. Kota Baru"
    two.post(address, form_of(page, "kontributor"))
    assert Contributor.objects.get().outlet == "MC. Kota Lama"
    assert (
        "outlet: MC. Kota Uji → MC. Kota Baru" in LogEntry.objects.filter(verb="contributor_change")[0].note
    )


def test_a_change_cannot_take_anothers_address(office: Office, editor: Person) -> None:
    row = office.contributor("budi@dinas.example", name="Budi")
    with pytest.raises(ActRefused, match="sudah ada"):
        change(row, Entry.written({"address": "nala@contoh.example"}), editor, seen=stamp(row))


def test_blocking_is_done_once_and_can_be_taken_back(office: Office, editor: Person) -> None:
    client, row = enter(editor), Contributor.objects.get()
    address = reverse("block_contributor", args=[row.pk])
    assert "Diblokir" in text_of(client.post(address, {"blokir": "1"}, follow=True))
    assert "Orang lain sudah melakukannya" in text_of(client.post(address, {"blokir": "1"}, follow=True))
    assert "Blokir dibuka" in text_of(client.post(address, {"blokir": "0"}, follow=True))
    assert not Contributor.objects.get().blocked
    verbs = list(LogEntry.objects.filter(verb__startswith="contributor_").values_list("verb", "by__username"))
    assert verbs == [("contributor_block", "bram"), ("contributor_unblock", "bram")]


def test_a_contributor_may_change_nothing(office: Office, writer: Person) -> None:
    row = Contributor.objects.get()
    for act in (
        lambda: add(Entry.written({"address": "budi@dinas.example"}), writer),
        lambda: change(row, Entry.written({"address": row.address}), writer, seen=stamp(row)),
        lambda: block(row, writer, blocked=True),
    ):
        with pytest.raises(ActRefused, match="tidak berwenang"):
            act()


@pytest.mark.parametrize(
    "name", ["add_contributor", "import_contributors", "contributor", "block_contributor"]
)
def test_a_change_without_the_forms_token_is_refused(office: Office, editor: Person, name: str) -> None:
    client = enter(editor, enforce_csrf_checks=True)
    arguments = (
        [Contributor.objects.get().pk] if name.endswith("contributor") and name != "add_contributor" else []
    )
    sent = {"address": "x@y.example", "blokir": "1", "isi": "address\nx@y.example\n", "masukkan": "1"}
    assert client.post(reverse(name, args=arguments), sent).status_code == 403
    assert list(Contributor.objects.values_list("address", "blocked")) == [("nala@contoh.example", False)]


# The list


def test_the_list_says_when_each_was_last_heard_from(office: Office, editor: Person) -> None:
    make_story(office, 1, minutes=90)
    make_story(office, 2, minutes=30)
    office.contributor("budi@dinas.example", name="Budi", outlet="Dinas Uji")
    words = text_of(enter(editor).get(LIST))
    assert "2 surel · terakhir" in words
    assert "Belum pernah mengirim" in words


def test_the_list_is_searched_and_parted(office: Office, editor: Person) -> None:
    office.contributor("budi@dinas.example", name="Budi", outlet="Dinas Uji")
    office.contributor("iklan@lain.example", name="Iklan", outlet="", blocked=True)
    client = enter(editor)
    assert "Budi" in text_of(client.get(LIST, {"q": "dinas uji"}))
    assert "Nala" not in text_of(client.get(LIST, {"q": "dinas uji"}))
    assert "iklan@lain.example" not in text_of(client.get(LIST))
    assert "iklan@lain.example" in text_of(client.get(LIST, {"tampil": "diblokir"}))
    assert "Tidak ada yang cocok" in text_of(client.get(LIST, {"q": "zzz"}))


def test_a_long_list_costs_no_more_queries_and_has_pages(
    office: Office, editor: Person, django_assert_max_num_queries: Any
) -> None:
    client = enter(editor)
    client.get(LIST)
    with django_assert_max_num_queries(100) as few:
        client.get(LIST)
    Contributor.objects.bulk_create(
        Contributor(address=f"orang{number}@dinas.example", name=f"Orang {number:04d}")
        for number in range(2000)
    )
    with django_assert_max_num_queries(100) as many:
        page = client.get(LIST)
    assert len(many) == len(few)
    assert "Halaman 1 dari 67" in text_of(page)


def test_a_name_is_shown_and_never_run(office: Office, editor: Person) -> None:
    office.contributor("budi@dinas.example", name="<script>alert(1)</script>", outlet='"><img src=x>')
    for address in (LIST, reverse("contributor", args=[Contributor.objects.latest("pk").pk])):
        html = enter(editor).get(address).content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html


# From a held mail


def test_a_held_mails_sender_is_remembered_with_name_and_outlet(office: Office, editor: Person) -> None:
    mail = held()
    page = enter(editor).get(reverse("submission", args=[mail.pk]))
    assert "Tambahkan sebagai kontributor" in text_of(page)
    enter(editor).post(
        reverse("admit", args=[mail.pk]), {"ingat": "1", "nama": "Asing Baik", "unit": "Dinas Lain"}
    )
    row = Contributor.objects.get(address="asing1@lain.example")
    assert (row.name, row.outlet, row.added_by) == ("Asing Baik", "Dinas Lain", editor)


def test_a_sender_who_cannot_be_remembered_leaves_the_mail_held(office: Office, editor: Person) -> None:
    mail = held(sender_address="salah alamat@lain")
    page = enter(editor).post(reverse("admit", args=[mail.pk]), {"ingat": "1"}, follow=True)
    assert "bukan alamat surel" in text_of(page)
    mail.refresh_from_db()
    assert (mail.disposition, mail.admitted_by) == ("held", None)


def test_held_mails_are_shown_most_trusted_first_with_their_badges(office: Office, editor: Person) -> None:
    for number, trust in enumerate(("suspicious", "new", "verified", "known"), start=1):
        held(number, trust=trust, evidence={"program": "foto.exe"} if trust == "suspicious" else {})
    words = text_of(enter(editor).get("/perhatian/"))
    places = [words.index(f"Kiriman {number}") for number in (3, 4, 2, 1)]
    assert places == sorted(places)
    for badge in (
        "Pengirim terverifikasi",
        "Pengirim dikenal",
        "Pengirim baru",
        "Mencurigakan",
        "Berkas berbahaya",
    ):
        assert badge in words


def test_the_queue_keeps_its_order_and_shows_the_senders_badge(office: Office, editor: Person) -> None:
    for number, trust, minutes in ((1, "known", 90), (2, "verified", 30)):
        Submission.objects.filter(story=make_story(office, number, minutes=minutes)).update(trust=trust)
    words = text_of(enter(editor).get("/antrean/"))
    assert words.index("Judul berita 1") < words.index("Judul berita 2")
    assert words.index("Pengirim dikenal") < words.index("Pengirim terverifikasi")


def test_a_mail_shows_the_evidence_of_its_sender(office: Office, editor: Person) -> None:
    found = {
        "domain": "lain.example",
        "selector": "s1",
        "algorithm": "rsa-sha256",
        "aligned": True,
        "result": "pass",
        "reason": "Tanda tangan digital lain.example cocok.",
        "key": "v=DKIM1; p=<b>AAAA",
    }
    mail = held(
        trust="new",
        trust_reason="Pengirim belum dikenal.",
        evidence={"checked_at": timezone.now().isoformat(), "server": "", "dkim": [found]},
    )
    page = enter(editor).get(reverse("submission", args=[mail.pk]))
    words = text_of(page)
    assert "Tanda tangan digital lain.example cocok." in words
    assert "s1._domainkey.lain.example" in words
    assert "<b>AAAA" not in page.content.decode()


# Sheets


def upload(client: Client, data: bytes, **sent: str) -> Any:
    return client.post(
        reverse("import_contributors"), {"berkas": SimpleUploadedFile("daftar.csv", data), **sent}
    )


SHEET = (
    "Alamat Email;Nama;Unit Kerja;Inisial\r\n"
    "Budi@Dinas.Example;Budi “Bd” Santoso;Dinas Uji;bdi\r\n"
    "nala@contoh.example;Nala Ayuningtias;MC. Kota Baru;nala\r\n"
    "@gmail.com;Semua;;\r\n"
    ";Tanpa Alamat;;\r\n"
    "budi@dinas.example;Lagi;;\r\n"
    "\r\n"
    '"sri@dinas.example";"Sri; Bidang Humas";"Dinas\r\nUji";sri\r\n'
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_sheet_is_read_however_the_office_saved_it(office: Office, encoding: str, delimiter: str) -> None:
    rows = list(csv.reader(io.StringIO(SHEET), delimiter=";"))
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    lines = read(decoded(out.getvalue().encode(encoding)))
    assert [(line.number, line.fate) for line in lines] == [
        (2, "new"),
        (3, "changed"),
        (4, "wrong"),
        (5, "wrong"),
        (6, "wrong"),
        (8, "new"),
    ]
    assert lines[0].fields["name"] == "Budi “Bd” Santoso"
    assert lines[1].reason == "unit: “MC. Kota Uji” → “MC. Kota Baru”"
    assert "dipakai siapa saja" in lines[2].reason
    assert "alamat kosong" in lines[3].reason
    assert "baris 2" in lines[4].reason
    assert lines[5].fields["name"] == "Sri; Bidang Humas"


def test_a_sheet_is_shown_before_it_is_taken(office: Office, editor: Person) -> None:
    client = enter(editor)
    page = upload(client, SHEET.encode())
    words = text_of(page)
    assert "2 baru, 1 berubah, 0 sudah sama, 3 keliru" in words
    assert "baris 4 keliru @gmail.com" in words
    assert Contributor.objects.count() == 1
    shown = page.context["text"]
    done = client.post(reverse("import_contributors"), {"masukkan": "1", "isi": shown}, follow=True)
    assert "3 kontributor dicatat" in text_of(done)
    assert Contributor.objects.get(address="nala@contoh.example").outlet == "MC. Kota Baru"
    assert set(Contributor.objects.values_list("address", flat=True)) == {
        "nala@contoh.example",
        "budi@dinas.example",
        "sri@dinas.example",
    }
    assert Contributor.objects.get(address="sri@dinas.example").added_by == editor


def test_columns_a_sheet_does_not_have_stay_as_they_are(office: Office) -> None:
    lines = read("alamat,nama\nnala@contoh.example,\n")
    assert [line.fate for line in lines] == ["same"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Baris pertama"),
        (b"nama,unit\nBudi,Dinas\n", "Baris pertama"),
        (b"alamat\n\n", "tidak memuat satu baris pun"),
        (b"PK\x03\x04 isi xlsx", "berkas Excel"),
        (b"\x00\x01\x02\x03" * 100, "Baris pertama"),
        (b'alamat\n"' + b"a" * 200_000, "tidak dapat dibaca"),
        (b"alamat\n" + b"x" * 1_000_001, "terlalu besar"),
    ],
)
def test_what_is_no_sheet_is_refused_with_a_sentence(
    office: Office, editor: Person, data: bytes, said: str
) -> None:
    page = upload(enter(editor), data)
    assert page.status_code == 422
    assert said in text_of(page)


def test_a_sheet_that_was_written_is_read_as_it_was_and_holds_no_formula(office: Office) -> None:
    office.contributor(
        "@dinas.example", name='=HYPERLINK("http://jahat.example")', outlet="+62", initials="-a"
    )
    office.contributor("iklan@lain.example", name="@iklan", outlet='Unit, "A"', blocked=True, lists=True)
    text = "".join(write(Contributor.objects.all()))
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert {line.fate for line in read(text)} == {"same"}


def test_the_list_is_downloaded_for_excel(office: Office, editor: Person) -> None:
    response = enter(editor).get(reverse("export_contributors"))
    data = b"".join(response.streaming_content)
    assert data.startswith(b"\xef\xbb\xbfaddress,name,outlet")
    assert "attachment" in response["Content-Disposition"]


# The command


def test_the_command_exports_blocks_and_tries_out(office: Office, tmp_path: Path) -> None:
    out, told = io.StringIO(), io.StringIO()
    call_command("contributors", block="nala@contoh.example", stderr=told)
    call_command("contributors", block="@spam.example", stderr=told)
    assert Contributor.objects.filter(blocked=True).count() == 2
    call_command("contributors", unblock="nala@contoh.example", stderr=told)
    call_command("contributors", export=True, stdout=out)
    assert "nala@contoh.example,Nala Ayuningtias,MC. Kota Uji,nala,," in out.getvalue()
    file = tmp_path / "daftar.csv"
    file.write_text(SHEET)
    call_command("contributors", str(file), dry_run=True, stderr=told)
    assert "baris 2: new budi@dinas.example" in told.getvalue()
    assert not Contributor.objects.filter(address="budi@dinas.example").exists()
    with pytest.raises(CommandError, match="tidak ada di daftar"):
        call_command("contributors", unblock="siapa@lain.example")
    with pytest.raises(CommandError, match="dipakai siapa saja"):
        call_command("contributors", block="@gmail.com")
