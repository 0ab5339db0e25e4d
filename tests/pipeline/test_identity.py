"""Which story a mail is about: the same once more, a mended one, an answer, or one of its own."""

from __future__ import annotations

import io
from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from newsroom.editing import edit
from newsroom.models import Letter, LogEntry, Photo, Proposal, Sighting, Story, Submission
from newsroom.workflow import move
from pipeline import kindred
from prose import likeness
from tests.office import Office, picture

OPENING = "Kota Uji – Wali Kota Uji membuka musyawarah perencanaan pembangunan di aula kecamatan, Jumat (20/11/2026)."
STORY = f"""{OPENING}

Sebanyak 100 peserta dari delapan kelurahan hadir membawa usulan prioritas tahun depan. Usulan terbanyak
menyangkut perbaikan drainase, penerangan jalan, dan ruang bermain bagi anak di tepi sungai.

“Musyawarah ini menentukan wajah kota lima tahun ke depan, jadi sampaikan yang benar-benar dibutuhkan warga,”
kata Wali Kota saat membacakan sambutannya di hadapan para lurah dan ketua rukun warga.

Musyawarah berlangsung dua hari dan ditutup dengan penandatanganan berita acara oleh semua kelurahan.
"""
OTHER = """Kota Uji – Dinas Kesehatan menyalurkan kelambu kepada 300 keluarga di kelurahan tepi sungai, Sabtu.

Penyaluran dilakukan kader posyandu dari rumah ke rumah sambil memeriksa jentik di bak penampungan air. Kepala
dinas meminta warga menguras bak mandi sepekan sekali dan menutup rapat tempat penyimpanan air bersih.

Program berlanjut pekan depan di tiga kelurahan lain dengan dukungan mahasiswa kebidanan dan relawan.
"""
TITLE = "Wali Kota Uji Membuka Musrenbang"
NALA = "Nala Ayuningtias <nala@contoh.example>"


def mail(
    subject: str = TITLE,
    text: str = STORY,
    *,
    sender: str = NALA,
    message_id: str = "<satu@contoh.example>",
    photos: list[bytes] | None = None,
    **headers: str,
) -> bytes:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = "redaksi@contoh.example"
    message["Subject"] = subject
    message["Message-ID"] = message_id
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    for number, photo in enumerate(photos or [], start=1):
        message.add_attachment(photo, "image", "jpeg", filename=f"foto {number}.jpg")
    return bytes(message)


def arrive(office: Office, data: bytes) -> Submission:
    office.post(data)
    office.work()
    return Submission.objects.latest("id")


def by_whatsapp(data: bytes, longest: int = 400) -> bytes:
    """Return a photo as WhatsApp passes it on: smaller, compressed harder, without its metadata."""
    with Image.open(io.BytesIO(data)) as image:
        image.thumbnail((longest, longest))
        out = io.BytesIO()
        image.save(out, "JPEG", quality=55)
        return out.getvalue()


# The same once more


def test_the_same_story_sent_again_is_shown_as_a_likely_repetition_and_queued(office: Office) -> None:
    first = arrive(office, mail(photos=[picture(1), picture(2)]))
    again = arrive(office, mail(f"Fwd: {TITLE}", message_id="<dua@contoh.example>", photos=[picture(1)]))
    assert again.disposition == "accepted"
    assert again.duplicate_of == first
    assert again.likeness["photos"] == 1
    assert Story.objects.filter(state="queued").count() == 2


def test_the_same_story_from_another_sender_is_found_too(office: Office) -> None:
    office.contributor("bayu@lain.example", name="Bayu", outlet="Dinas Lain")
    first = arrive(office, mail())
    renamed = mail("Musrenbang Kota Uji Dibuka", sender="bayu@lain.example", message_id="<b@lain.example>")
    assert arrive(office, renamed).duplicate_of == first


def test_a_third_time_points_to_the_first(office: Office) -> None:
    first = arrive(office, mail())
    arrive(office, mail(message_id="<dua@contoh.example>"))
    assert arrive(office, mail(message_id="<tiga@contoh.example>")).duplicate_of == first


