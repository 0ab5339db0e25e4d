"""How far a sender is believed: the ladder from verified to blocked. It never publishes by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import Count, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

import ingest
from config import FORM
from ingest import dkim_check, lookalikes, programs
from ingest.resolver import Lookup, Resolver
from newsroom.contributors import FREE_MAIL
from newsroom.models import Contributor, Disposition, Person, Submission, Trust

HANDED_IN = "berkas"
"""The mailbox of mails an operator hands in with `receive`; nobody floods us that way."""
PROOFS = 3
"""Mails in a row that were proven, after which one without any proof is not believed."""


@dataclass(frozen=True)
class Verdict:
    trust: Trust
    reason: str
    """One plain sentence, in Indonesian."""
    evidence: dict[str, Any] = field(default_factory=dict)


def judge(
    submission: Submission,
    message: ingest.Message,
    contributor: Contributor | None,
    read: Callable[[], bytes],
    *,
    lookup: Lookup | None = None,
    now: Callable[[], datetime] = timezone.now,
) -> Verdict:
    """Place the sender on the ladder. `read` returns the mail's bytes, which are only asked for once.

    What the DNS says is asked once, when the mail is read for the first time, and kept: keys rotate, and a
    mail that is read again years later must not look forged.
    """
    evidence = dict(submission.evidence)  # what the door knew: who had signed in, the envelope
    if "checked_at" not in evidence:
        evidence |= gather(read(), message, lookup or system_dns(), now())
    trust, reason = _placed(submission, message, contributor, evidence)
    program = next((part for part in message.parts if part.reason in programs.REASONS), None)
    if program is not None and trust != Trust.BLOCKED:
        name = program.filename or "tanpa nama"
        reason = f"{reason} Berkas {name} dapat berbahaya, jadi tidak disimpan di luar surel aslinya."
        evidence["program"] = name
        trust = Trust.SUSPICIOUS if trust == Trust.NEW else trust
    return Verdict(trust, reason, evidence)


def gather(data: bytes, message: ingest.Message, lookup: Lookup, at: datetime) -> dict[str, Any]:
    """Collect what speaks for or against the sender at this moment, to be kept with the mail."""
    domain = message.sender.address.rpartition("@")[2]
    return {
        "checked_at": at.isoformat(),
        "server": message.sender.server,
        "dkim": [asdict(found) for found in dkim_check.check(data, domain, lookup)],
    }


def contributor_of(address: str) -> Contributor | None:
    """Return the line of the allow-list for an address; the address itself before its whole domain."""
    if not address:
        return None
    domain = "@" + address.rpartition("@")[2]
    known = {row.address: row for row in Contributor.objects.filter(address__in=(address, domain))}
    return known.get(address) or known.get(domain)


def flood(submission: Submission, address: str) -> str:
    """Say that a sender sends more than the settings allow; empty when not.

    Counted by when the mails reached the mail server, so that a mailbox read for the first time is no flood.
    """
    if submission.mailbox == HANDED_IN or not address:
        return ""
    limits = settings.REDAKSI.intake
    at = submission.received_at
    others = Submission.objects.filter(sender_address=address, received_at__lte=at).exclude(pk=submission.pk)
    hour = others.filter(received_at__gt=at - timedelta(hours=1)).aggregate(mails=Count("pk"))["mails"]
    if hour >= limits.mails_per_hour:
        return (
            f"{address} mengirim lebih dari {limits.mails_per_hour} surel dalam satu jam. Periksa dulu apakah "
            "semuanya memang liputan, lalu terima yang benar."
        )
    day = others.filter(received_at__gt=at - timedelta(days=1)).aggregate(size=Coalesce(Sum("size"), 0))
    if day["size"] + submission.size > limits.megabytes_per_day * 1_000_000:
        return (
            f"{address} mengirim lebih dari {limits.megabytes_per_day} MB dalam sehari. Periksa dulu apakah "
            "semuanya memang liputan, lalu terima yang benar."
        )
    return ""


def system_dns() -> Resolver:
    """Return this process's way to the DNS; it remembers for minutes that nobody answers."""
    return _resolver(settings.REDAKSI.intake.dns or "")


@lru_cache(maxsize=8)
def _resolver(server: str) -> Resolver:
    return Resolver(server)


