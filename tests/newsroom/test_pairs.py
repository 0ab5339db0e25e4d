"""The office's lists for the checks, who may change them, and their sheets."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from newsroom.acts import ActRefused
from newsroom.findings import look_over
from newsroom.models import Abbreviation, LogEntry, Person, Spelling
from newsroom.pair_sheet import read, take, write
from newsroom.pairs import ABBREVIATIONS, SPELLINGS, PairList, add, change, stamp
from newsroom.sheets import decoded
from tests.newsroom.screens import enter, make_story, text_of
from tests.office import Office

pytestmark = pytest.mark.django_db

BOTH = pytest.mark.parametrize(
    ("kind", "key", "value", "other"),
    [
        (SPELLINGS, "ruwet", "rumit", "sulit"),
        (ABBREVIATIONS, "GWX", "Gerakan Warga", "Gerakan Wanita"),
    ],
    ids=["spellings", "abbreviations"],
)


@pytest.fixture(autouse=True)
def _empty(office: Office) -> None:
    Spelling.objects.all().delete()
    Abbreviation.objects.all().delete()


def fixes(office: Office, body: str) -> list[str | None]:
    return [item.first.fix for item in look_over(make_story(office, body=body, photos=0)) if item.first.fix]


def change_url(kind: PairList, pk: int) -> str:
    return reverse("change_spelling" if kind is SPELLINGS else "change_abbreviation", args=[pk])


# The screens


def test_a_spelling_that_is_added_is_looked_for_in_every_story_and_logged(
    office: Office, editor: Person
) -> None:
    enter(editor).post(reverse("spellings"), {"key": " ruwet ", "value": "rumit"})
    assert fixes(office, "Harga ruwet sekali.") == ["rumit"]
    assert LogEntry.objects.get(verb="spelling").note == "ruwet → rumit"


def test_an_abbreviation_that_is_added_is_explained_in_every_story_and_logged(
    office: Office, editor: Person
) -> None:
    enter(editor).post(reverse("abbreviations"), {"key": "GWX", "value": " Gerakan  Warga "})
    assert fixes(office, "Program GWX dibahas. Lalu GWX selesai.") == ["Gerakan Warga (GWX)"]
    assert LogEntry.objects.get(verb="abbreviation").note == "GWX = Gerakan Warga"


@BOTH
def test_a_pair_out_of_use_stays_on_the_list_and_can_come_back(
    office: Office, editor: Person, kind: PairList, key: str, value: str, other: str
) -> None:
    row = add(kind, key, value, editor)
    client = enter(editor)
    address = change_url(kind, row.pk)
    client.post(address, {"value": value, "dipakai": "0", "seen": stamp(kind, row)})
    assert fixes(office, f"Harga {key} sekali.") == []
    assert f"{key} tidak dipakai" in text_of(client.get(reverse(kind.name)))
    row.refresh_from_db()
    client.post(address, {"value": other, "dipakai": "1", "seen": stamp(kind, row)})
    row.refresh_from_db()
    assert (row.active, kind.value_of(row)) == (True, other)


@BOTH
def test_of_two_editors_the_second_is_told(
    editor: Person, second_editor: Person, kind: PairList, key: str, value: str, other: str
) -> None:
    row = add(kind, key, value, editor)
    seen = stamp(kind, row)
    change(kind, row, other, editor, active=True, seen=seen)
    answer = enter(second_editor).post(
        change_url(kind, row.pk), {"value": "pelik", "seen": seen}, follow=True
    )
    assert "Orang lain baru saja mengubah baris ini" in text_of(answer)
    row.refresh_from_db()
    assert kind.value_of(row) == other


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("", "rumit"),
        ("ruwet", " "),
        ("sama", "sama"),
        ("Ruwet", "walikota"),
        ("a", "dibidang"),
        ("kota", "wali kota"),
        ("ruwet", "r" * 81),
    ],
)
def test_a_spelling_that_would_never_come_to_rest_is_refused(editor: Person, wrong: str, right: str) -> None:
    Spelling.objects.create(wrong="walikota", right="wali kota")
    with pytest.raises(ActRefused):
        add(SPELLINGS, wrong, right, editor)


@pytest.mark.parametrize(
    ("short", "long", "why"),
    [
        ("", "Gerakan Warga", "kedua kolom"),
        ("G W X", "Gerakan Warga", "bukan satu kata"),
        ("GWX/2", "Gerakan Warga", "bukan satu kata"),
        ("GWX", "Gerakan Walikota", "ditulis “Wali kota”"),
        ("GWX", "Gerakan OPD dan Warga", "Organisasi Perangkat Daerah"),
        ("GWX", "G" * 201, "terlalu panjang"),
    ],
)
def test_an_abbreviation_that_would_not_be_found_or_be_mended_again_is_refused(
    editor: Person, short: str, long: str, why: str
) -> None:
    Spelling.objects.create(wrong="walikota", right="wali kota")
    Abbreviation.objects.create(short="OPD", long="Organisasi Perangkat Daerah")
    with pytest.raises(ActRefused, match=why):
        add(ABBREVIATIONS, short, long, editor)


@BOTH
def test_a_word_already_listed_is_told_and_the_fields_keep_what_was_typed(
    editor: Person, kind: PairList, key: str, value: str, other: str
) -> None:
    add(kind, key, value, editor)
    answer = enter(editor).post(reverse(kind.name), {"key": key, "value": other})
    assert answer.status_code == 422
    assert "sudah ada di daftar" in text_of(answer)
    assert f'value="{other}"' in answer.content.decode()


@BOTH
def test_the_list_is_searched_by_either_word_and_a_change_leads_back_to_the_search(
    editor: Person, kind: PairList, key: str, value: str, other: str
) -> None:
    row = add(kind, key, value, editor)
    add(kind, "zzz", "zat", editor)
    client = enter(editor)
    words = text_of(client.get(reverse(kind.name), {"q": value[:5].lower()}))
    assert key in words
    assert "zzz" not in words
    address = change_url(kind, row.pk) + f"?q={value[:5]}&hal=1&lain=x"
    answer = client.post(address, {"value": value, "seen": stamp(kind, row)})
    assert answer["Location"] == reverse(kind.name) + "?" + f"q={value[:5]}&hal=1"


def test_a_long_list_comes_in_pages(editor: Person) -> None:
    Abbreviation.objects.bulk_create(Abbreviation(short=f"XA{n}", long=f"Panjang {n}") for n in range(120))
    page = text_of(enter(editor).get(reverse("abbreviations"), {"hal": "2"}))
    assert "Halaman 2 dari 3" in page


def test_each_list_leads_to_the_other_and_both_stand_under_the_rest(editor: Person) -> None:
    client = enter(editor)
    for here, there in (("spellings", "abbreviations"), ("abbreviations", "spellings")):
        assert f'href="{reverse(there)}"' in client.get(reverse(here)).content.decode()
        assert f'href="{reverse(here)}"' in client.get(reverse("more")).content.decode()


@pytest.mark.parametrize("kind", [SPELLINGS, ABBREVIATIONS], ids=lambda kind: kind.name)
def test_who_does_not_edit_sees_and_changes_neither_list(
    office: Office, editor: Person, writer: Person, kind: PairList
) -> None:
    row = add(kind, "XQZ", "Xeno", editor)
    for person in (writer, office.person("operator", "operator")):
        client = enter(person)
        for name in (kind.name, f"import_{kind.name}", f"export_{kind.name}"):
            assert client.get(reverse(name)).status_code == 403
        assert client.post(reverse(kind.name), {"key": "YQZ", "value": "Yeno"}).status_code == 403
        sent = {"value": "Lain", "seen": stamp(kind, row)}
        assert client.post(change_url(kind, row.pk), sent).status_code == 403
        sheet = {"masukkan": "1", "isi": "keliru,benar,singkatan,kepanjangan\na,b,a,b\n"}
        assert client.post(reverse(f"import_{kind.name}"), sheet).status_code == 403
    assert kind.model.objects.count() == 1
    row.refresh_from_db()
    assert kind.value_of(row) == "Xeno"


# Sheets

SHEET = (
    "Kata Keliru;Yang Benar;Dipakai\r\n"
    "ruwet;rumit;ya\r\n"
    "ijin;izin;\r\n"
    ";kosong;\r\n"
    "ruwet;pelik;\r\n"
    "resiko;“risiko”;mungkin\r\n"
    "kota;wali kota;\r\n"
    "\r\n"
    '"Jum\'at";Jumat;tidak\r\n'
    "pasar;pasar kota;tidak\r\n"
)


def upload(client: Client, kind: PairList, data: bytes, **sent: str) -> Any:
    file = SimpleUploadedFile("daftar.csv", data)
    return client.post(reverse(f"import_{kind.name}"), {"berkas": file, **sent})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_sheet_is_read_however_the_office_saved_it(office: Office, encoding: str, delimiter: str) -> None:
    Spelling.objects.create(wrong="ijin", right="ijazah")
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(csv.reader(io.StringIO(SHEET), delimiter=";"))
    lines = read(SPELLINGS, decoded(out.getvalue().encode(encoding)))
    assert [(line.number, line.fate) for line in lines] == [
        (2, "new"),
        (3, "changed"),
        (4, "wrong"),
        (5, "wrong"),
        (6, "wrong"),
        (7, "wrong"),
        (9, "new"),
        (10, "new"),
    ]
    assert lines[1].reason == "“ijazah” → “izin”"
    assert lines[3].reason == "“ruwet” sudah ada di baris 2 berkas ini."
    assert lines[4].value == "“risiko”"
    assert "ya atau tidak" in lines[4].reason
    assert "masih keliru" in lines[5].reason
    assert (lines[6].key, lines[6].active) == ("Jum'at", False)


def test_a_sheet_is_shown_before_it_is_taken_and_its_bad_rows_stop_no_other(
    office: Office, editor: Person
) -> None:
    client = enter(editor)
    page = upload(client, SPELLINGS, SHEET.encode())
    words = text_of(page)
    assert "4 baru, 0 berubah, 0 sudah sama, 4 keliru" in words
    assert "baris 7 keliru kota → wali kota" in words
    assert not Spelling.objects.exists()
    sent = {"masukkan": "1", "isi": page.context["text"], "nama": page.context["name"]}
    done = client.post(reverse("import_spellings"), sent, follow=True)
    assert "4 baris dicatat" in text_of(done)
    assert dict(Spelling.objects.values_list("wrong", "active")) == {
        "ruwet": True,
        "ijin": True,
        "Jum'at": False,
        "pasar": False,
    }
    assert LogEntry.objects.get(verb="spelling").note == "4 baru, 0 diubah dari daftar.csv"
    assert fixes(office, "Harga ruwet sekali.") == ["rumit"]


@BOTH
def test_a_sheet_taken_twice_makes_no_doubles(
    editor: Person, kind: PairList, key: str, value: str, other: str
) -> None:
    heads = "keliru,benar" if kind is SPELLINGS else "singkatan,kepanjangan"
    text = f"{heads}\n{key},{value}\nXYZA,Xeno\n"
    assert take(kind, read(kind, text), editor, source="satu.csv") == 2
    lines = read(kind, text)
    assert [line.fate for line in lines] == ["same", "same"]
    assert take(kind, lines, editor, source="satu.csv") == 0
    assert kind.model.objects.count() == 2
    changed = read(kind, f"{heads},dipakai\n{key},{other},tidak\n")
    assert changed[0].reason == f"“{value}” → “{other}”; tidak dipakai lagi"
    take(kind, changed, editor, source="dua.csv")
    assert (kind.model.objects.count(), kind.model.objects.filter(active=True).count()) == (2, 1)


def test_rows_that_contradict_each_other_are_both_told(editor: Person) -> None:
    lines = read(SPELLINGS, "keliru,benar\nijin,izin\nizin,ijin\nruwet,rumit\n")
    assert [line.fate for line in lines] == ["wrong", "wrong", "new"]


def test_a_row_that_is_wrong_by_itself_makes_no_other_wrong(editor: Person) -> None:
    lines = read(SPELLINGS, "keliru,benar\nkota,wali kota\nwalikota,wali kota\n")
    assert [line.fate for line in lines] == ["wrong", "new"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Baris pertama"),
        (b"singkatan,arti panjang\nA,B\n", "singkatan, kepanjangan"),
        (b"singkatan,kepanjangan\n\n", "tidak memuat satu baris pun"),
        (b"PK\x03\x04 isi xlsx", "berkas Excel"),
        (b"singkatan,kepanjangan\n" + b"x" * 1_000_001, "terlalu besar"),
    ],
)
def test_what_is_no_sheet_is_refused_with_a_sentence(editor: Person, data: bytes, said: str) -> None:
    page = upload(enter(editor), ABBREVIATIONS, data)
    assert page.status_code == 422
    assert said in text_of(page)


@BOTH
def test_a_list_that_was_written_is_read_as_it_was_and_holds_no_formula(
    editor: Person, kind: PairList, key: str, value: str, other: str
) -> None:
    add(kind, key, value, editor)
    kind.model.objects.create(**{kind.key: "=1+1", kind.value: '-a, "b"', "active": False})
    text = "".join(write(kind))
    assert not [cell for row in csv.reader(io.StringIO(text)) for cell in row if cell.startswith(("=", "-"))]
    assert [line.fate for line in read(kind, text)] == ["same", "same"]


def test_the_lists_are_downloaded_for_excel(editor: Person) -> None:
    add(ABBREVIATIONS, "GWX", "Gerakan Warga", editor)
    response = enter(editor).get(reverse("export_abbreviations"))
    data = b"".join(response.streaming_content)
    assert data == b"\xef\xbb\xbfsingkatan,kepanjangan,dipakai\r\nGWX,Gerakan Warga,ya\r\n"
    assert 'filename="singkatan.csv"' in response["Content-Disposition"]
