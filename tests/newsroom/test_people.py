"""Who may do what, from when to when; how people come and go; what the log tells of it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from newsroom import passes, people
from newsroom.acts import ActRefused
from newsroom.models import Contributor, Letter, LogEntry, Pass, Person, Role, Term, holders, log
from newsroom.roles import READING, RIGHTS, Right
from newsroom.workflow import allowed
from pipeline.post import compose
from tests.newsroom.screens import enter, make_story, text_of
from tests.office import SETTINGS, Office, every_row

SMTP = SETTINGS + "outgoing: {host: 127.0.0.1, port: 9, security: none, sender: redaksi@contoh.example}\n"
GOOD = "kalimat sandi yang panjang"


@pytest.fixture
def admin(office: Office) -> Person:
    person: Person = office.person("admin", "admin", "Sri Admin")
    return person


def verbs(**wanted: Any) -> list[str]:
    return list(LogEntry.objects.filter(**wanted).order_by("id").values_list("verb", flat=True))


def today(shift: int = 0) -> date:
    return timezone.localdate() + timedelta(days=shift)


def term(person: Person, by: Person, role: str, starts: int, ends: int | None, **how: Any) -> Term:
    return people.give_term(
        person, by, role=role, starts=today(starts), ends=None if ends is None else today(ends), **how
    )


def test_every_role_stands_in_the_table_of_rights() -> None:
    assert set(RIGHTS) == set(Role.values)
    assert RIGHTS[Role.AUDITOR] == READING
    assert {role for role, rights in RIGHTS.items() if Right.PEOPLE in rights} == {Role.ADMIN}


def test_the_page_on_people_says_what_the_table_of_rights_says() -> None:
    page = (Path(__file__).parents[2] / "docs" / "people.md").read_text()
    order = ("write", "see", "operate", "edit", "archive", "classify", "approve", "log", "people")
    told = {}
    for role, label, *marks in re.findall(r"\| `(\w+)` \| (.+?) \|" + r" (✓?) ?\|" * 9, page):
        told[role] = (label, {Right(name) for name, mark in zip(order, marks, strict=True) if mark})
    with translation.override("id"):
        assert told == {role: (str(Role(role).label), set(rights)) for role, rights in RIGHTS.items()}


def test_a_term_gives_its_rights_from_its_first_day_to_its_last(office: Office, admin: Person) -> None:
    story, person = make_story(office), office.person("tono", "contributor", "Tono")
    assert not person.edits and not allowed(story, person)
    tomorrow = term(person, admin, "editor", 1, 3)
    assert not person.edits
    Term.objects.filter(pk=tomorrow.pk).update(starts=today(), ends=today())
    person.refresh_from_db()
    assert person.edits and "verify" in allowed(story, person)
    Term.objects.filter(pk=tomorrow.pk).update(starts=today(-3), ends=today(-1))
    person.refresh_from_db()
    assert not person.edits


def test_a_day_begins_at_midnight_of_the_office(office: Office, admin: Person) -> None:
    person = office.person("tono", "contributor")
    Term.objects.create(person=person, role="agency_head", starts=date(2026, 11, 20), ends=date(2026, 11, 20))
    before, first = datetime(2026, 11, 19, 16, 59, tzinfo=UTC), datetime(2026, 11, 19, 17, 0, tzinfo=UTC)
    assert [holders("agency_head", at) for at in (before, first)] == [[], [person]]
    assert holders("agency_head", datetime(2026, 11, 20, 17, 0, tzinfo=UTC)) == []


def test_holders_are_those_of_the_main_role_and_of_terms_and_the_past_is_kept(
    office: Office, admin: Person
) -> None:
    head, deputy = office.person("kabid", "division_head", "Rahma"), office.person("wakil", "editor", "Agus")
    term(deputy, admin, "division_head", 0, 5, acting="plt", instead_of=head)
    assert holders("division_head") == [deputy, head]
    before = timezone.now()
    people.give_role(head, "secretary", admin, seen="division_head", reason="Mutasi")
    assert holders("division_head") == [deputy]
    assert holders("division_head", before) == [deputy, head]
    assert people.close(deputy, admin)
    assert holders("division_head") == []


def test_acting_for_somebody_needs_an_end_and_somebody_else(office: Office, admin: Person) -> None:
    person = office.person("tono", "editor")
    with pytest.raises(ActRefused, match="berbatas waktu"):
        term(person, admin, "section_head", 0, None, acting="plh")
    with pytest.raises(ActRefused, match="dirinya sendiri"):
        term(person, admin, "section_head", 0, 2, acting="plh", instead_of=person)
    with pytest.raises(ActRefused, match="mendahului"):
        term(person, admin, "section_head", 0, -1)
    made = term(person, admin, "section_head", 0, 2, acting="plh")
    assert made.title == "Plh. Kasi / Kasubag"


def test_only_admins_give_roles_and_a_role_changed_meanwhile_is_told(office: Office, admin: Person) -> None:
    person, chief = office.person("tono", "contributor"), office.person("bos", "chief")
    with pytest.raises(ActRefused, match="Hanya admin"):
        people.give_role(person, "admin", chief, seen="contributor")
    people.give_role(person, "editor", admin, seen="contributor")
    with pytest.raises(ActRefused, match="baru saja mengubah"):
        people.give_role(person, "operator", admin, seen="contributor")
    assert verbs(person=person) == ["role"]


def test_a_form_from_elsewhere_gives_no_role_and_takes_no_link(office: Office, admin: Person) -> None:
    person, row = (
        office.person("tono", "contributor"),
        passes.invite(admin, name="Rahma", email="", role="editor"),
    )
    client = enter(admin, enforce_csrf_checks=True)
    role = {"role": "admin", "seen": "contributor"}
    assert client.post(reverse("give_role", args=[person.pk]), role).status_code == 403
    form = {"username": "rahma", "name": "Rahma", "password": GOOD, "again": GOOD}
    assert Client(enforce_csrf_checks=True).post(passes.link(row), form).status_code == 403
    person.refresh_from_db()
    row.refresh_from_db()
    assert (person.role, row.open) == ("contributor", True)


def test_the_last_admin_stays(office: Office, admin: Person) -> None:
    other = office.person("wira", "editor")
    term(other, admin, "admin", 0, 9)
    with pytest.raises(ActRefused, match="admin terakhir"):
        people.close(admin, other)  # an admin for a term is none to rely on
    with pytest.raises(ActRefused, match="admin terakhir"):
        people.give_role(admin, "editor", other, seen="admin")
    people.give_role(other, "admin", admin, seen="editor")
    assert people.close(admin, other)
    assert not Person.objects.get(pk=admin.pk).is_active


def test_closing_an_account_ends_sessions_and_terms_and_frees_tasks(office: Office, admin: Person) -> None:
    person = office.person("tono", "operator", "Tono")
    client = Client()
    client.force_login(person)
    assert client.get(reverse("profile")).status_code == 200
    term(person, admin, "editor", 0, None)
    story = make_story(office)
    task = story.deliveries.create(site="kota", taken_by=person, taken_at=timezone.now())
    link = passes.reset(person, admin)
    assert people.close(person, admin)
    assert not people.close(person, admin), "the second click does nothing"
    assert client.get(reverse("profile")).status_code == 302
    task.refresh_from_db()
    link.refresh_from_db()
    assert (task.taken_by, link.open, person.roles) == (None, False, frozenset())
    assert people.reopen(person, admin)
    assert person.roles == {"operator"}, "what was held for a time is not held again"
    assert client.get(reverse("profile")).status_code == 302


def test_an_auditor_sees_everything_and_changes_nothing(office: Office) -> None:
    story = make_story(office)
    client = enter(office.person("penilai", "auditor"))
    for name, arguments in (("queue", []), ("story", [story.pk]), ("attention", []), ("log", [])):
        assert client.get(reverse(name, args=arguments)).status_code == 200, name
    assert "Judul berita 1" in text_of(client.get(reverse("queue")))
    for name, arguments in (("upload_begin", []), ("save", [story.pk]), ("decide", [story.pk, "verify"])):
        assert client.post(reverse(name, args=arguments), {}).status_code == 403, name
    assert client.post(reverse("profile"), {"name": "Penilai Baru"}).status_code == 302


def test_rights_by_main_role_cost_no_question_and_terms_one_for_all(office: Office, admin: Person) -> None:
    for number in range(12):
        term(office.person(f"orang-{number:02d}", "contributor"), admin, "editor", 0, 3)
    with CaptureQueriesContext(
        connection,
    ) as none:
        assert admin.edits and admin.operates and admin.sees
    rows = list(Person.objects.prefetch_related("terms"))
    with CaptureQueriesContext(connection) as listed:
        assert sum(person.edits for person in rows) == 13
    assert (len(none), len(listed)) == (0, 0)


def test_a_longer_list_of_people_and_of_the_log_costs_no_more_queries(office: Office, admin: Person) -> None:
    client = enter(admin)

    def queries(name: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(name)).status_code == 200
        return len(captured)

    def add(first: int) -> None:
        for number in range(first, first + 8):
            person = office.person(f"orang-{number}", "contributor")
            term(person, admin, "editor", 0, 3)

    add(0)
    before = [queries(name) for name in ("people", "log")]
    add(8)
    assert [queries(name) for name in ("people", "log")] == before


def test_a_name_of_one_word_and_degrees_are_fine(office: Office) -> None:
    person = office.person("sulastri", "editor")
    written = {
        "name": " Sulastri ",
        "degrees_before": "Dra.",
        "degrees_after": ", M.Si.",
        "phone": "0812-3456-789",
    }
    people.change_profile(person, people.Profile.written(written), person)
    assert (person.titled_name, person.phone) == ("Dra. Sulastri, M.Si.", "628123456789")
    with pytest.raises(ActRefused, match="Nama wajib"):
        people.Profile.written({"name": "  "})
    with pytest.raises(ActRefused, match="bukan nomor telepon"):
        people.Profile.written({"name": "A", "phone": "nanti saja"})


def test_nobody_changes_their_own_address_or_another_ones_profile(office: Office, admin: Person) -> None:
    person, other = office.person("tono", "editor"), office.person("tini", "editor")
    profile = people.Profile(name="Tono")
    for by, how in ((other, {}), (person, {"email": "a@contoh.example"})):
        with pytest.raises(ActRefused, match="Hanya admin"):
            people.change_profile(person, profile, by, **how)
    people.change_profile(person, profile, admin, email="Tono@Contoh.example")
    with pytest.raises(ActRefused, match="sudah dipakai"):
        people.change_profile(other, profile, admin, email="tono@contoh.example")


# Links.


def test_following_an_invitation_changes_nothing_and_its_form_makes_the_account_once(
    office: Office, admin: Person
) -> None:
    row = passes.invite(admin, name="Rahma", email="rahma@contoh.example", role="editor", unit="Humas")
    page = passes.link(row).removeprefix("http://127.0.0.1:8000")
    client = Client()
    for _ in range(2):
        assert "Anda diundang sebagai Editor" in text_of(client.get(page))
    assert client.head(page).status_code == 200
    assert not Person.objects.filter(email="rahma@contoh.example").exists()
    good = {"username": "rahma", "name": "Rahma", "password": GOOD, "again": GOOD}
    assert client.post(page, {**good, "again": "lain"}).status_code == 422
    assert client.post(page, {**good, "password": "pendek", "again": "pendek"}).status_code == 422
    assert client.post(page, {**good, "username": "ADMIN"}).status_code == 422, "an account name of somebody"
    assert client.post(page, good).url == reverse("account_login")
    person = Person.objects.get(username="rahma")
    assert (person.role, person.unit, person.check_password(GOOD)) == ("editor", "Humas", True)
    assert client.get(page).status_code == 410
    assert client.post(page, {**good, "username": "kedua"}).status_code == 410
    assert verbs(person=person) == ["invite_accept"]


def test_of_two_who_use_one_link_at_once_the_second_is_told(office: Office, admin: Person) -> None:
    row = passes.invite(admin, name="Rahma", email="", role="editor")
    same = Pass.objects.get(pk=row.pk)
    passes.accept(row, username="rahma", name="Rahma", password=GOOD)
    with pytest.raises(ActRefused, match="sudah dipakai"):
        passes.accept(same, username="rahma2", name="Rahma", password=GOOD)
    assert not Person.objects.filter(username="rahma2").exists()


def test_a_link_ends_by_time_by_withdrawal_and_by_a_newer_one(office: Office, admin: Person) -> None:
    rows = [passes.invite(admin, name=f"Orang {n}", email="", role="editor") for n in range(3)]
    old = passes.link(rows[2])
    Pass.objects.filter(pk=rows[0].pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    passes.withdraw(rows[1], admin)
    passes.renew(rows[2], admin)
    statuses = [Client().get(link).status_code for link in (passes.link(rows[0]), passes.link(rows[1]), old)]
    assert statuses == [410, 410, 404]
    assert Client().get(passes.link(rows[2])).status_code == 200
    assert timedelta(days=6, hours=23) < rows[2].expires_at - timezone.now() <= timedelta(days=7)


def test_the_database_alone_does_not_tell_the_link(office: Office, admin: Person, use: Any) -> None:
    use(SMTP)
    row = passes.invite(admin, name="Rahma", email="rahma@contoh.example", role="editor")
    token = passes.link(row).rstrip("/").rpartition("/")[2]
    kept = every_row()
    assert token not in kept and row.token_sha256 in kept
    letter = Letter.objects.get()
    assert letter.to == "rahma@contoh.example"
    assert token in compose(letter).get_content()
    passes.withdraw(row, admin)
    assert not Letter.objects.exists(), "a letter that has not left is taken back"


def test_a_letter_that_outlives_its_link_leaves_without_it(office: Office, admin: Person, use: Any) -> None:
    use(SMTP)
    row = passes.invite(admin, name="Rahma", email="rahma@contoh.example", role="editor")
    letter = Letter.objects.get()
    Letter.objects.update(leaving_at=timezone.now())
    passes.withdraw(row, admin)
    assert "tautan ini sudah ditarik" in compose(letter).get_content()


def test_a_contributor_is_invited_from_their_row_and_joined_to_it(office: Office) -> None:
    contributor, operator = office.contributor(), office.person("opi", "operator")
    client = enter(operator)
    page = client.post(reverse("invite_contributor", args=[contributor.pk]), follow=True)
    link = re.search(r"http://127\.0\.0\.1:8000(/tautan/\w+/)", page.content.decode())
    assert link
    form = {"username": "nala", "name": "Nala", "password": GOOD, "again": GOOD}
    Client().post(link[1], form)
    contributor.refresh_from_db()
    assert contributor.person and contributor.person.role == "contributor"
    with pytest.raises(ActRefused, match="sudah punya akun"):
        passes.invite_contributor(operator, contributor)
    whole = Contributor.objects.create(address="@dinas.contoh.go.id", name="Dinas")
    with pytest.raises(ActRefused, match="satu alamat"):
        passes.invite_contributor(operator, whole)


def test_an_operator_neither_invites_editors_nor_sees_their_links(office: Office, admin: Person) -> None:
    operator = office.person("opi", "operator")
    with pytest.raises(ActRefused, match="Hanya admin"):
        passes.invite(operator, name="Teman", email="", role="editor")
    row = passes.invite(admin, name="Rahma", email="", role="editor")
    assert enter(operator).get(reverse("pass", args=[row.pk])).status_code == 403
    with pytest.raises(ActRefused, match="tidak berwenang"):
        passes.renew(row, operator)


def test_a_new_password_by_link_ends_all_sessions(office: Office, admin: Person) -> None:
    person = office.person("tono", "editor")
    client = Client()
    client.force_login(person)
    client.get(reverse("profile"))
    row = passes.reset(person, admin)
    with pytest.raises(ValidationError):
        passes.new_password(row, "tono")
    passes.new_password(row, GOOD)
    assert client.get(reverse("profile")).status_code == 302
    assert Client().login(username="tono", password=GOOD)


def test_who_forgot_the_password_learns_nothing_of_other_accounts(office: Office, use: Any) -> None:
    page = reverse("ask_reset")
    assert Client().get(page).status_code == 404, "without a mail server the admin gives the link"
    use(SMTP)
    Person.objects.filter(pk=office.person("tono", "editor").pk).update(email="tono@contoh.example")
    answers = [text_of(Client().post(page, {"login": name})) for name in ("tono", "tidak-ada")]
    assert answers[0] == answers[1]
    assert list(Letter.objects.values_list("to", flat=True)) == ["tono@contoh.example"]


# The log.


def test_the_log_is_narrowed_by_who_what_story_and_day(office: Office, admin: Person) -> None:
    story = make_story(office)
    log("edit", by=admin, story=story, note="nomor satu")
    log("verify", story=story, note="nomor dua")
    log("profile", by=admin, person=admin, note="nomor tiga")
    LogEntry.objects.filter(note="nomor dua").update(at=datetime(2026, 1, 5, 23, 30, tzinfo=UTC))
    client = enter(admin)

    def shown(**wanted: Any) -> set[str]:
        words = text_of(client.get(reverse("log"), wanted))
        return set(re.findall(r"nomor (satu|dua|tiga)", words))

    assert shown() == {"satu", "dua", "tiga"}
    assert shown(siapa=admin.pk) == {"satu", "tiga"}
    assert shown(siapa="program") == {"dua"}
    assert shown(apa="verify") == {"dua"}
    assert shown(berita=story.pk) == {"satu", "dua"}
    assert shown(tentang=admin.pk) == {"tiga"}
    assert shown(dari="2026-01-06", sampai="2026-01-06") == {"dua"}, "a day of the office's zone"
    assert shown(sampai="2026-01-05") == set()
    assert shown(dari="besok", siapa="x", berita="\u0663") == set()
    sheet = b"".join(client.get(reverse("export_log"), {"apa": "verify"})).decode("utf-8-sig")
    assert len(sheet.splitlines()) == 2 and "nomor dua" in sheet


def test_pages_of_the_log_neither_skip_nor_repeat_while_it_grows(office: Office, admin: Person) -> None:
    made = [log("edit", by=admin, note=f"baris {n:03d}").pk for n in range(120)]
    client, seen, page = enter(admin), [], reverse("log")
    while page:
        html = client.get(page).content.decode()
        seen += re.findall(r"baris \d{3}", html)
        log("verify", note="di tengah jalan")
        older = re.search(r'rel="next" href="([^"]+)"', html)
        page = older[1].replace("&amp;", "&") if older else ""
    assert seen == [f"baris {n:03d}" for n in reversed(range(len(made)))]


def test_the_log_masks_numbers_and_sheets_take_nothing_for_a_formula(office: Office, admin: Person) -> None:
    people.change_profile(admin, people.Profile(name="=HYPERLINK(1)"), admin)
    term(office.person("tono", "editor"), admin, "section_head", 0, 3, reason="NIK 6271014508900001")
    client = enter(admin)
    assert "6271014508900001" not in client.get(reverse("log")).content.decode()
    sheet = b"".join(client.get(reverse("export_log"))).decode()
    assert "'=HYPERLINK(1)" in sheet and "6271014508900001" not in sheet
