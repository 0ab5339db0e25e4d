"""The sample office: made once, in an empty house only."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from newsroom.models import Contributor, Person, Story, Submission
from tests.office import Office, coverage
from web.sample.mails import MAILS


@pytest.mark.real
def test_every_sample_mail_finds_its_place(office: Office) -> None:
    out = io.StringIO()
    office.mailbox.rmdir()
    Contributor.objects.all().delete()
    call_command("sample_office", stdout=out, stderr=io.StringIO())
    office.work()
    assert Submission.objects.count() == len(MAILS) >= 12
    found = dict(Submission.objects.values_list("subject", "disposition"))
    others = {subject: state for subject, state in found.items() if state != "accepted"}
    assert others == {
        "Mohon dimuat: Peresmian Toko Baru": "held",
        "Balasan otomatis: Jadwal liputan": "ignored",
    }
    headlines = set(Story.objects.values_list("headline", flat=True))
    assert {
        "Wali Kota Buka Musrenbang Kecamatan Contoh Utara",
        "Panen Raya Padi Contoh Selatan Capai 6,4 Ton per Hektare",
        "Susur Sungai Bersih Kumpulkan 800 Kilogram Sampah",
    } <= headlines
    assert Person.objects.count() == 3
    for person in Person.objects.all():
        password = next(
            line for line in out.getvalue().splitlines() if f" {person.username} " in line
        ).split()[1]
        assert person.check_password(password)


def test_it_is_not_made_where_people_have_accounts(office: Office) -> None:
    office.person()
    with pytest.raises(CommandError):
        call_command("sample_office")
    call_command("sample_office", if_new=True)
    assert Person.objects.count() == 1


def test_it_never_puts_mail_into_a_mailbox_in_use(office: Office) -> None:
    office.post(coverage())
    with pytest.raises(CommandError):
        call_command("sample_office")
    assert len(list(office.mailbox.rglob("*.uji"))) == 1
    assert not Person.objects.exists()