def test_photos_resized_by_whatsapp_are_the_same_photos(office: Office) -> None:
    arrive(office, mail(photos=[picture(1), picture(2), picture(3)]))
    small = [by_whatsapp(picture(number)) for number in (1, 2, 3)]
    again = arrive(office, mail(message_id="<dua@contoh.example>", photos=small))
    assert again.likeness["photos"] == 3


def test_another_photo_is_not_taken_for_the_same(office: Office) -> None:
    arrive(office, mail(photos=[picture(1)]))
    again = arrive(office, mail(message_id="<dua@contoh.example>", photos=[picture(9)]))
    assert again.duplicate_of is not None
    assert again.likeness["photos"] == 0


def test_two_stories_of_one_sender_on_one_day_are_two(office: Office) -> None:
    arrive(office, mail(photos=[picture(1)]))
    other = arrive(
        office, mail("Dinas Kesehatan Menyalurkan Kelambu", OTHER, message_id="<dua@contoh.example>")
    )
    assert other.duplicate_of is None


def test_two_stories_with_one_photo_are_two(office: Office) -> None:
    arrive(office, mail(photos=[picture(1)]))
    other = mail(
        "Dinas Kesehatan Menyalurkan Kelambu", OTHER, message_id="<d@c.example>", photos=[picture(1)]
    )
    assert arrive(office, other).duplicate_of is None


def test_one_message_id_for_other_bytes_is_a_repetition_only_when_the_story_is_alike(office: Office) -> None:
    first = arrive(office, mail())
    Story.objects.update(received_at=timezone.now() - timedelta(days=40))
    Submission.objects.update(received_at=timezone.now() - timedelta(days=40))
    assert arrive(office, mail(text=f"{OPENING}\n\nSelebihnya menyusul.")).duplicate_of == first
    assert arrive(office, mail("Dinas Kesehatan Menyalurkan Kelambu", OTHER)).duplicate_of is None


def test_after_three_days_a_like_story_is_not_called_a_repetition(office: Office) -> None:
    arrive(office, mail())
    Story.objects.update(received_at=timezone.now() - timedelta(hours=73))
    assert arrive(office, mail(message_id="<dua@contoh.example>")).duplicate_of is None


def test_of_a_backlog_read_newest_first_the_later_mail_is_the_repetition(office: Office) -> None:
    later = arrive(office, mail(message_id="<dua@contoh.example>"))
    Story.objects.update(received_at=timezone.now() + timedelta(hours=1))
    Submission.objects.update(received_at=timezone.now() + timedelta(hours=1))
    first = arrive(office, mail())
    later.refresh_from_db()
    assert (first.duplicate_of, later.duplicate_of) == (None, first)


def test_the_same_bytes_in_two_folders_and_under_a_new_uid_are_one_item_seen_often(office: Office) -> None:
    data = mail()
    for name in ("1.inbox", "2.semua", "3.dibangun-ulang"):
        office.post(data, name)
    office.work()
    assert Submission.objects.count() == Story.objects.count() == 1
    assert Sighting.objects.filter(submission=Submission.objects.get()).count() == 3


def test_two_thousand_recent_stories_cost_no_more_queries_than_two(office: Office) -> None:
    def queries(number: int) -> int:
        with CaptureQueriesContext(
            connection,
        ) as spent:
            found = kindred.repeated(
                Submission(pk=0, received_at=timezone.now()),
                message_id="<x@x.example>",
                headline=TITLE,
                text=STORY,
                pictures=[{"sha256": "0" * 64, "dhash": "00ff00ff00ff00ff"}] * number,
            )
        assert found
        return len(spent)

    arrive(office, mail(photos=[picture(1)]))
    few = queries(1)
    _crowd(2_000)
    assert queries(10) == few <= 7


