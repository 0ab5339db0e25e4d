"""A portal without an interface, down the whole road: a task, a person who does it, the page as proof."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image

import prose
from newsroom.dressing import notice_line
from newsroom.models import Delivery, LogEntry, Notice, Package, Person, Photo, Story
from newsroom.workflow import move
from pipeline.deliver import make_post
from tests.newsroom.screens import enter, form_of, fresh, make_story, page, save, text_of
from tests.office import SETTINGS, Office, coverage
from tests.publishers.portal import Portal, portal

TITLE = "Wali Kota Uji Membuka Musrenbang"
BODY = """Wali Kota Uji membuka musyawarah perencanaan di aula kecamatan, Jumat (20/11/2026).

Sebanyak 120 peserta dari delapan kelurahan hadir membawa usulan prioritas tahun depan."""


@pytest.fixture
def held() -> Iterator[Portal]:
    with portal() as one:
        yield one


@pytest.fixture
def editor(office: Office) -> Person:
    person: Person = office.person("bram", "editor", "Bram")
    return person


@pytest.fixture
def operator(office: Office) -> Person:
    person: Person = office.person("sinta", "operator", "Sinta")
    return person


@pytest.fixture
def desk(office: Office, held: Portal, use: Callable[[str], None]) -> None:
    """An office with a folder site and a portal."""
    use(
        re.sub(r"(?s)sites:.*", "", SETTINGS)
        + f"""sites:
  - {{name: media-center, kind: folder, title: Media Center, path: ./situs/media-center}}
  - {{name: info-publik, kind: assisted, title: Info Publik, url: "{held.url}", login: "{held.url}masuk"}}
"""
    )


@pytest.fixture
def story(office: Office, desk: None, editor: Person) -> Story:
    """A released story without photos, not yet at its portal."""
    story = make_story(office, photos=0, headline=TITLE, body=BODY, sites=["info-publik"])
    move(story, "verify", editor)
    office.work()
    return fresh(story)


@pytest.fixture
def illustrated(office: Office, desk: None, editor: Person) -> Story:
    """The same come by mail, with two photos; a folder site has it already."""
    office.post(coverage(TITLE))
    office.work()
    story = Story.objects.get()
    move(story, "verify", editor)
    office.work()
    return fresh(story)


def task(story: Story) -> Delivery:
    return Delivery.objects.select_related("story").get(story=story, site="info-publik")


def address(name: str, story: Story, *more: Any) -> str:
    return reverse(name, args=[task(story).pk, *more])


def post_it(held: Portal, story: Story, path: str = "") -> str:
    """Post at the portal what the task holds; return the page's address."""
    from django.conf import settings

    post = make_post(story, story.sealed(), settings.REDAKSI.site("info-publik"))
    return held.post(post.headline, post.html, post.pictures, notice=post.notice, path=path)


def answer(client: Any, story: Story, url: str, way: str = "periksa", **more: str) -> Any:
    """Fill in the page's form as a browser does."""
    shown = client.get(address("task", story)).content.decode()
    hidden = {
        name: unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="(tugas|terlihat)" value="([^"]*)"', shown)
    }
    return client.post(
        address("tell_task", story), {**hidden, "alamat": url, "cara": way, **more}, follow=True
    )


def proven(office: Office, held: Portal, story: Story, person: Person) -> str:
    url = post_it(held, story)
    answer(enter(person), story, url)
    office.work()
    assert not fresh_task(story).owed
    return url


def fresh_task(story: Story) -> Delivery:
    return task(fresh(story))


def corrected(office: Office, story: Story, by: Person) -> Story:
    client = enter(by)
    form = form_of(client.get(page(story)))
    client.post(save(story), {**form, "body": form["body"].replace("120 peserta", "150 peserta")})
    move(fresh(story), "correct", by, "Jumlah peserta semula tertulis 120.")
    office.work()
    return fresh(story)


def test_what_a_portal_waits_for_is_a_task_and_no_trouble(
    office: Office, illustrated: Story, editor: Person
) -> None:
    story = illustrated
    assert task(story).asked
    assert task(story).parked
    client = enter(editor)
    listed = client.get(reverse("tasks"))
    assert TITLE in text_of(listed)
    assert "Tayangkan" in text_of(listed)
    assert "sisa 1 jam 5" in text_of(listed)
    assert listed.context["task_count"] == 1
    assert listed.context["attention_count"] == 0
    assert "Tertahan" not in text_of(client.get(reverse("attention")))
    assert not Notice.objects.exists(), "nobody is alarmed"
    shown = text_of(client.get(reverse("sites", args=[story.pk])))
    assert "Info Publik Menunggu ditayangkan dengan tangan Kerjakan" in shown


