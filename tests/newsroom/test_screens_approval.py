"""The leadership's approval at the desk: what waits for me, the story's page, the links editors send."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from newsroom.models import ApprovalLink, ApprovalPin, Letter, Person, State, Story
from newsroom.workflow import move
from tests.newsroom.leadership import CHAIN, deputy, leader, verified, with_chain
from tests.newsroom.screens import decide, enter, form_of, fresh, make_story, page, text_of
from tests.office import Office

Use = Callable[[str], None]
LIST = "/persetujuan/"


@pytest.fixture
def kasi(office: Office, use: Use) -> Person:
    with_chain(use)
    return leader(office, "darto", "section_head", "Darto")


def acting(story: Story, verb: str) -> str:
    return reverse("answer_approval", args=[story.pk, verb])


def step_of(story: Story) -> int:
    return int(story.approvals.filter(answer="").order_by("step")[0].pk)


def test_verifying_says_whom_the_story_waits_for_now(office: Office, editor: Person, kasi: Person) -> None:
    story = make_story(office)
    client = enter(editor)
    shown = client.get(page(story))
    assert "ke 3 situs, setelah disetujui pimpinan" in text_of(shown)
    answer = client.post(decide(story, "verify"), form_of(shown), follow=True)
    assert "layak. Menunggu persetujuan Kasi / Kasubag: Darto." in text_of(answer)
    assert "Menunggu persetujuan Kasi / Kasubag: Darto" in text_of(client.get(page(story)))


def test_the_queue_says_whom_a_story_waits_for(office: Office, editor: Person, kasi: Person) -> None:
    story = verified(office, editor)
    client = enter(editor)
    assert "menunggu Kasi / Kasubag" in text_of(client.get("/antrean/?tampil=terverifikasi"))
    move(fresh(story), "approve", kasi)
    assert "menunggu Kabid" in text_of(client.get("/antrean/?tampil=terverifikasi"))


def test_my_list_shows_the_text_and_takes_my_answer(office: Office, editor: Person, kasi: Person) -> None:
    story = verified(office, editor)
    client = enter(kasi)
    shown = text_of(client.get(LIST))
    assert "Judul berita 1" in shown and "Paragraf kedua." in shown
    answer = client.post(acting(story, "approve"), {"tahap": step_of(story), "dari_daftar": "1"}, follow=True)
    assert answer.redirect_chain[-1][0] == LIST
    assert "Tercatat" in text_of(answer) and "Tidak ada yang menunggu Anda" in text_of(answer)
    assert story.approvals.get(step=1).by == kasi


@pytest.mark.parametrize(("verb", "state"), [("ask_changes", State.QUEUED), ("refuse", State.SPIKED)])
def test_a_no_with_its_words_stands_on_the_storys_page(
    office: Office, editor: Person, kasi: Person, verb: str, state: str
) -> None:
    story = verified(office, editor)
    client = enter(kasi)
    client.post(acting(story, verb), {"tahap": step_of(story), f"note_{verb}": ""})
    assert fresh(story).state == State.VERIFIED
    client.post(acting(story, verb), {"tahap": step_of(story), f"note_{verb}": "Periksa nama pejabatnya."})
    assert fresh(story).state == state
    assert "Periksa nama pejabatnya." in text_of(enter(editor).get(page(story)))


def test_a_click_on_a_step_that_is_over_answers_no_other(
    office: Office, editor: Person, kasi: Person
) -> None:
    deputy(kasi, "division_head")
    story = verified(office, editor)
    client, seen = enter(kasi), {"tahap": step_of(story)}
    client.post(acting(story, "approve"), seen)
    answer = client.post(acting(story, "approve"), seen, follow=True)
    assert "baru saja mengubah berita ini" in text_of(answer)
    assert story.approvals.get(step=2).answer == ""


def test_an_answer_names_its_step(office: Office, editor: Person, kasi: Person) -> None:
    story = verified(office, editor)
    assert enter(kasi).post(acting(story, "approve")).status_code == 404
    assert enter(kasi).post(acting(story, "verify"), {"tahap": step_of(story)}).status_code == 404
    assert enter(kasi).post(decide(story, "approve")).status_code == 404
    assert fresh(story).approvals.filter(answer="").count() == 2


def test_the_storys_page_offers_the_acts_to_holders_and_links_to_editors(
    office: Office, editor: Person, kasi: Person, use: Use, second_editor: Person
) -> None:
    story = verified(office, editor)
    shown = {
        name: enter(person).get(page(story)).content.decode()
        for name, person in (
            ("kasi", kasi),
            ("editor", editor),
            ("operator", office.person("op", "operator")),
        )
    }
    assert [acting(story, "approve") in text for text in shown.values()] == [True, False, False]
    assert [reverse("approval_link", args=[story.pk]) in text for text in shown.values()] == [
        True,
        True,
        False,
    ]
    with_chain(use, f"{CHAIN}, skip: true")
    assert acting(story, "skip_approval") in enter(second_editor).get(page(story)).content.decode()
    assert acting(story, "skip_approval") not in enter(kasi).get(page(story)).content.decode()


def test_an_editor_mails_a_link(office: Office, editor: Person, kasi: Person) -> None:
    story = verified(office, editor)
    answer = enter(editor).post(
        reverse("approval_link", args=[story.pk]), {"kirim": f"mail:{kasi.pk}"}, follow=True
    )
    assert "disurelkan kepada Darto" in text_of(answer)
    assert "Tautan untuk Darto lewat surel" in text_of(answer)
    assert Letter.objects.get().to == "darto@contoh.example"


def test_a_whatsapp_message_is_shown_once_and_not_kept_by_the_browser(
    office: Office, editor: Person, kasi: Person
) -> None:
    story = verified(office, editor)
    client = enter(editor)
    answer = client.post(reverse("approval_link", args=[story.pk]), {"kirim": f"whatsapp:{kasi.pk}"})
    assert f"https://wa.me/{kasi.phone}?text=" in answer.content.decode()
    assert "/setuju/" in text_of(answer)
    assert "no-store" in answer["Cache-Control"]
    assert "/setuju/" not in client.get(page(story)).content.decode()
    client.post(reverse("withdraw_approval", args=[story.pk]))
    assert ApprovalLink.objects.get().withdrawn_at


@pytest.mark.parametrize("sent", ["", "mail", "mail:", "mail:x", "mail:999999", "fax:1"])
def test_a_link_for_nobody_is_not_made(office: Office, editor: Person, kasi: Person, sent: str) -> None:
    story = verified(office, editor)
    answer = enter(editor).post(reverse("approval_link", args=[story.pk]), {"kirim": sent})
    assert answer.status_code == 302
    assert not ApprovalLink.objects.exists()


def test_a_holder_sets_a_pin_and_only_its_hash_is_kept(office: Office, editor: Person, kasi: Person) -> None:
    client = enter(kasi)
    wrong = client.post(f"{LIST}pin/", {"pin": "739164", "again": "739165"})
    assert wrong.status_code == 422 and "Kedua PIN tidak sama" in text_of(wrong)
    client.post(f"{LIST}pin/", {"pin": "739164", "again": "739164"})
    assert "739164" not in ApprovalPin.objects.get(person=kasi).pin
    assert "Anda sudah punya PIN" in text_of(client.get(LIST))


def test_the_menu_counts_what_waits_and_is_silent_without_a_chain(
    office: Office, editor: Person, kasi: Person, use: Use
) -> None:
    verified(office, editor)
    assert f'href="{LIST}"' in enter(kasi).get("/antrean/").content.decode()
    assert f'href="{LIST}"' not in enter(editor).get("/antrean/").content.decode()
    with_chain(use, "chain: []")
    assert f'href="{LIST}"' not in enter(kasi).get("/antrean/").content.decode()


def test_the_list_asks_as_many_questions_for_ten_stories_as_for_two(
    office: Office, editor: Person, kasi: Person
) -> None:
    client, counts = enter(kasi), []
    for numbers in (range(1, 3), range(3, 11)):
        for number in numbers:
            verified(office, editor, number)
        client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_long_list_has_pages(office: Office, editor: Person, kasi: Person) -> None:
    for number in range(1, 12):
        verified(office, editor, number, photos=0)
    client = enter(kasi)
    assert client.get(LIST).content.decode().count('class="approval-item"') == 10
    assert client.get(f"{LIST}?hal=2").content.decode().count('class="approval-item"') == 1


def test_a_story_approved_to_the_end_says_so(office: Office, editor: Person, kasi: Person, use: Use) -> None:
    with_chain(use, "chain: [section_head]")
    story = verified(office, editor)
    answer = enter(kasi).post(acting(story, "approve"), {"tahap": step_of(story)}, follow=True)
    assert "segera tayang" in text_of(answer)
    move(fresh(story), "release", None)
    assert "Disetujui pimpinan" in text_of(enter(editor).get(page(story)))