def _crowd(count: int) -> None:
    now = timezone.now()
    stories = Story.objects.bulk_create(
        Story(
            key=f"ramai-{n}",
            headline=f"Kabar kelurahan nomor {n}",
            body="Isi.",
            received_at=now,
            due_at=now,
        )
        for n in range(count)
    )
    Submission.objects.bulk_create(
        Submission(
            sha256=f"{n:064x}",
            size=1,
            mailbox="lokal",
            received_at=now,
            disposition="accepted",
            story=story,
            sketch=likeness.sketch(f"kabar nomor {n} dari kelurahan {n * 7} tentang kegiatan {n * 13} warga"),
        )
        for n, story in enumerate(stories)
    )
    Photo.objects.bulk_create(
        Photo(story=story, sha256=f"{n:064x}", dhash=f"{n * 2654435761 % 2**64:016x}")
        for n, story in enumerate(stories)
    )


# Revisions


MENDED = STORY.replace("100 peserta", "120 peserta")


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (f"REVISI: {TITLE}", MENDED),
        (f"RALAT - {TITLE}", MENDED),
        (f"[KOREKSI] {TITLE}", MENDED),
        (f"REVISI {TITLE}", MENDED),
        (f"{TITLE} (revisi 2)", MENDED),
        ("Perbaikan berita", MENDED),
        (TITLE, f"Mohon yang dipakai yang ini ya, Min.\n\n{MENDED}"),
        ("Rilis", f"Ini menggantikan berita sebelumnya, mohon maaf.\n\n{MENDED}"),
    ],
)
def test_a_mail_that_says_it_replaces_a_story_is_proposed_to_it(
    office: Office, subject: str, text: str
) -> None:
    first = arrive(office, mail())
    found = arrive(office, mail(subject, text, message_id="<dua@contoh.example>"))
    assert (found.disposition, found.revision_of, found.story) == ("proposed", first, first.story)
    proposal = Proposal.objects.get()
    assert proposal.story == first.story
    assert "120 peserta" in proposal.text["body"]
    assert "yang ini" not in proposal.text["body"]
    assert "headline" not in proposal.text or proposal.text["headline"] == TITLE
    story = Story.objects.get()
    assert "100 peserta" in story.body, "nothing changes before an editor says so"


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("Revisi Perda RTRW Disahkan", "Revisi Perda Sampah Dibahas"),
        ("Bupati Minta Revisi APBD", "DPRD Bahas Revisi APBD"),
        ("Perbaikan Jalan Lingkar Dimulai", "Perbaikan Jalan Lingkar Rampung"),
        (TITLE, "Revisi Perda RTRW Disahkan DPRD Kota Uji"),
        (TITLE, "Update Banjir Kota Uji Senin Pagi"),
        (TITLE, "Koreksi Harga Cabai Berlanjut"),
    ],
)
def test_a_story_about_a_revision_is_a_story(office: Office, title: str, subject: str) -> None:
    arrive(office, mail(title))
    found = arrive(office, mail(subject, OTHER, message_id="<dua@contoh.example>"))
    assert (found.disposition, found.revision_of, found.duplicate_of) == ("accepted", None, None)
    assert Story.objects.count() == 2


def test_a_story_about_a_revision_sent_twice_is_a_repetition_not_a_proposal(office: Office) -> None:
    first = arrive(office, mail("Revisi Perda RTRW Disahkan"))
    again = arrive(office, mail("Revisi Perda RTRW Disahkan", MENDED, message_id="<dua@contoh.example>"))
    assert (again.disposition, again.duplicate_of) == ("accepted", first)


def test_a_revision_of_nothing_we_know_is_queued_with_a_note(office: Office) -> None:
    arrive(office, mail("Dinas Kesehatan Menyalurkan Kelambu", OTHER))
    found = arrive(office, mail(f"REVISI: {TITLE}", message_id="<dua@contoh.example>"))
    assert found.disposition == "accepted"
    assert "berita asalnya dari pengirim ini tidak ditemukan" in found.reason
    assert Story.objects.count() == 2


def test_a_few_words_that_name_the_story_are_a_request_and_no_text(office: Office) -> None:
    arrive(office, mail())
    note = f"Pada berita {TITLE} tertulis 100 peserta, yang benar 120 peserta. Terima kasih."
    found = arrive(office, mail("RALAT", note, message_id="<dua@contoh.example>"))
    assert found.disposition == "proposed"
    assert Proposal.objects.get().text == {}