def test_the_task_holds_all_that_is_to_be_posted_in_that_sites_style(
    office: Office, held: Portal, illustrated: Story, operator: Person
) -> None:
    story = illustrated
    shown = enter(operator).get(address("task", story))
    words = text_of(shown)
    sealed = story.sealed()
    assert TITLE in words
    assert "120 peserta" in words
    assert "Keterangan foto nomor 1." in words
    assert f"{held.url}masuk" in shown.content.decode()
    kit = shown.context["kit"]
    assert kit.plain == prose.to_text(kit.markdown)
    assert kit.byline == "MC. Kota Uji/nala"
    assert [photo.number for photo in kit.photos] == [1, 2]
    assert sealed.headline == kit.headline


def test_photos_come_in_order_under_our_names_with_their_captions(
    office: Office, illustrated: Story, operator: Person
) -> None:
    story = illustrated
    client = enter(operator)
    answered = client.get(address("task_photos", story))
    assert answered.streaming
    made = zipfile.ZipFile(io.BytesIO(answered.getvalue()))
    assert made.testzip() is None
    day = timezone.localtime(story.released_at).strftime("%Y%m%d")
    names = [f"{day}_mc-kota-uji_wali-kota-uji-membuka-musrenbang_0{n}.jpg" for n in (1, 2)]
    assert made.namelist() == [*names, "captions.txt"]
    captions = made.read("captions.txt").decode("utf-8-sig")
    assert captions.index(names[0]) < captions.index("Keterangan foto nomor 1.") < captions.index(names[1])
    assert "(Foto: MC. Kota Uji)" in captions
    single = client.get(address("task_photo", story, 2))
    assert single.content == made.read(names[1])
    assert names[1] in single.headers["Content-Disposition"]
    assert "Keterangan foto nomor 2." in str(Image.open(io.BytesIO(single.content)).info)
    assert client.get(address("task_photo", story, 3)).status_code == 404


def test_the_page_is_read_and_the_proof_is_kept(
    office: Office, held: Portal, illustrated: Story, operator: Person
) -> None:
    story = illustrated
    url = post_it(held, story)
    client = enter(operator)
    answered = answer(client, story, url)
    assert "Sedang diperiksa" in text_of(answered)
    assert 'hx-trigger="every 2s"' in answered.content.decode()
    assert "HX-Refresh" not in client.get(address("task_result", story)).headers
    office.work()
    assert client.get(address("task_result", story)).headers["HX-Refresh"] == "true"
    done = fresh_task(story)
    assert (done.state, done.url, done.sent_version, done.asked) == ("live", url, 1, False)
    assert done.receipts[-1]["detail"]["told_by"] == "Sinta"
    assert done.receipts[-1]["detail"]["photos"] == [2, 2]
    assert "sent" not in done.ledger, "a worker that dies while it reads leaves nothing to look into"
    shown = text_of(client.get(address("task", story)))
    assert "Selesai" in shown
    assert "2 foto ditemukan" in shown
    assert "Baru selesai" in text_of(client.get(reverse("tasks")))
    assert Package.objects.get(story=story).path, "the package waited for the portal, and holds its receipt"
    assert [e.by for e in LogEntry.objects.filter(verb="tell_task")] == [operator]


def test_an_address_that_shows_something_else_leaves_the_task_open_and_can_be_changed(
    office: Office, held: Portal, story: Story, operator: Person
) -> None:
    wrong = held.post("Berita lain sama sekali", "<p>Tentang hal yang berbeda.</p>")
    client = enter(operator)
    answer(client, story, wrong)
    office.work()
    assert fresh_task(story).owed
    shown = text_of(client.get(address("task", story)))
    assert "Judul dan paragraf pertama tidak ditemukan di alamat itu" in shown
    assert "Diperiksa lagi sendiri" in shown
    answer(client, story, post_it(held, story))
    office.work()
    assert fresh_task(story).state == "live"


def test_a_page_that_opens_later_is_found_without_anybody(
    office: Office, held: Portal, story: Story, operator: Person
) -> None:
    answer(enter(operator), story, held.url + "berita/5/musrenbang")
    office.work()
    waiting = fresh_task(story)
    assert waiting.owed
    assert waiting.next_attempt_at
    post_it(held, story, path="/berita/5/musrenbang")
    Delivery.objects.filter(pk=waiting.pk).update(next_attempt_at=timezone.now())
    office.work()
    assert fresh_task(story).state == "live"


