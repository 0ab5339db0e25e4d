"""A contributor's home: all they sent and where it stands, what is asked of them, and nothing of the desk's own."""

from __future__ import annotations

import gzip
import hashlib
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from newsroom import asking, own
from newsroom.clocks import pause
from newsroom.comments import add
from newsroom.models import Contributor, Letter, Person, Photo, Story, Submission, Upload
from newsroom.views.own import PER_PAGE
from newsroom.workflow import move
from tests.newsroom.screens import decide, enter, form_of, fresh, make_story, page, release, text_of
from tests.office import Office

pytestmark = pytest.mark.django_db

HOME = "/antrean/"
FIGURES = "/kiriman-saya/angka/"


def mail(number: int, **fields: Any) -> Submission:
    """A mail of the office's contributor that is no story."""
    at = timezone.now() - timedelta(minutes=number)
    given = {
        "contributor": Contributor.objects.get(address="nala@contoh.example"),
        "sender_address": "nala@contoh.example",
        "subject": f"Surel {number}",
        "message_id": f"<surel-{number}@contoh.example>",
        **fields,
    }
    sha256 = hashlib.sha256(f"lain {number}".encode()).hexdigest()
    made: Submission = Submission.objects.create(
        sha256=sha256, size=1, mailbox="lokal", received_at=at, **given
    )
    return made


def line(response: Any, headline: str) -> str:
    """The words of the line with this headline."""
    lines = re.findall(r'<li class="own-line">.*?</li>', response.content.decode(), re.DOTALL)
    (found,) = [one for one in lines if headline in one]
    return " ".join(re.sub(r"<[^>]+>", " ", found).split())


def test_each_story_stands_with_its_state_in_a_plain_sentence(
    office: Office, editor: Person, second_editor: Person, writer: Person
) -> None:
    stories = {number: make_story(office, number, minutes=10 * number) for number in range(1, 9)}
    move(stories[2], "spike", editor, "Acaranya sudah lewat dua pekan.")
    release(stories[3], editor)
    stories[3].deliveries.filter(site="kota").update(state="", sent_version=0)
    release(stories[4], editor)
    move(fresh(stories[4]), "correct", second_editor, "Jumlah peserta 120.")
    release(stories[5], editor)
    move(fresh(stories[5]), "retract", second_editor, "Keterangan belum disetujui.")
    Story.objects.filter(pk=stories[6].pk).update(embargo_until=timezone.now() + timedelta(days=400))
    move(fresh(stories[6]), "verify", editor)
    move(stories[7], "send_back", editor, "Sebut jumlah pesertanya.")
    move(stories[8], "spike", editor, "Digabungkan dengan “Rahasia orang lain”.")
    Story.objects.filter(pk=stories[8].pk).update(merged_into=stories[1])
    answer = enter(writer).get(HOME)
    told = {number: line(answer, f"Judul berita {number}") for number in (1, 2, 3, 4, 5, 6, 8)}
    assert re.search(r"Menunggu diperiksa editor, sejak \S+ WIB", told[1])
    assert "Tidak dimuat: Acaranya sudah lewat dua pekan." in told[2]
    assert "Tayang di 2 dari 3 situs Media Center Info Publik" in told[3]
    assert "dengan ralat: Jumlah peserta 120." in told[4]
    assert re.search(r"Ditarik \S+ WIB: Keterangan belum disetujui.", told[5])
    assert "Sudah diperiksa editor, tayang" in told[6]
    assert "Digabungkan dengan kiriman lain" in told[8]
    assert "Rahasia" not in text_of(answer)
    words = text_of(answer)
    asked = words.index("Perlu Anda kerjakan")
    assert asked < words.index("Sebut jumlah pesertanya.") < words.index("Yang sudah Anda kirim")
    assert words.count("Judul berita 7") == 1
    order = re.findall(r"Judul berita (\d)", words[words.index("Yang sudah Anda kirim") :])
    assert list(dict.fromkeys(order)) == ["1", "2", "3", "4", "5", "6", "8"], "the newest first"


def test_what_was_mended_goes_back_in_one_tap_and_waits_from_then_on(
    office: Office, editor: Person, writer: Person
) -> None:
    story = make_story(office, minutes=60 * 30)
    move(story, "send_back", editor, "Sebut jumlah pesertanya.")
    client = enter(writer)
    assert "Perbaiki dan kirim ulang" in text_of(client.get(HOME))
    form = form_of(client.get(page(story))) | {"body": "Acara dihadiri 120 peserta."}
    done = client.post(decide(story, "resubmit"), form, follow=True)
    assert fresh(story).body == "Acara dihadiri 120 peserta."
    assert "dikirim ulang ke antrean editor" in text_of(done)
    today = timezone.localtime(story.log.get(verb="resubmit").at).strftime("%H.%M")
    assert f"Menunggu diperiksa editor, sejak {today}" in line(done, "Judul berita 1").replace("\xa0", " ")
    assert "Perlu Anda kerjakan" not in text_of(done)


