"""The collage maker's pages: what they show, refuse and hand out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from newsroom.models import Collage, Photo, Story
from pipeline import collage_drafts
from pipeline.collages import make_collage, recipe_of
from tests.newsroom.screens import enter, text_of
from tests.office import Office
from tests.pipeline.test_flags import released

PART = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def row(office: Office) -> Collage:
    released(office, 9)
    today = timezone.localdate()
    asked = Collage(start=today - timedelta(days=100), end=today, count=7)
    return collage_drafts.start(asked, office.person())


@pytest.fixture
def desk(office: Office) -> Client:
    return enter(office.person())


def do(desk: Client, row: Collage, **given: object) -> HttpResponse:
    response: HttpResponse = desk.post(reverse("change_collage", args=[row.pk]), given, **PART)
    return response


def test_the_page_shows_the_photos_in_their_places_and_the_others_with_the_reason(
    desk: Client, row: Collage
) -> None:
    page = desk.get(reverse("collage", args=[row.pk]))
    html = page.content.decode()
    assert html.count('class="tile') == 7
    words = text_of(page)
    assert "Peringkatnya di bawah yang terpilih." in words
    assert "Sudah di tempat" not in words, "those in the page are not offered again"
    assert "style=" not in html
    shown = desk.get(
        reverse("collage", args=[row.pk]), {"tampil": "semua", "bulan": f"{timezone.localdate():%Y-%m}"}
    )
    assert "Sudah di tempat 7" in text_of(shown)
    none = desk.get(reverse("collage", args=[row.pk]), {"bulan": "2020-01", "pilih": "99999", "hal": "x"})
    assert "Tidak ada calon" in text_of(none)


def test_an_act_answers_with_the_page_as_it_is_then_and_the_eye_follows_the_photo(
    desk: Client, row: Collage
) -> None:
    answer = do(desk, row, verba="swap", tempat=1, dengan=4, dilihat=0, pilih=1)
    assert "<html" not in answer.content.decode()
    assert 'data-revision="1"' in answer.content.decode()
    assert "Foto 5 " in text_of(answer)
    late = do(desk, row, verba="remove", tempat=0, dilihat=0)
    assert "baru saja diubah Editor" in text_of(late)
    row.refresh_from_db()
    assert len(row.recipe["photos"]) == 7
    plain = desk.post(
        reverse("change_collage", args=[row.pk]), {"verba": "lock", "tempat": 0, "dilihat": "x", "pilih": 0}
    )
    assert plain.status_code == 302, "a browser without script is led back"
    assert "baru saja diubah" in text_of(desk.get(plain["Location"]))


def test_a_photo_flagged_since_is_named_at_its_place_and_bars_the_making(desk: Client, row: Collage) -> None:
    shot = recipe_of(row).shots[2]
    Photo.objects.filter(sha256=shot.sha256).update(child=True)
    page = desk.get(reverse("collage", args=[row.pk]), {"pilih": 2})
    assert "1 foto tidak boleh dimuat seperti ini lagi" in text_of(page)
    assert "ditandai, dikeluarkan, atau beritanya ditarik" in text_of(page)
    told = desk.post(reverse("make_collage", args=[row.pk]), {"dilihat": 0}, follow=True)
    assert "“Foto" in text_of(told)
    row.refresh_from_db()
    assert row.state == "draft"
    assert "1 foto tidak boleh dimuat seperti" not in text_of(do(desk, row, verba="refresh", dilihat=0))


def test_progress_is_told_until_it_is_made_and_files_have_our_names_and_types(
    desk: Client, row: Collage
) -> None:
    state = reverse("collage_state", args=[row.pk])
    assert desk.get(state)["HX-Refresh"] == "true"
    desk.post(reverse("make_collage", args=[row.pk]), {"dilihat": 0})
    Collage.objects.update(progress=42)
    assert "42% selesai" in text_of(desk.get(state))
    row.refresh_from_db()
    row.take("uji:1", Collage.objects.all().unmade())
    make_collage(row)
    assert desk.get(state).status_code == 204
    for name, kind in (
        ("kolase.jpg", "image/jpeg"),
        ("kolase.pdf", "application/pdf"),
        ("kolase-foto.zip", "application/zip"),
    ):
        file = desk.get(reverse("collage_file", args=[row.pk, name]))
        assert file["Content-Type"] == kind
        assert file["Content-Disposition"].startswith('attachment; filename="kolase-foto-')
        assert file["X-Content-Type-Options"] == "nosniff"
        assert b"".join(file.streaming_content)  # type: ignore[arg-type]
    for name in ("../kolase.jpg", "halaman", "kolase.exe"):
        assert desk.get(reverse("collages") + f"{row.pk}/berkas/{name}").status_code == 404
    handed = reverse("collage_file", args=[row.pk, "kolase.jpg"])
    flagged = Photo.objects.filter(sha256=recipe_of(row).shots[2].sha256)
    flagged.update(child=True)
    assert "berkasnya tidak diberikan" in text_of(desk.get(handed, follow=True))
    assert desk.get(reverse("collage_file", args=[row.pk, "kolase-web.jpg"]), {"lihat": 1}).status_code == 404
    assert handed not in desk.get(reverse("collage", args=[row.pk])).content.decode()
    flagged.update(child=False)
    sent = desk.post(reverse("send_collage", args=[row.pk]), follow=True)
    assert "masuk antrean sebagai berita" in text_of(sent)
    assert b"".join(desk.get(handed).streaming_content)  # type: ignore[attr-defined]
    flagged.update(child=True)
    assert "berkasnya tidak diberikan" in text_of(desk.get(handed, follow=True))
    assert "gandakan resepnya" in text_of(desk.get(reverse("collage", args=[row.pk])))
    flagged.update(child=False)
    assert 'class="tile' in sent.content.decode()
    assert "Kunci di sini" not in text_of(desk.get(reverse("collage", args=[row.pk]), {"pilih": 1}))
    row.refresh_from_db()
    assert Story.objects.filter(collage=row).count() == 1


def test_who_only_reads_sees_the_page_without_a_single_act(office: Office, row: Collage) -> None:
    reader = enter(office.person("auditor", "auditor"))
    html = reader.get(reverse("collage", args=[row.pk]), {"pilih": 1}).content.decode()
    assert 'class="tile' in html
    assert reverse("change_collage", args=[row.pk]) not in html
    assert reverse("make_collage", args=[row.pk]) not in html


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"mulai": "2026-07-01", "akhir": "2026-08-31", "jumlah": "24"}, "3 sampai 6 bulan"),
        ({"mulai": "", "akhir": "x", "jumlah": "24"}, "Isi tanggal awal"),
        ({"mulai": "2020-07-01", "akhir": "2020-12-31", "jumlah": "24"}, "Baru ada 0 foto"),
        ({"mulai": "2026-07-01", "akhir": "2026-12-31", "jumlah": "3"}, "6 sampai 120"),
        (
            {"mulai": "2026-07-01", "akhir": "2026-12-31", "jumlah": "9", "pimpinan": "x", "tag": "9" * 30},
            "Kolase Foto",
        ),
    ],
)
def test_a_new_collage_is_refused_in_a_sentence_that_keeps_what_was_chosen(
    desk: Client, row: Collage, given: dict[str, str], sentence: str
) -> None:
    if sentence == "Kolase Foto":
        today = timezone.localdate()
        given = {**given, "mulai": f"{today - timedelta(days=100)}", "akhir": f"{today}"}
    answer = desk.post(reverse("new_collage"), {**given, "halaman": "story"}, follow=True)
    assert sentence in text_of(answer)
    if sentence != "Kolase Foto":
        assert '<option value="story" selected>' in answer.content.decode()


def test_the_pages_ask_as_many_questions_for_many_rows_as_for_few(
    office: Office, desk: Client, row: Collage
) -> None:
    addresses = [reverse("collages"), reverse("collage", args=[row.pk])]
    for address in addresses:
        desk.get(address)
    few = [_asked(desk, address) for address in addresses]
    for number in range(12):
        collage_drafts.duplicate(row, office.person())
        story = Story.objects.create(
            key=f"x{number}", headline="x", received_at=timezone.now(), state="released"
        )
        Photo.objects.create(story=story, sha256=f"{number:064x}")
    assert [_asked(desk, address) for address in addresses] == few


def _asked(desk: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert desk.get(address).status_code == 200
    return len(asked)