def test_what_no_program_can_read_is_recorded_in_a_persons_name_after_a_try(
    office: Office, held: Portal, story: Story, operator: Person
) -> None:
    held.answers["/berita/1"] = (403, {}, b"")
    client = enter(operator)
    url = held.url + "berita/1"
    early = answer(client, story, url, "catat", alasan="Malas menunggu.")
    assert "Periksa dulu alamatnya" in text_of(early)
    answer(client, story, url)
    office.work()
    assert "Catat saja, saya sudah memeriksa" in text_of(client.get(address("task", story)))
    assert "Tuliskan alasannya" in text_of(answer(client, story, url, "catat", alasan="  "))
    office.work()
    assert fresh_task(story).owed
    answer(client, story, url, "catat", alasan="Halaman hanya untuk anggota.")
    office.work()
    done = fresh_task(story)
    assert done.state == "live"
    assert "dicatat oleh Sinta, tidak terbaca otomatis" in text_of(client.get(page(story)))
    record = text_of(client.get(reverse("record", args=[story.pk])))
    assert "tayang · dicatat oleh Sinta, tidak terbaca otomatis" in record
    assert "Halaman hanya untuk anggota." in LogEntry.objects.get(verb="record_task").note


def test_a_correction_is_a_task_of_its_own_with_what_changed(
    office: Office, held: Portal, story: Story, editor: Person, operator: Person
) -> None:
    url = proven(office, held, story, operator)
    later = corrected(office, story, editor)
    assert fresh_task(story).asked
    client = enter(operator)
    shown = client.get(address("task", story))
    html = shown.content.decode()
    assert "<del>120</del><ins>150</ins>" in html
    assert notice_line(later.sealed()) in text_of(shown)
    assert f'value="{url}"' in html, "the address need not be pasted again"
    answer(client, story, url)
    office.work()
    assert "Baris ralat tidak ditemukan" in text_of(client.get(address("task", story)))
    assert fresh_task(story).sent_version == 1
    post_it(held, later, path=url.removeprefix(held.url.rstrip("/")))
    answer(client, story, url)
    office.work()
    assert (fresh_task(story).sent_version, fresh_task(story).url) == (2, url)


def test_an_answer_from_a_page_opened_before_the_correction_is_refused(
    office: Office, held: Portal, story: Story, editor: Person, operator: Person
) -> None:
    url = proven(office, held, story, operator)
    corrected(office, story, editor)
    refused = enter(operator).post(
        address("tell_task", story), {"tugas": "tayang:1", "alamat": url, "cara": "periksa"}, follow=True
    )
    assert "sudah berubah sejak halaman Anda dibuka" in text_of(refused)
    assert fresh_task(story).told == {}


def test_a_take_down_stays_a_task_until_no_reader_finds_story_or_photos(
    office: Office, held: Portal, story: Story, editor: Person, operator: Person
) -> None:
    url = proven(office, held, story, operator)
    move(fresh(story), "retract", editor, "Atas permintaan sekolah.")
    office.work()
    client = enter(operator)
    shown = client.get(address("task", story))
    assert url in shown.content.decode()
    assert "Atas permintaan sekolah." in text_of(shown)
    assert shown.context["kit"] is None, "nothing of it is to be posted any more"
    assert client.get(address("task_photos", story)).status_code == 404
    answer(client, story, url)
    office.work()
    assert "masih dapat dibaca" in text_of(client.get(address("task", story)))
    held.remove(url)
    answer(client, story, url)
    office.work()
    assert fresh_task(story).state == "hidden"
    assert "Ditarik" in text_of(client.get(page(story)))


def test_a_story_retracted_before_its_address_was_told_is_asked_after(
    office: Office, held: Portal, story: Story, editor: Person, operator: Person
) -> None:
    url = post_it(held, story)
    move(story, "retract", editor, "Keliru.")
    office.work()
    client = enter(operator)
    assert "ditarik sebelum alamatnya dicatat" in text_of(client.get(address("task", story)))
    answer(client, story, url)
    office.work()
    assert "masih dapat dibaca" in text_of(client.get(address("task", story)))
    answer(client, story, "", "tidak-pernah")
    office.work()
    assert fresh_task(story).state == ""
    assert "Tidak pernah tayang di sini" in text_of(client.get(page(story)))


