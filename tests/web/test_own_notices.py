"""A person's page of notices: what is offered, kept and refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse

from newsroom.hearing import choices_of
from newsroom.models import Channel, LogEntry, Person
from tests.newsroom.screens import enter
from tests.office import SETTINGS, Office
from tests.pipeline.mail_server import mail_server
from tests.pipeline.test_notices import SECRET

PAGE = "/akun/pemberitahuan/"
TELEGRAM = f"tgram://123456789:{'a' * 35}/-100{'1' * 9}"


@pytest.mark.parametrize(
    ("role", "offered", "withheld"),
    [
        ("contributor", ["returned"], ["arrived", "late", "site", "approval"]),
        ("auditor", ["mention", "late"], ["returned", "site"]),
        ("operator", ["returned", "site", "mailbox"], ["approval"]),
    ],
)
def test_what_a_role_may_not_see_is_not_offered_nor_taken(
    office: Office, role: str, offered: list[str], withheld: list[str]
) -> None:
    client = enter(office.person("baru", role))
    page = client.get(PAGE).content.decode()
    assert [kind for kind in (*offered, *withheld) if f'name="when_{kind}"' in page] == offered
    sent = {f"when_{kind}": "now" for kind in (*offered, *withheld)}
    assert client.post(PAGE, {**sent, "digest_at": ["07:30"]}).status_code == 302
    assert set(office.person("baru").hearing.wishes) >= set(offered)
    assert not set(office.person("baru").hearing.wishes) & set(withheld)


def test_who_may_hear_of_nothing_is_told_so(office: Office) -> None:
    page = enter(office.person("tamu", "security")).get(PAGE).content.decode()
    assert "Untuk peran Anda belum ada yang diberitahukan." in page


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"quiet_from": "21:00"}, "Isi awal dan akhir jam tenang"),
        ({"quiet_from": "21:00", "quiet_until": "21.00"}, "keduanya dan berbeda"),
        ({"quiet_from": "25:00", "quiet_until": "06:00"}, "“25:00” bukan jam"),
        ({"when_late": "digest", "digest_at": [""]}, "sedikitnya satu jam ringkasan"),
        ({"when_late": "besok"}, "Pilih salah satu yang ditawarkan"),
        ({"when_late": "now", "way_late": "own"}, "Alamat sendiri belum dipasang"),
    ],
)
def test_a_choice_that_cannot_be_is_answered_by_a_sentence_and_loses_nothing(
    office: Office, sent: dict[str, str], sentence: str
) -> None:
    person = office.person()
    answer = enter(person).post(PAGE, {"digest_at": ["05.15"], **sent})
    page = answer.content.decode()
    assert (answer.status_code, sentence in page) == (422, True)
    assert "digest_at" in sent or 'value="05.15"' in page
    assert sent.get("quiet_from", "") in page
    assert not hasattr(Person.objects.get(), "hearing")


def test_an_own_address_is_taken_and_never_shown_again(office: Office) -> None:
    person = office.person()
    client = enter(person)
    wrong = client.post(f"{PAGE}alamat/", {"address": f"exec://{SECRET}"})
    assert (wrong.status_code, SECRET in wrong.content.decode()) == (422, False)
    page = client.post(f"{PAGE}alamat/", {"address": TELEGRAM}, follow=True).content.decode()
    assert ("Telegram" in page, TELEGRAM in page, "a" * 35 in page) == (True, False, False)
    saved = {
        "when_late": "now",
        "way_late": "own",
        "digest_at": ["13:00"],
        "quiet_from": "",
        "quiet_until": "",
    }
    assert client.post(PAGE, saved).status_code == 302
    assert choices_of(Person.objects.get()).wishes["late"].way == "own"
    client.post(f"{PAGE}alamat/hapus/")
    assert choices_of(Person.objects.get()).wishes["late"].way == "mail"
    verbs = list(LogEntry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["notice_address", "notice_choices", "notice_address_drop"]
    assert "aaaa" not in str(list(LogEntry.objects.values()))


def test_a_channel_that_fails_is_told_on_the_persons_account_in_one_sentence(office: Office) -> None:
    person = office.person()
    Channel.objects.create(person=person, way="mail", error="Server menolak alamat Anda.", parked=True)
    client = enter(person)
    for page in (reverse("profile"), PAGE):
        assert "Server menolak alamat Anda." in client.get(page).content.decode()


def test_trying_mail_says_what_happened_and_is_not_done_without_end(
    office: Office, use: Callable[[str], None]
) -> None:
    person = office.person()
    client = enter(person)
    tried = f"{PAGE}coba/mail/"
    assert "belum dapat dikirim" in client.post(tried, follow=True).content.decode()
    Person.objects.update(email="bram@contoh.example")
    with mail_server() as server:
        use(SETTINGS + f"outgoing: {{host: 127.0.0.1, port: {server.port}, security: none}}\n")
        assert "Terkirim ke bram@contoh.example" in client.post(tried, follow=True).content.decode()
        server.answers["RCPT"] = ["550 no such user"]
        assert "Percobaan gagal." in client.post(tried, follow=True).content.decode()
        assert len(server.letters) == 1
        answers = [client.post(tried).status_code for _ in range(9)]
    assert answers[-1] == 429
    assert client.post(f"{PAGE}coba/merpati/").status_code == 404
