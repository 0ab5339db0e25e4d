"""A stranger's page is handed out as text, never opened in our name; its picture is a picture."""

from __future__ import annotations

import hashlib
import io
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from newsroom.models import Contributor, Proof, Story
from newsroom.workflow import move
from pipeline.stores import originals
from tests.office import Office, coverage

HOSTILE = b"<script>alert(document.cookie)</script><h1>Judul</h1>"


@pytest.fixture
def proof(office: Office) -> Proof:
    office.post(coverage("Wali Kota Uji Membuka Musrenbang"))
    office.work()
    move(Story.objects.get(), "verify", office.person())
    office.work()
    drawn = io.BytesIO()
    tall = Image.new("RGB", (1280, 4000), "#225588")
    tall.paste("#ffffff", (0, 0, 1280, 960))
    tall.save(drawn, "JPEG")
    kept = Proof.objects.get(site="kota")
    store = originals()
    Proof.objects.filter(pk=kept.pk).update(
        page_sha256=store.keep(HOSTILE), picture_sha256=store.keep(drawn.getvalue())
    )
    kept.refresh_from_db()
    return kept


@pytest.fixture
def editor(office: Office) -> Client:
    client = Client()
    client.force_login(office.person())
    return client


def test_a_kept_page_is_a_download_of_text_byte_for_byte(proof: Proof, editor: Client) -> None:
    response = editor.get(f"/bukti/{proof.pk}/halaman.txt")
    assert response.content == HOSTILE
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["Content-Disposition"].startswith("attachment;")
    assert ".html.txt" in response["Content-Disposition"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]


def test_the_small_picture_is_the_top_of_the_page(proof: Proof, editor: Client) -> None:
    small = b"".join(editor.get(f"/bukti/{proof.pk}/kecil.jpg").streaming_content)  # type: ignore[attr-defined]
    with Image.open(io.BytesIO(small)) as picture:
        assert picture.size == (480, 360)
        corner = picture.getpixel((240, 340))
    assert isinstance(corner, tuple)
    assert min(corner) > 240, "what stands below is left out"
    large = editor.get(f"/bukti/{proof.pk}/besar.jpg")
    assert large["Content-Type"] == "image/jpeg"
    data = b"".join(large.streaming_content)  # type: ignore[attr-defined]
    assert hashlib.sha256(data).hexdigest() == proof.picture_sha256


def test_a_proof_without_picture_or_of_another_persons_story_is_not_shown(
    office: Office, proof: Proof, editor: Client
) -> None:
    other = Proof.objects.get(site="media-center")
    assert editor.get(f"/bukti/{other.pk}/besar.jpg").status_code == 404
    assert editor.get(f"/bukti/{proof.pk}/penuh.jpg").status_code == 404
    stranger = office.person("lain", "contributor")
    Contributor.objects.create(address="lain@contoh.example", name="Lain", person=stranger)
    client = Client()
    client.force_login(stranger)
    for end in ("besar.jpg", "kecil.jpg", "halaman.txt"):
        assert client.get(f"/bukti/{proof.pk}/{end}").status_code == 403


def test_a_damaged_picture_and_a_lost_page_are_not_found(proof: Proof, editor: Client) -> None:
    path = originals().path(proof.picture_sha256)
    path.chmod(0o600)
    path.write_bytes(b"bukan gambar")
    originals().path(proof.page_sha256).unlink()
    assert editor.get(f"/bukti/{proof.pk}/kecil.jpg").status_code == 404
    assert editor.get(f"/bukti/{proof.pk}/halaman.txt").status_code == 404


def test_the_record_shows_times_hash_picture_and_a_link_to_the_page(proof: Proof, editor: Client) -> None:
    html = editor.get(f"/arsip/{proof.story_id}/").content.decode()
    assert f"/bukti/{proof.pk}/kecil.jpg" in html
    assert f"/bukti/{proof.pk}/halaman.txt" in html
    assert proof.page_sha256 in html
    assert "Terbukti: pembaca tanpa akun menemukan naskah ini" in html
    assert "<script>alert" not in html
    assert html.count("<dt>Mulai dikirim</dt>") == 3
    read = timezone.localtime(proof.taken_at, ZoneInfo("Asia/Pontianak"))
    assert f"<dt>Halaman dibaca</dt><dd>{read:%d/%m/%Y %H.%M} WIB</dd>" in html


def test_the_record_says_what_is_awaited_and_what_was_given_up(proof: Proof, editor: Client) -> None:
    soon = timezone.now()
    Proof.objects.filter(site="kota").update(
        settled_at=None, error="Situs menjawab 500.", next_attempt_at=soon
    )
    Proof.objects.filter(site="info-publik").update(proven=False, words="Situs menjawab 403.")
    html = editor.get(f"/arsip/{proof.story_id}/").content.decode()
    assert "Situs menjawab 500. Halamannya dibaca lagi" in html
    assert "Situs menjawab 403." in html


def test_the_newest_version_stands_open_and_older_ones_are_folded(
    office: Office, proof: Proof, editor: Client
) -> None:
    move(Story.objects.get(), "correct", office.person(), "Jumlah peserta diperbaiki.")
    office.work()
    html = editor.get(f"/arsip/{proof.story_id}/").content.decode()
    newest = Proof.objects.get(site="kota", version=2)
    first = html.index('class="history proofs"')
    fold = html.index("<summary>Versi 1")
    assert first < html.index(f"/bukti/{newest.pk}/halaman.txt") < fold
    assert html.index(f"/bukti/{proof.pk}/halaman.txt") > fold
