"""Who is believed how far, and what that does to a mail. Signed mails, a real DNS, no stand-ins."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.utils import timezone

import ingest
from config import FORM
from ingest.resolver import Unanswered
from newsroom.contributors import block
from newsroom.desk import admit
from newsroom.models import Contributor, Story, Submission
from pipeline.receive import keep
from pipeline.stores import originals
from pipeline.trust import judge
from tests.ingest.signing import NameServer, crlf, make_key, sign
from tests.office import SETTINGS, Office, coverage

NALA = "Nala Ayuningtias <nala@contoh.example>"


@pytest.fixture
def names(office: Office, use: Callable[[str], None]) -> Iterator[NameServer]:
    """A DNS of the test's own, which the office asks."""
    with NameServer() as server:
        server.hold("contoh.example")
        use(
            SETTINGS
            + "trusted_authserv_ids: [mx.kantor.example]\n"
            + f"intake: {{dns: '{server.address}', mails_per_hour: 3, megabytes_per_day: 1}}\n"
        )
        yield server


def read(office: Office, mail: bytes) -> Submission:
    """Post one mail, let the worker read it, return what became of it."""
    office.post(mail)
    office.work()
    return Submission.objects.latest("pk")


def mail(sender: str = NALA, *, photos: int = 0, number: int = 1, headers: str = "", **how: object) -> bytes:
    text = coverage(
        f"Berita {number}", sender=sender, photos=photos, message_id=f"<{number}@x.example>", **how
    )  # type: ignore[arg-type]
    return crlf(headers.encode() + text)


# The ladder


def test_a_contributor_whose_signature_holds_is_verified_with_the_key_as_evidence(
    office: Office, names: NameServer
) -> None:
    row = read(office, sign(mail(), "contoh.example"))
    assert (row.trust, row.disposition) == ("verified", "accepted")
    assert "contoh.example" in row.trust_reason
    (found,) = row.evidence["dkim"]
    assert (found["domain"], found["selector"], found["algorithm"], found["result"]) == (
        "contoh.example",
        "uji",
        "rsa-sha256",
        "pass",
    )
    assert found["key"] == make_key().record.decode()
    assert row.evidence["checked_at"]
    assert Story.objects.get().state == "queued", "however far a sender is believed, an editor decides"


def test_a_contributor_our_own_server_confirms_is_verified(office: Office, names: NameServer) -> None:
    told = "Authentication-Results: mx.kantor.example; dmarc=pass header.from=contoh.example\r\n"
    row = read(office, mail(headers=told))
    assert (row.trust, row.evidence["server"]) == ("verified", "pass")
    assert names.asked == []


@pytest.mark.parametrize(
    "told",
    [
        "mx.penipu.example; dmarc=pass header.from=contoh.example",
        "mx.kantor.example; dmarc=pass header.from=penipu.example",
        "mx.kantor.example; dkim=pass header.d=penipu.example; spf=pass smtp.mailfrom=a@penipu.example",
        "mx.kantor.example; spf=pass smtp.mailfrom=nala@contoh.example",
        "mx.kantor.example; none",
    ],
)
def test_nobody_is_verified_by_a_result_that_is_not_about_them(
    office: Office, names: NameServer, told: str
) -> None:
    assert read(office, mail(headers=f"Authentication-Results: {told}\r\n")).trust == "known"


def test_a_contributor_without_any_proof_is_known_and_taken_up(office: Office, names: NameServer) -> None:
    row = read(office, mail())
    assert (row.trust, row.disposition) == ("known", "accepted")


def test_a_sender_whose_mails_were_always_proven_is_not_believed_without_proof(
    office: Office, names: NameServer, use: Callable[[str], None]
) -> None:
    use(SETTINGS + f"intake: {{dns: '{names.address}', mails_per_hour: 100}}\n")
    for number in (1, 2):
        assert read(office, sign(mail(number=number), "contoh.example")).trust == "verified"
    assert read(office, mail(number=3)).trust == "known"
    for number in (4, 5, 6):
        assert read(office, sign(mail(number=number), "contoh.example")).trust == "verified"
    spoofed = read(office, mail(number=7))
    assert (spoofed.trust, spoofed.disposition) == ("suspicious", "held")
    assert "tidak membawa bukti apa pun" in spoofed.reason
    admit(spoofed, office.person())
    office.work()
    assert read(office, mail(number=8)).trust == "known"


@pytest.mark.parametrize("signer", ["penipu.example", "example"])
def test_a_signature_of_another_proves_nothing(office: Office, names: NameServer, signer: str) -> None:
    names.hold(signer)
    assert read(office, sign(mail(), signer)).trust == "known"


