"""The index of search beside the road: documents are read for it, and what it lacks is taken in."""

from __future__ import annotations

import email
import email.policy
import json
from email.message import EmailMessage
from io import StringIO

from django.core.management import call_command

from newsroom import search
from newsroom.models import Attachment, Entry, Story
from newsroom.search import parse
from newsroom.workflow import move
from tests.office import Office, coverage
from tests.samples import parts as made


def published(office: Office) -> Story:
    mail = email.message_from_bytes(coverage(), _class=EmailMessage, policy=email.policy.default)
    report = made.pdf(["LAPORAN KEGIATAN", "Rincian anggaran pemugaran menara pandang terlampir."])
    mail.add_attachment(report, "application", "pdf", filename="laporan.pdf")
    office.post(bytes(mail))
    office.work()
    story = Story.objects.get()
    move(story, "verify", office.person())
    office.work()
    return story


def test_a_released_story_is_found_by_its_words_and_by_what_its_documents_say(office: Office) -> None:
    story = published(office)
    assert search.search(parse("peserta kelurahan ")).stories == [story.pk]
    assert search.search(parse('"menara pandang"')).stories == [story.pk]
    assert search.search(parse("pemugaran "), search.Filters(site=("kota",))).stories == [story.pk]
    assert Attachment.objects.get().words_read


def test_a_correction_is_found_by_its_new_words(office: Office) -> None:
    story = published(office)
    Story.objects.filter(pk=story.pk).update(body="Paragraf baru tentang pelabuhan.")
    move(Story.objects.get(pk=story.pk), "correct", office.person(), "Tempatnya keliru.")
    assert search.search(parse("pelabuhan ")).stories == [story.pk]
    assert search.search(parse('"delapan kelurahan"')).stories == []


def test_a_document_that_is_lost_or_no_document_holds_nothing_up(office: Office) -> None:
    story = published(office)
    mail = story.mails.get()
    Attachment.objects.create(submission=mail, sha256="0" * 64, filename="hilang.pdf", size=1)
    office.work()
    assert not Attachment.objects.filter(words_read=False).exists()


def test_an_interrupted_reindex_goes_on_where_it_stopped(office: Office) -> None:
    story = published(office)
    Entry.objects.all().delete()
    assert search.search(parse("peserta ")).stories == []
    for expected in (1, 0):
        out = StringIO()
        call_command("reindex", stdout=out, stderr=StringIO())
        assert json.loads(out.getvalue()) == {"documents": 0, "stories": expected}
    assert search.search(parse("peserta ")).stories == [story.pk]
    out = StringIO()
    call_command("reindex", "--all", stdout=out, stderr=StringIO())
    assert json.loads(out.getvalue())["stories"] == 1