def test_somebody_else_cannot_propose_for_a_story(office: Office) -> None:
    office.contributor("bayu@lain.example", name="Bayu", outlet="Dinas Lain")
    first = arrive(office, mail())
    found = arrive(
        office, mail(f"REVISI: {TITLE}", MENDED, sender="bayu@lain.example", message_id="<b@lain.example>")
    )
    assert (found.disposition, found.duplicate_of) == ("accepted", first)
    assert not Proposal.objects.exists()


def test_a_contributor_of_another_office_cannot_propose_by_answering_in_the_thread(office: Office) -> None:
    office.contributor("bayu@lain.example", name="Bayu", outlet="Dinas Lain")
    arrive(office, mail())
    thread = "<satu@contoh.example>"
    answer = mail(
        f"Re: {TITLE}", MENDED, sender="bayu@lain.example", message_id="<b@x.example>", In_Reply_To=thread
    )
    assert arrive(office, answer).disposition == "accepted"
    assert not Proposal.objects.exists()


def test_a_stranger_proposes_nothing(office: Office) -> None:
    arrive(office, mail())
    stranger = mail(f"REVISI: {TITLE}", MENDED, sender="x@asing.example", In_Reply_To="<satu@contoh.example>")
    assert arrive(office, stranger).disposition == "held"
    assert not Proposal.objects.exists()


def test_a_colleague_of_the_same_outlet_may_propose(office: Office) -> None:
    office.contributor("rangga@lain.example", name="Rangga", outlet="MC. Kota Uji", initials="rga")
    arrive(office, mail())
    found = arrive(
        office, mail(f"REVISI: {TITLE}", MENDED, sender="rangga@lain.example", message_id="<r@lain.example>")
    )
    assert found.disposition == "proposed"


def test_of_two_mails_of_one_story_the_senders_own_is_mended(office: Office) -> None:
    office.contributor("rangga@lain.example", name="Rangga", outlet="MC. Kota Uji", initials="rga")
    first = arrive(office, mail())
    second = arrive(office, mail(sender="rangga@lain.example", message_id="<r@lain.example>"))
    mended = mail(f"REVISI: {TITLE}", MENDED, sender="rangga@lain.example", message_id="<m@lain.example>")
    assert arrive(office, mended).revision_of == second
    assert arrive(office, mail(f"REVISI: {TITLE}", MENDED, message_id="<n@x.example>")).revision_of == first


def test_two_people_of_a_free_mail_host_do_not_speak_for_each_other(office: Office) -> None:
    office.contributor("nala.contoh@gmail.com", outlet="MC. Kota Uji")
    office.contributor("bayu.contoh@gmail.com", name="Bayu", outlet="Dinas Lain")
    arrive(office, mail(sender="nala.contoh@gmail.com"))
    found = arrive(
        office, mail(f"REVISI: {TITLE}", MENDED, sender="bayu.contoh@gmail.com", message_id="<b@x.example>")
    )
    assert found.disposition == "accepted"


def test_a_revision_of_a_rejected_story_is_a_story_of_its_own_that_says_so(office: Office) -> None:
    first = arrive(office, mail())
    move(Story.objects.get(), "spike", office.person(), "Belum lengkap.")
    found = arrive(office, mail(f"REVISI: {TITLE}", MENDED, message_id="<dua@contoh.example>"))
    assert (found.disposition, found.revision_of) == ("accepted", first)
    assert "ditolak" in found.reason
    assert Story.objects.filter(state="queued").count() == 1


# Replies


QUOTED = "\n\nPada Jum, 20 Nov 2026 pukul 11.00 Redaksi <redaksi@contoh.example> menulis:\n" + "".join(
    f"> {line}\n" for line in STORY.splitlines()
)


@pytest.fixture
def returned(office: Office) -> Story:
    """A story that was sent back, with the letter that asks for more."""
    arrive(office, mail(photos=[picture(1)]))
    story = Story.objects.get()
    move(story, "send_back", office.person(), "Mohon sebutkan jumlah peserta yang benar.")
    return story