def test_a_contributor_whose_signature_fails_is_suspicious_and_held(
    office: Office, names: NameServer
) -> None:
    row = read(office, sign(mail(), "contoh.example").replace(b"120 peserta", b"900 peserta"))
    assert (row.trust, row.disposition) == ("suspicious", "held")
    assert "nala@contoh.example" in row.reason
    assert "berubah" in row.reason
    assert not Story.objects.exists()


def test_what_our_server_confirmed_may_have_been_given_a_footer_by_it(
    office: Office, names: NameServer
) -> None:
    told = b"Authentication-Results: mx.kantor.example; dkim=pass header.d=contoh.example\r\n"
    row = read(office, told + sign(mail(), "contoh.example").replace(b"120 peserta", b"900 peserta"))
    assert row.trust == "verified"


def test_what_our_server_denied_is_suspicious_and_held(office: Office, names: NameServer) -> None:
    row = read(office, mail(headers="Authentication-Results: mx.kantor.example; dmarc=fail\r\n"))
    assert (row.trust, row.disposition, row.evidence["server"]) == ("suspicious", "held", "fail")


def test_a_stranger_is_new_and_held_even_with_a_signature_that_holds(
    office: Office, names: NameServer
) -> None:
    names.hold("lain.example")
    row = read(office, sign(mail("Orang Asing <asing@lain.example>"), "lain.example"))
    assert (row.trust, row.disposition) == ("new", "held")
    assert row.evidence["dkim"][0]["result"] == "pass"


@pytest.mark.parametrize(
    ("sender", "said"),
    [
        ("Nala <nala@c0ntoh.example>", "mirip nala@contoh.example"),
        ("Nala <nala@contoh.example.penipu.example>", "mirip nala@contoh.example"),
        ("Nala <na1a@contoh.example>", "mirip nala@contoh.example"),
        ("Nala Ayuningtias <nala@lain.example>", "Nama pengirimnya sama dengan Nala Ayuningtias"),
        ("=?utf-8?q?Nal=D0=B0_Ayuningtias?= <x@lain.example>", "Nama pengirimnya sama dengan"),
        ("Bu Kadis <kadis@lain.example>", "Nama pengirimnya sama dengan Bu Kadis"),
        ('"nala@contoh.example" <jahat@lain.example>', "memuat alamat lain (nala@contoh.example)"),
        ('"nala (at) contoh.example" <jahat@lain.example>', "memuat alamat lain"),
        ("nala@contoh.example, jahat@lain.example", "beberapa pengirim"),
        ("jahat@lain.example (nala@contoh.example)", "memuat alamat lain"),
    ],
)
def test_whoever_passes_for_another_is_suspicious_held_and_kept(
    office: Office, names: NameServer, sender: str, said: str
) -> None:
    office.person("kadis", "chief", "Bu Kadis")
    row = read(office, crlf(b"From: " + sender.encode() + b"\n" + mail().partition(b"\r\n")[2]))
    assert (row.trust, row.disposition) == ("suspicious", "held")
    assert said in row.trust_reason
    assert row.reason == row.trust_reason
    assert originals().read(row.sha256)
    assert not Story.objects.exists()


def test_two_from_headers_are_suspicious(office: Office, names: NameServer) -> None:
    row = read(office, mail(headers="From: jahat@lain.example\r\n"))
    assert (row.trust, row.disposition) == ("suspicious", "held")


def test_a_blocked_sender_is_kept_set_aside_and_can_be_taken_back(office: Office, names: NameServer) -> None:
    editor = office.person()
    nala = Contributor.objects.get()
    block(nala, editor, blocked=True)
    row = read(office, mail())
    assert (row.trust, row.disposition) == ("blocked", "ignored")
    assert "diblokir" in row.reason
    assert originals().read(row.sha256)
    block(nala, editor, blocked=False)
    admit(row, editor)
    office.work()
    row.refresh_from_db()
    assert (row.trust, row.disposition) == ("known", "accepted")


def test_one_address_of_a_blocked_domain_can_be_allowed(office: Office, names: NameServer) -> None:
    office.contributor("@contoh.example", blocked=True)
    assert read(office, mail()).disposition == "accepted"
    assert read(office, mail("lain@contoh.example", number=2)).disposition == "ignored"


def test_a_dns_that_does_not_answer_leaves_a_contributor_known(office: Office) -> None:
    def nobody(name: str) -> bytes | None:
        raise Unanswered(name)

    data = sign(mail(), "contoh.example")
    row, _ = keep(ingest.RawMessage(data, "lokal"))
    message = ingest.read(ingest.RawMessage(data, "lokal"))
    verdict = judge(row, message, Contributor.objects.get(), lambda: data, lookup=nobody)
    assert (verdict.trust, verdict.evidence["dkim"][0]["result"]) == ("known", "unknown")
    assert "DNS tidak menjawab" in verdict.reason


def test_what_an_account_sends_by_the_form_is_verified(office: Office, names: NameServer) -> None:
    keep(ingest.RawMessage(mail(), FORM, received_at=timezone.now()))
    office.work()
    assert Submission.objects.get().trust == "verified"