def test_mails_that_became_no_story_are_told_without_what_is_the_desks_own(
    office: Office, editor: Person, writer: Person
) -> None:
    secret = "Tanda tangannya tidak cocok RAHASIA."
    mail(1, disposition="held", trust="suspicious", reason=secret, trust_reason=secret)
    mail(2, disposition="held", trust="known", reason="Lebih dari 20 surel RAHASIA")
    mail(3, disposition="failed", reason="Traceback RAHASIA")
    mail(4, disposition="ignored", reason="Spam RAHASIA")
    mail(5, disposition="ignored", trust="blocked", reason="RAHASIA")
    mail(6)
    story = make_story(office, 1)
    for number, sentence, answer in (
        (7, "menunggu dibaca editor", ""),
        (8, "sudah dipakai editor", "taken"),
        (9, "tidak dipakai editor", "declined"),
    ):
        proposed = mail(number, disposition="proposed", story=story, reason="RAHASIA")
        story.proposals.create(submission=proposed, why="RAHASIA", answer=answer)
        assert sentence in line(enter(writer).get(HOME), f"Surel {number}")
    Upload.objects.create(key="baru", person=writer, headline="Baru dikirim", sent_at=timezone.now())
    Upload.objects.create(key="draf", person=writer, headline="Belum selesai")
    answer = enter(writer).get(HOME)
    assert "memastikan dulu bahwa ini benar dari Anda" in line(answer, "Surel 1")
    assert "Editor melihatnya dulu" in line(answer, "Surel 2")
    assert "Belum dapat dibaca" in line(answer, "Surel 3")
    assert "Tidak dijadikan berita" in line(answer, "Surel 4")
    assert "Hubungi kantor redaksi" in line(answer, "Surel 5")
    assert "sedang dibaca" in line(answer, "Surel 6")
    assert "Sedang disiapkan" in line(answer, "Baru dikirim")
    assert "Belum selesai" in text_of(answer)
    assert reverse("upload_draft", args=["draf"]) in answer.content.decode()
    assert "RAHASIA" not in answer.content.decode()


def test_a_request_for_files_stands_above_until_a_mail_answers_it(
    office: Office, editor: Person, writer: Person
) -> None:
    story = make_story(office)
    asking.ask(Submission.objects.get(story=story), editor, "Mohon foto aslinya dilampirkan.")
    client = enter(writer)
    answer = client.get(HOME)
    assert "Editor minta foto atau berkas" in text_of(answer)
    assert "Mohon foto aslinya dilampirkan." in text_of(answer)
    letter = Letter.objects.get()
    later = mail(1, references=f"<lain@x> {letter.message_id}", disposition="held")
    assert "Editor minta foto" in text_of(client.get(HOME)), "an earlier mail answers nothing"
    Submission.objects.filter(pk=later.pk).update(received_at=timezone.now() + timedelta(minutes=1))
    assert "Editor minta foto" not in text_of(client.get(HOME))


def test_a_contributor_reads_nothing_of_others_and_nothing_that_is_the_desks(
    office: Office, editor: Person, second_editor: Person, writer: Person
) -> None:
    other = office.contributor("lain@contoh.example", name="Orang Lain")
    theirs = make_story(office, 2, contributor=other, headline="Berita orang lain")
    mail(1, contributor=other, subject="Surel orang lain")
    story = make_story(office, 1, photos=2)
    add(story, editor, "Komentar RAHASIA")
    pause(story, editor, "Menunggu Kabid RAHASIA")
    Submission.objects.filter(story=story).update(
        trust="known", trust_reason="Bukti RAHASIA", evidence={"checked_at": timezone.now().isoformat()}
    )
    Story.objects.filter(pk=story.pk).update(error="Gangguan RAHASIA")
    Photo.objects.filter(story=story).update(facts={"gps": [-2.2, 113.9]})
    joined = story.photos.last()
    assert joined is not None
    Photo.objects.filter(pk=joined.pk).update(submission=Submission.objects.get(story=theirs))
    client = enter(writer)
    html = client.get(HOME).content.decode() + client.get(page(story)).content.decode()
    for word in ("RAHASIA", "orang lain", "113", "Lokasi (GPS)"):
        assert word not in html, word
    assert client.get(page(theirs)).status_code == 403
    first = story.photos.first()
    assert first is not None
    assert reverse("original_photo", args=[first.pk]) in html
    assert reverse("original_photo", args=[joined.pk]) not in html
    assert client.get(reverse("original_photo", args=[joined.pk])).status_code == 403
    assert "RAHASIA" in enter(second_editor).get(page(story)).content.decode()


