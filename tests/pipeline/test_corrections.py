"""A mail that mends a story, down the whole road: proposed, taken by an editor, on every site."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from newsroom import proposals
from newsroom.models import Package, Proposal, Story, Submission
from newsroom.workflow import move
from pipeline.stores import originals
from tests.newsroom.screens import decide, enter, form_of, fresh, page, text_of
from tests.office import Office, picture
from tests.pipeline.test_identity import MENDED, TITLE, arrive, mail


def released(office: Office) -> Story:
    arrive(office, mail(photos=[picture(1)]))
    story = Story.objects.get()
    move(story, "verify", office.person())
    office.work()
    return fresh(story)


def site_pages(office: Office, story: Story) -> list[str]:
    return [
        (office.folder / "situs" / delivery.site / delivery.url / "index.html").read_text()
        for delivery in story.deliveries.all()
    ]


def mended(office: Office, **how: Any) -> Proposal:
    arrive(office, mail(f"RALAT: {TITLE}", MENDED, message_id="<ralat@contoh.example>", **how))
    return Proposal.objects.get()


def test_a_proposed_correction_reaches_every_site_once_an_editor_has_published_it(office: Office) -> None:
    story = released(office)
    proposal = mended(office, photos=[picture(1), picture(5)])
    office.work()
    assert all("100 peserta" in text for text in site_pages(office, story)), "nothing changes by itself"

    client = enter(office.person())
    assert "Usulan perubahan dan ralat" in text_of(client.get(reverse("attention")))
    form = form_of(client.get(f"{page(story)}?usulan={proposal.pk}"))
    response = client.post(decide(story, "correct"), form | {"note_correct": "Jumlah peserta dibetulkan."})
    assert response.status_code == 302
    office.work()

    story = fresh(story)
    assert story.version == 2
    for text in site_pages(office, story):
        assert "120 peserta" in text
        assert "100 peserta" not in text
        assert "Jumlah peserta dibetulkan." in text
        assert text.count("<img") == 2
    assert fresh(story).photos.last().submission == proposal.submission
    assert Package.objects.get(story=story, version=2).path, "the mail that mended it is kept with the story"
    assert "Usulan perubahan dan ralat" not in text_of(client.get(reverse("attention")))


def test_a_draft_of_a_proposed_correction_waits_for_its_editor(office: Office) -> None:
    story = released(office)
    proposal = mended(office)
    client = enter(office.person())
    form = form_of(client.get(f"{page(story)}?usulan={proposal.pk}"))
    client.post(reverse("save", args=[story.pk]), form)
    office.work()
    assert all("100 peserta" in text for text in site_pages(office, story))
    assert "Draf ralat: belum tayang" in text_of(client.get(page(story)))
    assert fresh(story).version == 1


def test_a_proposal_made_a_story_of_its_own_goes_down_the_road(office: Office) -> None:
    story = released(office)
    proposal = mended(office, photos=[picture(1)])
    proposals.separate(proposal, office.person())
    office.work()
    own = Submission.objects.get(pk=proposal.submission_id)
    assert own.disposition == "accepted"
    assert own.story is not None
    assert own.story != story
    assert own.duplicate_of is None, "the editor has said that it is another story"
    assert "120 peserta" in own.story.body
    assert own.story.photos.count() == 1


def test_the_photos_of_a_proposal_nobody_took_are_kept_and_can_be_seen(office: Office) -> None:
    story = released(office)
    proposal = mended(office, photos=[picture(5)])
    proposals.decline(proposal, office.person())
    sha256 = proposal.photos[0]["sha256"]
    assert originals().read(sha256) == picture(5)
    client = enter(office.person())
    address = reverse("mail_picture", args=[proposal.submission_id, sha256, "besar"])
    shown = client.get(address)
    assert b"".join(shown.streaming_content).startswith(b"\xff\xd8")
    assert enter(office.person("lain", "contributor")).get(address).status_code == 403
    assert fresh(story).photos.count() == 1


def test_two_mails_of_one_story_are_joined_and_published_once(office: Office) -> None:
    arrive(office, mail(photos=[picture(1)]))
    again = arrive(office, mail(message_id="<dua@contoh.example>", photos=[picture(1), picture(2)]))
    client = enter(office.person())
    form = form_of(client.get(page(again.story)))
    client.post(reverse("join", args=[again.pk]), form)
    first = Story.objects.order_by("id")[0]
    move(first, "verify", office.person())
    office.work()
    assert [text.count("<img") for text in site_pages(office, first)] == [2, 2, 2]
    assert Story.objects.filter(state="released").count() == 1