def test_nobody_outside_can_use_the_address_of_the_form(office: Office, names: NameServer) -> None:
    office.contributor(f"akun-1@{FORM}.invalid")
    row = read(office, mail(f"akun-1@{FORM}.invalid"))
    assert (row.trust, row.disposition) == ("suspicious", "held")


# At arrival, and never again


def test_the_dns_is_asked_once_and_the_evidence_stays(office: Office, names: NameServer) -> None:
    names.hold("lain.example")
    row = read(office, sign(mail("Orang Asing <asing@lain.example>"), "lain.example"))
    asked = len(names.asked)
    assert asked == 1
    names.records.clear()
    evidence = row.evidence
    admit(row, office.person(), remember=True, name="Orang Baru", outlet="Dinas Baru")
    office.work()
    row.refresh_from_db()
    assert len(names.asked) == asked
    assert row.evidence == evidence
    assert (row.trust, row.disposition) == ("verified", "accepted")
    assert Contributor.objects.get(address="asing@lain.example").outlet == "Dinas Baru"


# Executables, lists, limits


def with_program(sender: str) -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = sender, "Rilis"
    message.set_content("Wali Kota Uji membuka pameran kerajinan di alun-alun, Jumat. Pengunjung ramai.\n")
    message.add_attachment(b"MZ\x90\0" + bytes(100), "application", "octet-stream", filename="foto.exe")
    return bytes(message)


def test_a_program_makes_a_stranger_suspicious(office: Office, names: NameServer) -> None:
    row = read(office, with_program("asing@lain.example"))
    assert (row.trust, row.disposition) == ("suspicious", "held")
    assert "foto.exe" in row.reason


def test_a_program_of_a_contributor_is_told_and_the_story_taken_up(office: Office, names: NameServer) -> None:
    row = read(office, with_program(NALA))
    assert (row.trust, row.disposition, row.evidence["program"]) == ("known", "accepted", "foto.exe")
    assert "foto.exe" in row.trust_reason


@pytest.mark.parametrize(("lists", "disposition"), [(False, "ignored"), (True, "accepted")])
def test_mail_through_a_list_is_coverage_of_those_who_send_that_way(
    office: Office, names: NameServer, lists: bool, disposition: str
) -> None:
    Contributor.objects.update(lists=lists)
    assert read(office, mail(headers="List-Id: <humas.contoh.example>\r\n")).disposition == disposition


def test_a_lists_footer_breaks_the_signature_and_nothing_else(office: Office, names: NameServer) -> None:
    Contributor.objects.update(lists=True)
    signed = (
        b"List-Id: <humas.contoh.example>\r\n" + sign(mail(), "contoh.example") + b"-- \r\nMilis humas\r\n"
    )
    row = read(office, signed)
    assert (row.trust, row.disposition) == ("known", "accepted")


def test_a_machines_answer_through_a_list_stays_a_machines_answer(office: Office, names: NameServer) -> None:
    Contributor.objects.update(lists=True)
    headers = "List-Id: <humas.contoh.example>\r\nAuto-Submitted: auto-replied\r\n"
    assert read(office, mail(headers=headers)).disposition == "ignored"


def test_more_mails_than_allowed_wait_and_an_editor_lets_them_pass(office: Office, names: NameServer) -> None:
    for number in range(5):
        office.post(mail(number=number, seed=number))
    office.work()
    held = Submission.objects.filter(disposition="held")
    assert (Story.objects.count(), held.count()) == (3, 2)
    assert "lebih dari 3 surel dalam satu jam" in held[0].reason
    admit(held[0], office.person())
    office.work()
    assert Story.objects.count() == 4


def test_an_hour_later_a_sender_may_send_again(office: Office, names: NameServer) -> None:
    first = timezone.now() - timedelta(hours=5)
    for number in range(8):
        at = first + timedelta(minutes=25 * number)
        keep(ingest.RawMessage(mail(number=number, seed=number), "lokal", received_at=at))
    office.work()
    assert set(Submission.objects.values_list("disposition", flat=True)) == {"accepted"}


def test_more_megabytes_than_allowed_wait(office: Office, names: NameServer) -> None:
    text = "Berita panjang tentang musyawarah warga di balai desa. " * 14_000
    first = read(office, mail(number=1, text=text))
    second = read(office, mail(number=2, text=text))
    assert (first.disposition, second.disposition) == ("accepted", "held")
    assert "lebih dari 1 MB dalam sehari" in second.reason


def test_what_an_operator_hands_in_is_no_flood(office: Office, names: NameServer) -> None:
    for number in range(5):
        keep(ingest.RawMessage(mail(number=number), "berkas", received_at=timezone.now()))
    office.work()
    assert Story.objects.count() == 5