def test_the_first_visit_says_how_to_send(office: Office, writer: Person) -> None:
    answer = enter(writer).get(HOME)
    words, html = text_of(answer), answer.content.decode()
    assert "Belum ada kiriman" in words
    for name in ("upload", "guide"):
        assert f'href="{reverse(name)}"' in html
    assert "tidak mengirim berita" in text_of(enter(office.person("tamu", "requester")).get(HOME))


def test_the_frame_holds_what_a_contributor_needs_and_no_more(office: Office, writer: Person) -> None:
    html = enter(writer).get(HOME).content.decode()
    rail = html[html.index('<nav class="rail"') : html.index("</nav>", html.index('<nav class="rail"'))]
    assert re.findall(r'<a href="([^"]+)"', rail) == [HOME, "/kirim/", "/panduan/", "/lainnya/"]


def test_figures_count_what_was_sent_by_month(office: Office, editor: Person, writer: Person) -> None:
    now = timezone.localtime()
    before = now.replace(day=1) - timedelta(days=1)
    spans = [(now, 2, False), (now, 4, True), (now, None, False), (before, 9, False)]
    for number, (at, hours, again) in enumerate(spans):
        story = make_story(office, number)
        released = at + timedelta(hours=hours) if hours else None
        if again:
            move(story, "send_back", editor, "Lengkapi.")
        Story.objects.filter(pk=story.pk).update(received_at=at, released_at=released)
    month, _year, months = own.figures(writer, now)
    assert (month.sent, month.published, month.returned, month.median) == (3, 2, 1, timedelta(hours=3))
    assert [row.figures.sent for row in months] == [3, 1] + [0] * 10
    stranger = office.person("lain", "contributor")
    assert own.figures(stranger, now)[0] == own.Figures(0, 0, 0, None)
    words = text_of(enter(writer).get(FIGURES))
    assert "Dikirim 3 Tayang 2 Pernah dikembalikan 1 Sampai tayang (tengah) 3 jam" in words
    assert "Belum ada yang dikirim" in text_of(enter(stranger).get(FIGURES))


def test_more_rows_cost_no_more_queries_and_turn_into_pages(
    office: Office, editor: Person, writer: Person, django_assert_max_num_queries: Any
) -> None:
    client = enter(writer)

    def fill(numbers: range) -> None:
        for number in numbers:
            release(make_story(office, 10 * number), editor)
            move(make_story(office, 10 * number + 1), "send_back", editor, "Lengkapi.")
            held = mail(number, disposition="proposed", story=Story.objects.latest("id"))
            Story.objects.latest("id").proposals.create(submission=held, why="x")

    fill(range(2))
    client.get(HOME)
    with django_assert_max_num_queries(40) as few:
        client.get(HOME)
    fill(range(2, 12))
    with django_assert_max_num_queries(40) as many:
        first = client.get(HOME)
    assert len(many) == len(few)
    shown = first.content.decode().count('class="own-line"')
    assert shown + client.get(HOME, {"hal": 2}).content.decode().count('class="own-line"') == 24
    assert "Perlu Anda kerjakan" not in text_of(client.get(HOME, {"hal": 2}))


def test_the_whole_page_is_small_enough_for_a_poor_line(
    office: Office, editor: Person, writer: Person
) -> None:
    for number in range(PER_PAGE):
        release(make_story(office, number, headline=f"Judul yang panjang sekali {number} " * 6), editor)
    parts = [enter(writer).get(HOME).content]
    asked = rb'(?:href|src)="/static/(web/[^"#]+?)(?:\.[0-9a-f]{12})?\.(css|js|svg)["#]'
    for name, suffix in set(re.findall(asked, parts[0])):
        parts.append(Path(str(finders.find(f"{name.decode()}.{suffix.decode()}"))).read_bytes())
    assert len(parts) > 4
    assert sum(len(gzip.compress(part)) for part in parts) < 60_000


def test_a_visitor_signs_in_first() -> None:
    assert Client().get(FIGURES)["Location"].startswith("/masuk/")