def reply(office: Office, text: str, *, to: str = "", photos: list[bytes] | None = None) -> Submission:
    wanted = to or Letter.objects.latest("id").message_id
    return arrive(
        office,
        mail(
            f"Re: {TITLE}", text, message_id="<balas@contoh.example>", photos=photos, In_Reply_To=wanted,
            References=f"<satu@contoh.example> {wanted}",
        ),
    )  # fmt: skip


def test_the_mended_story_in_answer_to_our_letter_is_proposed(office: Office, returned: Story) -> None:
    found = reply(office, MENDED + QUOTED)
    assert (found.disposition, found.story) == ("proposed", returned)
    text = Proposal.objects.get().text
    assert "120 peserta" in text["body"]
    assert "menulis" not in text["body"]
    assert "headline" not in text


@pytest.mark.parametrize("thanks", ["Terima kasih.", "Baik, siap, terima kasih banyak Kak."])
def test_a_courtesy_is_a_note_on_the_story_and_no_proposal(
    office: Office, returned: Story, thanks: str
) -> None:
    found = reply(office, thanks + QUOTED)
    assert (found.disposition, found.story) == ("accepted", returned)
    assert not Proposal.objects.exists()
    assert Story.objects.count() == 1
    assert LogEntry.objects.get(verb="reply", story=returned).note == thanks


def test_a_few_words_that_ask_for_something_are_proposed_to_be_read(office: Office, returned: Story) -> None:
    found = reply(office, "Peserta 120 orang, bukan 100." + QUOTED)
    assert found.disposition == "proposed"
    assert Proposal.objects.get().text == {}


def test_a_reply_with_photos_alone_proposes_the_new_ones(office: Office, returned: Story) -> None:
    reply(office, "Terima kasih." + QUOTED, photos=[picture(1), by_whatsapp(picture(1)), picture(7)])
    proposal = Proposal.objects.get()
    assert proposal.text == {}
    assert [photo["filename"] for photo in proposal.photos] == ["foto 3.jpg"]
    assert returned.photos.count() == 1


def test_the_same_photo_larger_is_offered_instead(office: Office) -> None:
    large = picture(4, size=(1600, 1200))
    arrive(office, mail(photos=[by_whatsapp(large)]))
    reply(office, "Ini foto aslinya.", to="<satu@contoh.example>", photos=[large])
    assert [photo["like"] for photo in Proposal.objects.get().photos] == [True]


def test_the_next_story_sent_by_answering_an_old_mail_is_a_story(office: Office) -> None:
    arrive(office, mail())
    found = arrive(
        office,
        mail("Dinas Kesehatan Menyalurkan Kelambu", OTHER, message_id="<d@contoh.example>",
             In_Reply_To="<satu@contoh.example>"),
    )  # fmt: skip
    assert found.disposition == "accepted"
    assert Story.objects.count() == 2


def test_the_ticket_in_the_subject_names_the_story(office: Office) -> None:
    arrive(office, mail())
    story = Story.objects.get()
    found = arrive(
        office, mail(f"MC-{story.pk:06d} jumlah peserta", "Yang benar 120 orang.", message_id="<d@c.example>")
    )
    assert (found.disposition, found.story) == ("proposed", story)


def test_a_reply_to_a_merged_story_goes_to_the_one_that_stands(office: Office) -> None:
    arrive(office, mail())
    office.contributor("rangga@lain.example", name="Rangga", outlet="MC. Kota Uji")
    arrive(office, mail(sender="rangga@lain.example", message_id="<dua@lain.example>"))
    first, second = Story.objects.order_by("id")
    move(second, "spike", office.person(), "Digabung.")
    Story.objects.filter(pk=second.pk).update(merged_into=first)
    found = reply(office, MENDED, to="<dua@lain.example>")
    assert found.story == first


def test_what_an_editor_changed_meanwhile_is_not_called_a_change_of_the_sender(office: Office) -> None:
    arrive(office, mail())
    story = Story.objects.get()
    edit(story, office.person(), {"headline": "Musrenbang Dibuka Wali Kota"}, seen=story.revision_id)
    arrive(office, mail(f"REVISI: {TITLE}", MENDED, message_id="<dua@contoh.example>"))
    assert set(Proposal.objects.get().text) == {"body"}