def test_a_wrong_address_is_changed_after_the_proof(
    office: Office, held: Portal, story: Story, operator: Person
) -> None:
    held.remove(proven(office, held, story, operator))
    other = post_it(held, story, path="/berita/lain")
    client = enter(operator)
    answer(client, story, other)
    assert "Sedang diperiksa" in text_of(client.get(address("task", story)))
    office.work()
    done = fresh_task(story)
    assert (done.url, done.sent_version) == (other, 1)
    assert [receipt["version"] for receipt in done.receipts] == [1, 1], "the first proof stays on record"
    assert LogEntry.objects.filter(verb="change_address").count() == 1


def test_of_two_who_take_a_task_the_second_is_told_and_may_take_it_over(
    office: Office, story: Story, editor: Person, operator: Person
) -> None:
    first, second = enter(editor), enter(operator)
    first.post(address("take_task", story))
    told = second.post(address("take_task", story), follow=True)
    assert "Bram sudah mengerjakan tugas ini." in text_of(told)
    assert "Tanyakan dulu" in text_of(told)
    assert "Dikerjakan Bram sejak" in text_of(second.get(reverse("tasks")))
    second.post(address("take_task", story), {"oleh": str(editor.pk)})
    assert task(story).taken_by == operator
    assert "Sinta sudah mengerjakan" in text_of(
        first.post(address("take_task", story), {"lepas": "1"}, follow=True)
    )
    second.post(address("take_task", story), {"lepas": "1"})
    assert task(story).taken_by is None


def test_of_two_who_paste_an_address_the_second_is_told(
    office: Office, held: Portal, story: Story, editor: Person, operator: Person
) -> None:
    url = post_it(held, story)
    answer(enter(editor), story, url)
    late = enter(operator).post(
        address("tell_task", story),
        {"tugas": "tayang:1", "terlihat": "", "alamat": url + "2", "cara": "periksa"},
        follow=True,
    )
    assert "Bram baru saja mencatat alamat" in text_of(late)
    assert task(story).told["url"] == url


def test_while_the_worker_looks_no_other_answer_is_taken(
    office: Office, held: Portal, story: Story, operator: Person
) -> None:
    row = task(story)
    Delivery.objects.filter(pk=row.pk).update(
        claim="pekerja:1", claimed_until=timezone.now() + timedelta(minutes=5)
    )
    refused = answer(enter(operator), story, held.url + "berita/1")
    assert "sedang diperiksa. Tunggu sebentar" in text_of(refused)
    assert task(story).told == {}


def test_what_is_no_address_is_refused_at_once(office: Office, story: Story, operator: Person) -> None:
    client = enter(operator)
    for url in (
        "",
        "berita/1",
        "javascript:alert(1)",
        "https://a b/c",
        "http://[::1",
        "https://x/" + "y" * 2001,
    ):
        assert "Tempelkan alamat halamannya" in text_of(answer(client, story, url)), url
    assert task(story).told == {}


def test_an_address_elsewhere_is_refused_by_the_look(office: Office, story: Story, operator: Person) -> None:
    answer(enter(operator), story, "https://portal-lain.example/berita/1")
    office.work()
    row = fresh_task(story)
    assert "Alamat itu bukan di 127.0.0.1" in row.error
    assert row.parked


def test_a_photo_flagged_meanwhile_is_neither_shown_nor_handed_out(
    office: Office, illustrated: Story, operator: Person
) -> None:
    story = illustrated
    photo = Photo.objects.filter(story=story).first()
    assert photo
    Photo.objects.filter(pk=photo.pk).update(child=True)
    client = enter(operator)
    shown = client.get(address("task", story))
    assert "Jangan tayangkan berita ini dulu" in text_of(shown)
    assert shown.context["kit"] is None
    assert client.get(address("task_photos", story)).status_code == 404
    assert client.get(address("task_photo", story, 1)).status_code == 404


def test_a_delivery_of_another_kind_of_site_has_no_task_page(
    office: Office, illustrated: Story, operator: Person
) -> None:
    story = illustrated
    other = Delivery.objects.get(story=story, site="media-center")
    assert enter(operator).get(reverse("task", args=[other.pk])).status_code == 404


def test_an_office_without_portals_has_no_such_item_in_its_menu(
    office: Office, story: Story, operator: Person, use: Callable[[str], None]
) -> None:
    assert "Tugas situs" in text_of(enter(operator).get(reverse("more")))
    use(SETTINGS)
    assert "Tugas situs" not in text_of(enter(operator).get(reverse("more")))
