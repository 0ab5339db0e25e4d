"""A real mail server in the setup: tried step by step, written, read without a restart, and a test mail laid into it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.test import Client

import ingest
from newsroom.models import Story, Submission
from tests.newsroom.screens import enter
from tests.office import Office, coverage
from tests.real.dovecot import PASSWORD, USER, Dovecot

pytestmark = [pytest.mark.real, pytest.mark.django_db]


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    with Dovecot() as server:
        yield server


@pytest.fixture
def form(dovecot: Dovecot) -> dict[str, str]:
    dovecot.empty()
    return {
        "kind": "imap",
        "name": "resmi",
        "user": USER,
        "password": PASSWORD,
        "host": dovecot.host,
        "port": str(dovecot.port),
        "security": "tls",
        "folder": "INBOX",
        "ca_file": str(dovecot.ca_file),
        "since_days": "0",
    }


@pytest.fixture
def admin(office: Office) -> Client:
    return enter(office.person("wulan", "admin", "Wulan"))


@pytest.mark.parametrize(
    ("changes", "step", "why"),
    [
        ({"ca_file": ""}, "sambungan", "Penerbit sertifikat"),
        ({"password": "bukan-sandinya"}, "masuk", "menolak nama atau kata sandi"),
        ({"folder": "Arsip"}, "folder", "Folder Arsip tidak ada"),
        ({"security": "starttls"}, "sambungan", "localhost"),
    ],
)
def test_each_step_that_fails_is_named_with_the_way_out_and_nothing_is_written(
    admin: Client, office: Office, form: dict[str, str], changes: dict[str, str], step: str, why: str
) -> None:
    before = (office.folder / "settings.yaml").read_bytes()
    answer = admin.post("/pengaturan/surel/masuk/", {**form, **changes})
    assert answer.status_code == 422
    failed = answer.context["findings"][-1]
    assert (failed.ok, failed.subject) == (False, step)
    assert why in failed.sentence
    assert PASSWORD not in answer.content.decode()
    assert (office.folder / "settings.yaml").read_bytes() == before


def test_from_the_form_to_the_test_mail_in_the_queue(
    admin: Client, office: Office, dovecot: Dovecot, form: dict[str, str]
) -> None:
    dovecot.deliver(coverage("Surel lama", photos=0).replace(b"\n", b"\r\n"))
    assert admin.post("/pengaturan/surel/masuk/", form)["Location"].endswith("/tinjau/")
    shown = admin.get("/pengaturan/surel/masuk/tinjau/").content.decode()
    assert "berisi 1 surel" in shown
    assert PASSWORD not in shown
    admin.post("/pengaturan/surel/masuk/tinjau/")
    entry = yaml.safe_load((office.folder / "settings.yaml").read_text())["mailboxes"][-1]
    assert Path(settings.REDAKSI.mailboxes[-1].password_file).read_text() == f"{PASSWORD}\n"
    assert entry["password_file"].startswith("./var/secrets/")
    assert "password" not in entry
    office.work()  # the first look: what is there already is left where it is
    assert Submission.objects.count() == 0
    admin.post("/pengaturan/uji/mulai/", {"kotak": "resmi", "cara": "taruh"})
    assert len(dovecot.uids()) == 2
    office.work()
    assert [bool(stop.at) for stop in admin.get("/pengaturan/uji/jalan/").context["journey"].stops] == [
        True
    ] * 4
    assert Story.objects.get().trial
    with ingest.open_mailbox(settings.REDAKSI.mailboxes[-1]) as inbox:
        assert len(inbox.uids(())) == 2
    again = {**form, "password": "", "folder": "INBOX"}  # the password in its file is used again
    assert admin.post("/pengaturan/surel/masuk/", again)["Location"].endswith("/tinjau/")
