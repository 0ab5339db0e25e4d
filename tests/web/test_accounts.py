"""Signing in: how often one may fail, what is written down of it, and what is kept of secrets."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from newsroom import people
from newsroom.models import LogEntry, Person
from tests.newsroom.screens import text_of
from tests.office import SETTINGS, Office
from web.accounts import device, masked_address
from web.checks import roles_that_need_a_second_factor_exist

GOOD = "kalimat sandi yang panjang"
DOOR = "/masuk/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _forgotten_attempts() -> None:
    cache.clear()


@pytest.fixture
def bram(office: Office) -> Person:
    person: Person = office.person("bram", "editor", "Bram")
    person.set_password(GOOD)
    person.save()
    return person


def knock(client: Client, password: str = GOOD, username: str = "bram") -> Any:
    return client.post(DOOR, {"login": username, "password": password})


def verbs() -> list[str]:
    return list(LogEntry.objects.order_by("id").values_list("verb", flat=True))


def code() -> str:
    return format_hotp_value(hotp_value(SECRET, list(yield_hotp_counters_from_time())[1]))


def test_whoever_fails_five_times_waits_even_with_the_right_password(bram: Person) -> None:
    client = Client()
    answers = [text_of(knock(client, "salah sekali ini")) for _ in range(6)]
    assert ["tidak cocok" in answer for answer in answers] == [True] * 5 + [False]
    assert "Terlalu sering gagal" in answers[5]
    assert "Terlalu sering gagal" in text_of(knock(client))
    assert verbs() == ["signin_failed"] * 5


def test_signing_in_and_failing_are_written_down_without_what_was_typed(bram: Person) -> None:
    client = Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/130.0"})
    assert knock(client, GOOD, "kata-sandi-di-kolom-yang-keliru").status_code == 200
    assert knock(client, "rahasia-lain-sama-sekali").status_code == 200
    assert knock(client).status_code == 302
    rows = list(LogEntry.objects.order_by("id"))
    assert [(row.verb, row.by, row.person) for row in rows] == [
        ("signin_failed", None, None),
        ("signin_failed", None, bram),
        ("signin", bram, bram),
    ]
    assert rows[2].note == "127.0.x.x; Firefox di Windows"
    told = " ".join(row.note for row in rows)
    assert "keliru" not in told and "rahasia" not in told


def test_a_closed_account_is_not_let_in(office: Office, bram: Person) -> None:
    people.close(bram, office.person("sri", "admin"))
    client = Client()
    knock(client)
    assert client.get(reverse("queue")).status_code == 302


def test_with_a_second_factor_the_password_alone_opens_nothing(bram: Person) -> None:
    TOTP.activate(bram, SECRET)
    client = Client()
    assert knock(client).url == reverse("mfa_authenticate")
    assert client.get(reverse("queue")).status_code == 302
    assert "Kode tidak cocok" in text_of(client.post(reverse("mfa_authenticate"), {"code": "000000"}))
    good = code()
    assert client.post(reverse("mfa_authenticate"), {"code": good}).status_code == 302
    assert client.get(reverse("queue")).status_code == 200
    other = Client()
    knock(other)
    again = text_of(other.post(reverse("mfa_authenticate"), {"code": good}))
    assert "Kode tidak cocok" in again, "a code is good once"
    assert verbs() == ["factor_failed", "signin", "factor_failed"]


def test_codes_are_not_kept_readable_and_another_key_opens_nothing(bram: Person, settings: Any) -> None:
    TOTP.activate(bram, SECRET)
    row = Authenticator.objects.get()
    assert SECRET not in str(row.data)
    assert row.wrap().validate_code(code())
    cache.clear()
    settings.SECRET_KEY = "kunci lain"
    assert not row.wrap().validate_code(code())


def test_a_role_that_needs_a_second_factor_reaches_its_own_account_only(
    office: Office, bram: Person, use: Any
) -> None:
    use(f"{SETTINGS}signin: {{second_factor: [editor]}}\n")
    client = Client()
    knock(client)
    assert client.get(reverse("queue")).url == reverse("mfa_index")
    assert client.post(reverse("upload_begin")).url == reverse("mfa_index")
    for name in ("profile", "mfa_index", "account_change_password"):
        assert client.get(reverse(name)).status_code == 200, name
    TOTP.activate(bram, SECRET)
    assert client.get(reverse("queue")).status_code == 200
    client.post(reverse("account_reauthenticate"), {"password": GOOD})
    refused = text_of(client.post(reverse("mfa_deactivate_totp")))
    assert "mewajibkan verifikasi dua langkah" in refused and Authenticator.objects.exists()


def test_an_admin_helps_who_lost_the_phone(office: Office, bram: Person) -> None:
    TOTP.activate(bram, SECRET)
    client = Client()
    client.force_login(bram)
    client.get(reverse("profile"))
    assert people.drop_factors(bram, office.person("sri", "admin")) == 1
    assert client.get(reverse("profile")).status_code == 302
    assert knock(Client()).url == "/"


def test_a_person_sees_and_ends_only_their_own_sessions(office: Office, bram: Person) -> None:
    mine, phone, stranger = Client(), Client(), Client()
    for client in (mine, phone):
        knock(client)
    stranger.force_login(office.person("lain", "editor"))
    stranger.get(reverse("profile"))
    row = UserSession.objects.get(session_key=phone.session.session_key)
    stranger.post(reverse("end_session", args=[row.pk]))
    assert phone.get(reverse("profile")).status_code == 200
    mine.post(reverse("end_session", args=[row.pk]))
    assert phone.get(reverse("profile")).status_code == 302
    assert mine.get(reverse("profile")).status_code == 200
    knock(phone)
    mine.post(reverse("end_other_sessions"))
    statuses = [client.get(reverse("profile")).status_code for client in (mine, phone, stranger)]
    assert statuses == [200, 302, 200]


def test_a_role_that_nobody_has_is_told_by_the_check(office: Office, use: Any) -> None:
    use(f"{SETTINGS}signin: {{second_factor: [admin, kepala]}}\n")
    assert "kepala" in roles_that_need_a_second_factor_exist()[0].msg
    assert len(roles_that_need_a_second_factor_exist()) == 1


@pytest.mark.parametrize(
    ("ip", "shown"), [("103.12.4.5", "103.12.x.x"), ("2404:c0:1::9", "2404:c0:x"), ("", "")]
)
def test_an_address_is_shown_as_its_net_only(ip: str, shown: str) -> None:
    assert masked_address(ip) == shown


def test_a_browser_is_named_as_people_do() -> None:
    agent = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"
    assert [device(agent), device("curl/8")] == ["Chrome di Android", "perangkat tidak dikenal"]
