"""Approval by phone: what a link shows, to whom it listens, and when it is void."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from newsroom import approval_links as links
from newsroom import people
from newsroom.acts import ActRefused
from newsroom.editing import edit
from newsroom.models import ApprovalLink, Letter, LogEntry, Person, Revision, State, Story
from newsroom.workflow import move
from pipeline.post import compose
from pipeline.stores import originals
from tests.newsroom.leadership import CHAIN, deputy, leader, verified, with_chain
from tests.newsroom.screens import enter, fresh, text_of
from tests.office import Office, every_row, picture

Use = Callable[[str], None]
PHONE = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"
BOTS = (
    "WhatsApp/2.24.20.89 A",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "TelegramBot (like TwitterBot)",
    "Mozilla/5.0 (compatible; Microsoft-Safelinks)",
)


@pytest.fixture(autouse=True)
def _forgotten_attempts() -> None:
    cache.clear()


@pytest.fixture
def editor(office: Office) -> Person:
    person: Person = office.person("bram", "editor", "Bram")
    return person


@pytest.fixture
def kasi(office: Office, use: Use) -> Person:
    with_chain(use)
    return leader(office, "darto", "section_head", "Darto")


@pytest.fixture
def story(office: Office, editor: Person, kasi: Person) -> Story:
    return verified(office, editor)


def send(story: Story, to: Person, by: Person, now: datetime | None = None) -> str:
    """Make a link for WhatsApp; the path a phone opens."""
    sent = links.send(fresh(story), to, "whatsapp", by, now or timezone.now())
    found = re.search(r"http://127\.0\.0\.1:8000(/setuju/\S+/)", sent.message)
    assert found
    return found[1]


def token_of(path: str) -> str:
    return path.strip("/").split("/")[1]


def press(path: str, verb: str = "approve", client: Client | None = None, **fields: Any) -> Any:
    return (client or Client()).post(path, {"putusan": verb, **fields}, headers={"User-Agent": PHONE})


def counted() -> dict[str, Any]:
    """Everything a link could change."""
    return {
        "log": LogEntry.objects.count(),
        "links": list(ApprovalLink.objects.values()),
        "stories": list(Story.objects.values()),
        "letters": Letter.objects.count(),
    }


def test_a_phone_reads_the_story_and_approves_it(story: Story, kasi: Person, editor: Person) -> None:
    path = send(story, kasi, editor)
    page = Client().get(path)
    words = text_of(page)
    assert page.status_code == 200
    assert "Untuk Darto , Kasi / Kasubag" in words or "Untuk Darto, Kasi / Kasubag" in words
    assert "Judul berita 1" in words and "Paragraf kedua." in words and "Keterangan 1" in words
    done = press(path)
    assert done.status_code == 200
    assert "Terima kasih, persetujuan Anda tercatat" in text_of(done)
    assert "Selanjutnya menunggu persetujuan Kabid" in text_of(done)
    assert story.approvals.get(step=1).answer == "approved"


def test_a_second_use_says_when_the_first_was(story: Story, kasi: Person, editor: Person) -> None:
    path = send(story, kasi, editor)
    press(path)
    used = ApprovalLink.objects.get().used_at
    for answer in (press(path), Client().get(path)):
        assert answer.status_code == 410
        assert re.search(r"Tautan ini sudah dipakai pada \w+, \d+ \w+ \d{4} pukul", text_of(answer))
    assert ApprovalLink.objects.get().used_at == used
    assert story.log.filter(verb="approve").count() == 1


@pytest.mark.parametrize("agent", BOTS)
def test_programs_that_preview_a_link_change_nothing(
    story: Story, kasi: Person, editor: Person, agent: str
) -> None:
    path = send(story, kasi, editor)
    before = counted()
    client = Client(headers={"User-Agent": agent, "Sec-Purpose": "prefetch"})
    for _ in range(20):
        assert client.get(path).status_code == 200
    assert client.head(path).status_code == 200
    assert client.get(path + "?putusan=approve").status_code == 200
    assert [client.generic(verb, path).status_code for verb in ("PUT", "DELETE", "PATCH")] == [405] * 3
    assert counted() == before
    assert press(path).status_code == 200


def test_a_form_without_its_token_is_refused(story: Story, kasi: Person, editor: Person) -> None:
    path = send(story, kasi, editor)
    strict = Client(enforce_csrf_checks=True)
    assert press(path, client=strict).status_code == 403
    assert story.approvals.get(step=1).answer == ""
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', strict.get(path).content.decode())
    assert found
    assert press(path, client=strict, csrfmiddlewaretoken=found[1]).status_code == 200


def test_nothing_of_the_page_is_kept_indexed_or_named_elsewhere(
    story: Story, kasi: Person, editor: Person
) -> None:
    path = send(story, kasi, editor)
    for answer in (Client().get(path), press(path), press(path)):
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer["X-Robots-Tag"]


def test_a_link_nobody_made_leads_nowhere(office: Office) -> None:
    assert Client().get("/setuju/tidak-ada/").status_code == 404
    assert press("/setuju/tidak-ada/").status_code == 404
    with pytest.raises(links.LinkGone):
        links.answer("tidak-ada", "approve", note="", pin="", where="", now=timezone.now())


def test_a_link_ends_with_its_hours(story: Story, kasi: Person, editor: Person) -> None:
    now = timezone.now()
    token = token_of(send(story, kasi, editor, now))
    link = links.found(token)
    assert link
    assert links.gone(link, now + timedelta(hours=23, minutes=59)) == ""
    with pytest.raises(links.LinkGone, match="sudah lewat"):
        links.answer(token, "approve", note="", pin="", where="", now=now + timedelta(hours=24))
    assert story.approvals.get(step=1).answer == ""


def test_a_changed_text_asks_for_a_new_link(story: Story, kasi: Person, editor: Person) -> None:
    path = send(story, kasi, editor)
    now = fresh(story)
    move(now, "reopen", editor)
    assert "Editor membuka kembali berita ini" in text_of(Client().get(path))
    edit(now, editor, {"body": "Isi yang lain."}, seen=now.revision_id)
    move(now, "verify", editor)
    answer = press(path)
    assert answer.status_code == 410
    assert "Teks berubah sejak tautan dikirim. Minta tautan baru." in text_of(answer)
    assert set(story.approvals.values_list("answer", flat=True)) == {"void", ""}


def test_a_rejected_story_needs_no_answer(story: Story, kasi: Person, editor: Person) -> None:
    path = send(story, kasi, editor)
    move(fresh(story), "spike", editor, "Ganda.")
    assert "sudah ditolak editor" in text_of(press(path))
    assert fresh(story).state == State.SPIKED


def test_a_newer_link_voids_the_one_before_but_not_a_deputys(
    office: Office, story: Story, kasi: Person, editor: Person
) -> None:
    stand_in = leader(office, "sari", "operator", "Sari")
    deputy(stand_in, "section_head", kasi)
    other = send(story, stand_in, editor)
    first, second = send(story, kasi, editor), send(story, kasi, editor)
    assert "diganti atau ditarik" in text_of(press(first))
    assert Client().get(other).status_code == 200
    assert press(second).status_code == 200
    assert "sudah dijawab oleh Darto" in text_of(press(other))


def test_a_link_dies_with_the_term_of_its_person(
    office: Office, story: Story, kasi: Person, editor: Person
) -> None:
    admin = office.person("admin", "admin")
    stand_in = leader(office, "sari", "operator", "Sari")
    term = deputy(stand_in, "section_head", kasi)
    path = send(story, stand_in, editor)
    assert "Plh. Kasi / Kasubag (menggantikan Darto)" in text_of(Client().get(path))
    people.end_term(term, admin)
    assert "tidak lagi memegang jabatan" in text_of(press(path))
    deputy(stand_in, "section_head", kasi)
    assert "tidak lagi memegang jabatan" in text_of(press(path))  # a new term is no old link


def test_a_link_dies_with_the_account_and_does_not_rise_with_it(
    office: Office, story: Story, kasi: Person, editor: Person
) -> None:
    admin = office.person("admin", "admin")
    path = send(story, kasi, editor)
    people.close(kasi, admin)
    assert press(path).status_code == 410
    people.reopen(kasi, admin)
    assert press(path).status_code == 410
    assert story.approvals.get(step=1).answer == ""


def test_a_link_is_for_one_person_whoever_else_is_signed_in(
    office: Office, story: Story, kasi: Person, editor: Person
) -> None:
    path = send(story, kasi, editor)
    assert press(path, client=enter(editor)).status_code == 403
    assert "Anda masuk sebagai Bram" in text_of(enter(editor).get(path))
    assert press(path, client=enter(kasi)).status_code == 200


def test_whose_role_demands_a_second_factor_needs_none_for_a_link(
    story: Story, kasi: Person, editor: Person, use: Use
) -> None:
    path = send(story, kasi, editor)
    with_chain(use, f"{CHAIN}}}\nsignin: {{second_factor: [section_head]")
    client = enter(kasi)
    assert client.get("/antrean/").status_code == 302
    assert client.get(path).status_code == 200
    assert press(path, client=client).status_code == 200


def test_changes_and_a_refusal_want_their_words(story: Story, kasi: Person, editor: Person) -> None:
    path = send(story, kasi, editor)
    refused = press(path, "ask_changes", note_ask_changes=" ")
    assert refused.status_code == 422
    assert "Catatan untuk editor wajib diisi" in text_of(refused)
    assert ApprovalLink.objects.get().used_at is None
    assert press(path, "ask_changes", note_ask_changes="Ganti fotonya.").status_code == 200
    assert fresh(story).state == State.QUEUED
    assert story.approvals.get(step=1).note == "Ganti fotonya."


def test_a_refusal_by_phone_rejects_the_story(story: Story, kasi: Person, editor: Person) -> None:
    path = send(story, kasi, editor)
    assert "Penolakan Anda tercatat" in text_of(press(path, "refuse", note_refuse="Belum waktunya."))
    assert fresh(story).state == State.SPIKED


@pytest.mark.parametrize("verb", ["verify", "skip_approval", "spike", "release", ""])
def test_a_link_makes_no_other_move(story: Story, kasi: Person, editor: Person, verb: str) -> None:
    path = send(story, kasi, editor)
    assert press(path, verb).status_code == 404
    assert fresh(story).state == State.VERIFIED


def test_five_wrong_pins_close_the_link(story: Story, kasi: Person, editor: Person) -> None:
    links.set_pin(kasi, "739164", "739164", timezone.now())
    path = send(story, kasi, editor)
    assert 'name="pin"' in Client().get(path).content.decode()
    left = [text_of(press(path, pin="111222")) for _ in range(5)]
    assert "Sisa 4 kali mencoba" in left[0] and "Sisa 1 kali" in left[3]
    assert "PIN salah lima kali" in left[4]
    assert press(path, pin="739164").status_code == 410
    assert "PIN salah lima kali" in text_of(Client().get(path))
    assert Client().get(f"{path}foto/1.jpg").status_code == 404
    assert story.approvals.get(step=1).answer == ""
    assert story.log.filter(verb="approval_pin_wrong").count() == 5


def test_the_right_pin_passes_after_wrong_ones_and_is_noted(
    story: Story, kasi: Person, editor: Person
) -> None:
    links.set_pin(kasi, "739164", "739164", timezone.now())
    path = send(story, kasi, editor)
    for _ in range(4):
        press(path, pin="000111")
    assert press(path, pin="").status_code == 410  # the fifth try, empty as it is
    path = send(story, kasi, editor)
    assert press(path, pin=" 739164 ").status_code == 200
    assert "dengan PIN" in story.log.get(verb="approve").note
    assert ApprovalLink.objects.order_by("-id")[0].wrong_pins == 0


@pytest.mark.parametrize("pin", ["12345", "123456", "987654", "777777", "12ab56", "", "1" * 13])
def test_a_pin_that_is_easily_guessed_is_not_taken(kasi: Person, pin: str) -> None:
    with pytest.raises(ActRefused):
        links.set_pin(kasi, pin, pin, timezone.now())


def test_where_a_pin_is_demanded_nobody_without_one_gets_a_link(
    story: Story, kasi: Person, editor: Person, use: Use
) -> None:
    path = send(story, kasi, editor)
    with_chain(use, f"{CHAIN}, pin: true")
    assert "PIN tidak cocok" in text_of(press(path, pin="739164"))
    with pytest.raises(ActRefused, match="belum membuat PIN"):
        send(story, kasi, editor)


def test_too_many_answers_to_one_link_are_not_listened_to(story: Story, kasi: Person, editor: Person) -> None:
    path = send(story, kasi, editor)
    statuses = [press(path, "ask_changes", note_ask_changes="").status_code for _ in range(13)]
    assert statuses == [422] * 12 + [429]
    assert Client().get(path).status_code == 200


def test_too_many_answers_from_one_address_are_not_listened_to(
    office: Office, kasi: Person, editor: Person
) -> None:
    paths = [send(verified(office, editor, number), kasi, editor) for number in range(1, 6)]
    statuses = [
        press(path, "ask_changes", note_ask_changes="").status_code for path in paths for _ in "x" * 9
    ]
    assert statuses == [422] * 40 + [429] * 5


def test_the_log_says_who_by_which_road_and_from_what_device(
    story: Story, kasi: Person, editor: Person
) -> None:
    press(send(story, kasi, editor))
    entry = story.log.get(verb="approve")
    assert entry.by == kasi
    road, _sep, device = entry.note.rpartition("; ")
    assert road.startswith("Kasi / Kasubag. Tautan WhatsApp dari Bram, tanpa PIN; 127.0.")
    assert device == "Chrome di Android"
    assert "127.0.0.1" not in entry.note
    sent = story.log.get(verb="approval_link")
    assert (sent.by, sent.person, sent.note) == (editor, kasi, "Darto, lewat WhatsApp")


def test_only_a_checksum_of_the_link_is_kept(story: Story, kasi: Person, editor: Person) -> None:
    token = token_of(send(story, kasi, editor))
    assert token not in every_row()


def test_a_link_by_mail_leaves_with_the_letter_and_holds_headline_and_link_only(
    story: Story, kasi: Person, editor: Person
) -> None:
    sent = links.send(fresh(story), kasi, "mail", editor, timezone.now())
    letter = Letter.objects.get()
    assert (letter.to, sent.message) == ("darto@contoh.example", "")
    text = compose(letter).get_content()
    path = re.search(r"http://127\.0\.0\.1:8000(/setuju/\w+/)", text)
    assert path and "Judul berita 1" in text
    assert "Isi berita nomor 1" not in text and "Paragraf kedua" not in text
    assert token_of(path[1]) not in letter.body
    assert press(path[1]).status_code == 200
    assert "sudah ditarik" in compose(Letter.objects.get()).get_content()


def test_a_whatsapp_message_holds_headline_and_link_only(story: Story, kasi: Person, editor: Person) -> None:
    sent = links.send(fresh(story), kasi, "whatsapp", editor, timezone.now())
    assert "Judul berita 1" in sent.message
    assert "Isi berita" not in sent.message and "Paragraf" not in sent.message
    assert sent.address.startswith(f"https://wa.me/{kasi.phone}?text=")


def test_a_letter_that_has_not_left_is_taken_back_with_its_link(
    story: Story, kasi: Person, editor: Person
) -> None:
    links.send(fresh(story), kasi, "mail", editor, timezone.now())
    move(fresh(story), "reopen", editor)
    assert not Letter.objects.exists()


def test_an_editor_withdraws_the_links_of_a_story(story: Story, kasi: Person, editor: Person) -> None:
    path = send(story, kasi, editor)
    with pytest.raises(ActRefused):
        links.withdraw(story, Person.objects.create(username="x", role="operator"), timezone.now())
    assert links.withdraw(story, editor, timezone.now()) == 1
    assert press(path).status_code == 410


def test_links_are_made_by_editors_for_holders_of_the_step_only(
    office: Office, story: Story, kasi: Person, editor: Person
) -> None:
    kabid = leader(office, "rina", "division_head", "Rina")
    cases = [
        (kabid, "whatsapp", editor, "tidak dapat menjawab"),
        (kasi, "merpati", editor, "Pilih surel"),
        (kasi, "mail", office.person("op", "operator"), "Hanya editor"),
    ]
    for person, way, by, told in cases:
        with pytest.raises(ActRefused, match=told):
            links.send(fresh(story), person, way, by, timezone.now())
    Person.objects.update(email="", phone="")
    kasi.refresh_from_db()
    for way, told in (("mail", "alamat surel"), ("whatsapp", "nomor WhatsApp")):
        with pytest.raises(ActRefused, match=told):
            links.send(fresh(story), kasi, way, editor, timezone.now())


def test_a_text_with_personal_data_is_neither_linked_nor_shown(
    story: Story, kasi: Person, editor: Person
) -> None:
    path = send(story, kasi, editor)
    body = "Warga ber-NIK 6271011203900001 menerima bantuan."  # a rule that came after the verification
    Story.objects.filter(pk=story.pk).update(body=body)
    Revision.objects.filter(pk=story.revision_id).update(body=body)
    page = Client().get(path)
    assert "6271011203900001" not in page.content.decode() and "menerima bantuan" not in text_of(page)
    assert "data pribadi yang belum ditangani" in text_of(page)
    assert press(path).status_code == 422
    assert story.approvals.get(step=1).answer == ""
    with pytest.raises(ActRefused, match="data pribadi"):
        send(story, kasi, editor)


def test_photos_are_shown_small_to_who_holds_a_good_link_and_barred_ones_to_nobody(
    office: Office, editor: Person, kasi: Person
) -> None:
    story = verified(office, editor, photos=2)
    kept = [originals().keep(picture(seed, (1200, 900))) for seed in (1, 2)]
    revision = story.sealed()
    for shown, photo, sha256 in zip(revision.photos, story.photos.all(), kept, strict=True):
        shown["sha256"] = sha256
        type(photo).objects.filter(pk=photo.pk).update(sha256=sha256)
    revision.save()
    path = send(story, kasi, editor)
    small = Client().get(f"{path}foto/1.jpg")
    assert (small.status_code, small["Content-Type"], small["Cache-Control"]) == (
        200,
        "image/jpeg",
        "no-store",
    )
    assert len(b"".join(small)) < len(picture(1, (1200, 900)))
    assert Client().get(f"{path}foto/3.jpg").status_code == 404
    story.photos.filter(sha256=kept[1]).update(child=True)
    assert Client().get(f"{path}foto/2.jpg").status_code == 404
    assert "foto/2.jpg" not in Client().get(path).content.decode()
    press(path)
    assert Client().get(f"{path}foto/1.jpg").status_code == 404


def test_of_an_answer_and_a_reopening_at_once_one_holds(story: Story, kasi: Person, editor: Person) -> None:
    seen = fresh(story)
    press(send(story, kasi, editor))
    move(seen, "reopen", editor)  # the editor's click came a moment later; it is theirs to take back
    assert fresh(story).state == State.QUEUED
    assert list(story.approvals.values_list("answer", flat=True)) == ["approved", "void"]


def test_two_deputies_at_once_and_the_second_is_told(
    office: Office, story: Story, kasi: Person, editor: Person
) -> None:
    stand_in = leader(office, "sari", "operator", "Sari")
    deputy(stand_in, "section_head", kasi)
    first, second = send(story, kasi, editor), send(story, stand_in, editor)
    assert press(first).status_code == 200
    late = press(second)
    assert late.status_code == 410
    assert "sudah dijawab oleh Darto" in text_of(late)
    assert story.approvals.get(step=2).answer == ""


def test_the_page_asks_as_many_questions_for_ten_photos_as_for_one(
    office: Office, editor: Person, kasi: Person
) -> None:
    counts = []
    for number, photos in ((1, 1), (2, 10)):
        path = send(verified(office, editor, number, photos=photos), kasi, editor)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert Client().get(path).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 16