def _placed(
    submission: Submission,
    message: ingest.Message,
    contributor: Contributor | None,
    evidence: dict[str, Any],
) -> tuple[Trust, str]:
    who = message.sender
    if contributor is not None and contributor.blocked:
        return Trust.BLOCKED, (
            f"Kiriman dari {contributor.address} diblokir, jadi dikesampingkan. Bila keliru, buka blokirnya di "
            "halaman Kontributor lalu terima surel ini."
        )
    if who.spoofed:
        return Trust.SUSPICIOUS, who.problem
    if who.problem:
        return Trust.NEW, who.problem
    if submission.mailbox != FORM and who.address.endswith(f"@{FORM}.invalid"):
        return (
            Trust.SUSPICIOUS,
            f"Alamat {who.address} hanya dipakai formulir kita, tetapi surel ini datang dari luar.",
        )
    if contributor is None:
        likeness = _likeness(who)
        if likeness:
            return Trust.SUSPICIOUS, likeness
        return Trust.NEW, (
            f"Pengirim belum dikenal ({who.address}). Terima kirimannya bila memang dari kontributor."
        )
    if submission.mailbox == FORM:
        return Trust.VERIFIED, f"Dikirim {contributor.name} lewat formulir, dengan akunnya sendiri."
    return _authenticated(submission, message, contributor, evidence)


def _authenticated(
    submission: Submission, message: ingest.Message, contributor: Contributor, evidence: dict[str, Any]
) -> tuple[Trust, str]:
    """Tell a sender on the list whose mail is proven from one who is only named."""
    address = message.sender.address
    if evidence.get("server") == "pass":
        return (
            Trust.VERIFIED,
            f"{contributor.name} ada di daftar kontributor, dan server surel kita memastikan pengirimnya.",
        )
    own = {found["result"]: found for found in evidence.get("dkim", ()) if found["aligned"]}
    if "pass" in own:
        return Trust.VERIFIED, (
            f"{contributor.name} ada di daftar kontributor, dan tanda tangan digital "
            f"{own['pass']['domain']} pada surel ini cocok."
        )
    through_a_list = contributor.lists and message.automatic == ingest.LIST
    if "fail" in own and not through_a_list:  # a list adds its own lines at the end, which breaks a signature
        return Trust.SUSPICIOUS, (
            f"Surel ini menyebut pengirimnya {address}, tetapi tanda tangannya tidak cocok. "
            f"{own['fail']['reason']} Tanyakan dulu kepada kontributornya sebelum menerima kiriman ini."
        )
    if "unknown" in own:
        return Trust.KNOWN, f"{contributor.name} ada di daftar kontributor. {own['unknown']['reason']}"
    if not through_a_list and _always_proven(submission, address):
        return Trust.SUSPICIOUS, (
            f"Surel {address} selama ini terbukti asli, tetapi surel ini tidak membawa bukti apa pun. "
            "Tanyakan dulu kepada kontributornya sebelum menerima kiriman ini."
        )
    return Trust.KNOWN, f"{contributor.name} ada di daftar kontributor; surelnya tidak membawa bukti lain."


def _always_proven(submission: Submission, address: str) -> bool:
    """Say whether the sender's last mails at this mailbox were all proven: whose provider signs, signs always.

    A mail without proof that an editor has taken up all the same is one of them, so nobody is asked twice.
    """
    if submission.mailbox == HANDED_IN:
        return False
    taken = Submission.objects.filter(
        mailbox=submission.mailbox,
        sender_address=address,
        disposition__in=(Disposition.ACCEPTED, Disposition.PROPOSED),
        received_at__lte=submission.received_at,
    ).exclude(pk=submission.pk)
    last = list(taken.order_by("-received_at", "-pk").values_list("trust", flat=True)[:PROOFS])
    return len(last) == PROOFS and set(last) == {Trust.VERIFIED}


def _likeness(who: ingest.Sender) -> str:
    """Say whom an unknown sender may be taken for, empty when for nobody."""
    rows = list(Contributor.objects.filter(blocked=False).values_list("address", "name"))
    other = lookalikes.resembled(who.address, (address for address, _ in rows), FREE_MAIL)
    if other:
        return (
            f"Alamat {who.address} mirip {other} yang ada di daftar kontributor, tetapi bukan itu. "
            "Tanyakan dulu kepada kontributornya sebelum menerima kiriman ini."
        )
    people = Person.objects.filter(is_active=True).values_list("email", "name")
    known = [*((address, name) for address, name in people if address.lower() != who.address), *rows]
    names = {
        lookalikes.plain_name(name): f"{name} ({address})" if address else name for address, name in known
    }
    namesake = lookalikes.same_name(who.name, names)
    if namesake:
        return (
            f"Nama pengirimnya sama dengan {namesake}, tetapi alamat {who.address} belum dikenal. "
            "Tanyakan dulu kepada orangnya sebelum menerima kiriman ini."
        )
    return ""
