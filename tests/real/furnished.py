"""An office in which everything has happened: what every page is opened and looked at with.

python -m tests.real.furnished             as the settings of REDAKSI_SETTINGS say, in an empty database
python -m tests.real.furnished --sample    with the mails and pictures of the sample office, too (slow)

Prints one line of JSON: the rows that addresses are made of, and a session for each role.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
from collections.abc import Callable
from datetime import timedelta
from functools import cache, partial
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

OWN_SETTINGS = os.environ.get("REDAKSI_SETTINGS", "")
from tests.kept import lay  # noqa: E402
from tests.office import coverage, picture  # noqa: E402 - it puts settings of its own in the place of these

SETTINGS = """
office:    {{name: Media Center Kota Contoh, zone: Asia/Pontianak, language: id}}
data:      ./var
web:       {{listen: 127.0.0.1:{port}, public_url: http://127.0.0.1:{port}}}
mailboxes:
  - {{name: lokal, kind: folder, path: ./mailbox, every: 1}}
  - {{name: dinas, kind: imap, host: 127.0.0.1, port: 1, security: none, user: redaksi@dinas.contoh.example,
     password_env: UJI_SANDI, every: 3600}}
outgoing:  {{host: 127.0.0.1, port: 1, security: none}}
proof:     {{picture: false}}
approval:  {{chain: [section_head], categories: [Pemerintahan]}}
sites:
  - {{name: media-center, kind: folder, title: Media Center, path: ./situs/media-center}}
  - {{name: info-publik, kind: folder, title: Info Publik, path: ./situs/info-publik}}
  - {{name: kota, kind: wordpress, title: Situs Pemerintah Kota, url: "http://127.0.0.1:1",
     user: redaksi, password_env: UJI_SANDI, categories: {{default: 1}}}}
  - {{name: portal, kind: assisted, title: Portal Provinsi, url: "http://127.0.0.1:1"}}
"""
LONG = (
    "Wali Kota Contoh Membuka Musyawarah Perencanaan Pembangunan Kecamatan Contoh Utara dan Selatan, "
    "Menampung 463 Usulan Prioritas dari Delapan Kelurahan tentang Air Bersih, Jalan Lingkungan, dan Drainase"
)
ENDLESS = "https://contoh.example/" + "sangat-panjang-tanpa-jeda-" * 8
ARABIC = "مؤتمر صحفي للعمدة حول المياه النظيفة"
TOPICS = (
    *("Jembatan Ditinjau", "Banjir Surut di Hulu", "Perpustakaan Keliling Singgah", "Festival Perahu Hias"),
    *("Panen Raya Padi", "Latihan Pemadam Kebakaran", "Lampu Jalan Diganti", "Vaksinasi Ternak Dimulai"),
    *("Pelatihan Tenun Rotan", "Taman Kota Dibuka Lagi", "Air Bersih Mengalir Kembali", "Trotoar Diperlebar"),
    *("Pasar Ikan Direnovasi", "Lomba Mewarnai Anak", "Donor Darah Digelar", "Pohon Ditanam di Bantaran"),
    *("Bus Sekolah Beroperasi", "Posko Siaga Didirikan", "Kebun Gizi Dipanen", "Arsip Kelurahan Ditata"),
    *("Sumur Bor Diresmikan", "Lapak Kuliner Dibina", "Terminal Dibersihkan", "Rumah Singgah Dibuka"),
    *("Drainase Dikeruk", "Kelas Ibu Hamil Dimulai", "Gudang Pupuk Diperiksa", "Jalur Sepeda Dicat"),
)
PEOPLE = (
    # username, role, name
    ("bram", "editor", "Bram Hadikusuma"),
    ("sulastri", "chief", "Sulastri"),
    ("arga", "admin", "Arga Pranata Kusumawardhani Tirtawangsa Adiningrat"),
    ("darto", "section_head", "Darto"),
    ("nala", "contributor", "Nala Ayuningtias"),
    ("wiratno", "contributor", "Wiratno"),
)
Rows = dict[str, Any]
Draw = Callable[[int], bytes]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sample", action="store_true")
    wanted = parser.parse_args()
    os.environ["REDAKSI_SETTINGS"] = OWN_SETTINGS
    django.setup()
    if not lay(settings.REDAKSI.data):
        call_command("migrate", verbosity=0)
    print(json.dumps(furnish(sample=wanted.sample)))


def furnish(*, sample: bool = False) -> Rows:
    from newsroom.models import Story

    people = staff(sample=sample)
    post(sketch if sample else picture)
    walk()
    found = {story.headline: story for story in Story.objects.order_by("id")}
    rest = [story for headline, story in found.items() if headline in TOPICS]
    rows = {
        "STORY": found[LONG].pk,
        "PERSONAL": found["Posyandu Melati Dilatih"].pk,
        **decided(found, rest, people),
    }
    walk()
    rows |= troubles(rows) | talk(found[LONG], people) | described(rows, people) | accounts(people)
    return {
        "rows": rows,
        "sessions": {
            person.role: session(person) for person in people.values() if person.username != "wiratno"
        },
    }


def staff(*, sample: bool) -> Rows:
    from django.contrib.auth.hashers import make_password

    from newsroom.models import Contributor, Person

    if sample:
        call_command("sample_office", stdout=io.StringIO(), stderr=io.StringIO())
    people: Rows = {}
    password = make_password(os.environ["UJI_SANDI"])
    for username, role, name in PEOPLE:
        reached = {"email": f"{username}@contoh.example", "phone": "6281200000000"}
        person = Person(username=username, role=role, name=name, **reached)
        person.password = password
        person.save()
        people[username] = person
    nala = {"name": "Nala Ayuningtias", "outlet": "MC. Kota Uji", "initials": "nala"}
    Contributor.objects.create(address="nala@contoh.example", person=people["nala"], **nala)
    Contributor.objects.create(address="@" + "sangat-panjang." * 6 + "example", name="Wiratno")
    return people


def post(draw: Draw) -> None:
    folder = settings.REDAKSI.mailboxes[0].path
    for part in ("tmp", "new", "cur"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(mails(draw)):
        (folder / "new" / f"{number:03d}.uji").write_bytes(data)


def mails(draw: Draw) -> list[bytes]:
    """Write what came: long, from right to left, thirty photos, strangers, a revision, sent again."""
    lead = "Kota Uji – Wali Kota Uji membuka musyawarah di aula, Jumat (20/11/2026)."
    many = "".join(f"Foto {n}: Peserta Musrenbang ke-{n} membaca usulan.\n" for n in range(1, 31))
    tail = "-- \nNala\nDikirim dari ponsel saya\n\nhttps://drive.google.com/drive/folders/abc\n"
    private = "Hubungi 0812 3456 7890, NIK 6171012304900003. Rapat pada Senin, 20 November 2026."
    shop = {"seed": 400, "photos": 1}
    written = partial(coverage, draw=draw)
    return [
        *(_topic(number, topic, draw) for number, topic in enumerate(TOPICS, start=1)),
        written(LONG, message_id="<1@a.example>", photos=30, seed=40, text=f"{lead}\n\n{many}\n{tail}"),
        written(
            f"{ARABIC} {ENDLESS}",
            message_id="<2@a.example>",
            photos=1,
            seed=100,
            text=f"{ARABIC}\n\n{ENDLESS}\n\n{ARABIC} 2026.\n",
        ),
        written("Pasar Murah Dibuka di Kecamatan", message_id="<3@a.example>", **shop),
        written("Fwd: Pasar Murah Dibuka di Kecamatan", message_id="<4@a.example>", **shop),
        written(
            "Posyandu Melati Dilatih", message_id="<5@a.example>", photos=0, text=f"{lead}\n\n{private}\n"
        ),
        written(
            "REVISI: Posyandu Melati Dilatih",
            message_id="<6@a.example>",
            photos=1,
            seed=600,
            text=f"{lead}\n",
        ),
        written("Mohon dimuat", sender="Kabar <kabar@asing.example>", message_id="<7@a.example>", seed=700),
        written(
            "Undangan " + "sangat penting " * 12,
            sender=f"{'Panjang ' * 12}<{'x' * 40}@lain.example>",
            message_id="<8@a.example>",
            photos=0,
        ),
    ]


def _topic(number: int, topic: str, draw: Draw) -> bytes:
    text = (
        f"Kota Uji – {topic} pada hari ke-{number}, kata Camat Darmawi. Warga kelurahan ke-{number} hadir.\n"
    )
    return coverage(
        topic,
        message_id=f"<{number}@contoh.example>",
        seed=1000 + number * 20,
        photos=number % 3,
        text=text,
        draw=draw,
    )


@cache
def sketch(seed: int) -> bytes:
    """Return a picture of the sample office's kind, small enough to paint many."""
    from web.sample.pictures import SCENES, jpeg, photograph

    scene = random.Random(seed).choice(sorted(SCENES))
    return jpeg(photograph(scene, seed, taken_at=timezone.now(), size=(1280, 960)))


def walk() -> None:
    """Walk the road as far as it goes now; the dead site and the dead mailbox stumble on the way."""
    from pipeline.worker import Worker

    worker = Worker()
    worker.start()
    try:
        list(worker.walk_once())
    finally:
        worker.stop()


def decided(found: Rows, rest: list[Any], people: Rows) -> Rows:
    """Decide about stories in every way there is; return them by what became of them."""
    from newsroom import clocks
    from newsroom.models import Story
    from newsroom.workflow import move

    bram, chief = people["bram"], people["sulastri"]
    names = ("OUT", "RELEASED", "RETRACTED", "RETURNED", "SPIKED", "WAITING", "SCHEDULED", "LATE", "PAUSED")
    by_name = dict(zip(names, rest, strict=False))
    by_name["LONGOUT"] = next(story for headline, story in found.items() if headline.startswith(ARABIC))
    ours = ["media-center", "info-publik"]
    given: dict[str, Rows] = {
        "OUT": {"sites": ["media-center", "portal", "kota"]},
        "RELEASED": {"sites": ours},
        "RETRACTED": {"sites": ours},
        "LONGOUT": {"sites": [*ours, "portal"]},
        "WAITING": {"category": "Pemerintahan"},
        "SCHEDULED": {"embargo_until": timezone.now() + timedelta(days=900)},
        "LATE": {"due_at": timezone.now() - timedelta(hours=5)},
    }
    for name, fields in given.items():
        Story.objects.filter(pk=by_name[name].pk).update(**fields)
    for name in ("OUT", "RELEASED", "RETRACTED", "LONGOUT", "WAITING", "SCHEDULED"):
        move(Story.objects.get(pk=by_name[name].pk), "verify", bram)
    wish = "Mohon sebutkan nama lengkap narasumber dan jumlah pesertanya. " * 3
    move(by_name["RETURNED"], "send_back", bram, wish)
    move(by_name["SPIKED"], "spike", bram, "Bukan kegiatan pemerintah kota.")
    clocks.pause(by_name["PAUSED"], bram, "Menunggu jawaban dinas")
    walk()
    mended = "Jumlah penerima semula tertulis 100 orang, yang benar 120 orang."
    move(Story.objects.get(pk=by_name["RELEASED"].pk), "correct", chief, mended)
    reason = "Sebagian keterangan belum disetujui narasumber."
    move(Story.objects.get(pk=by_name["RETRACTED"].pk), "retract", chief, reason)
    return {name: story.pk for name, story in by_name.items()}


def troubles(rows: Rows) -> Rows:
    """Let things go wrong; return the rows they are shown by."""
    from newsroom.models import Delivery, Letter, Mailbox, Sight, Sighting, Story, Submission

    released = Story.objects.get(pk=rows["RELEASED"])
    sight, _ = Sight.objects.update_or_create(
        delivery=released.deliveries.earliest("id"),
        defaults={
            "drift": "edited",
            "found_at": timezone.now(),
            "title": f"{released.headline} {ENDLESS}",
            "text": f"<p>Diubah di situs.</p><p>{ENDLESS}</p>",
        },
    )
    mail = Submission.objects.get(story=rows["STORY"])
    mail.attachments.create(
        sha256="0" * 64, filename="Lampiran surat " * 8 + ".pdf", content_type="x", size=9_000_000
    )
    Letter.objects.create(
        kind="note",
        story_id=rows["RETURNED"],
        to="nala@contoh.example",
        subject="Re: kiriman",
        body="x",
        message_id="<surat@contoh.example>",
        error="Server surel menolak alamat ini.",
        parked=True,
    )
    Sighting.objects.create(
        mailbox="lokal",
        uid="besar",
        size=400_000_000,
        sender="Asing <asing@contoh.example>",
        subject=LONG,
        parked=True,
        error="Surel ini lebih besar dari 150 MB.",
    )
    held = Submission.objects.filter(disposition="held").latest("id")
    repeated = Submission.objects.exclude(duplicate_of=None).first()
    tasks = Delivery.objects.filter(site="portal")
    tasks.update(asked=True, ledger={"asked": "tayang:1"}, error="", parked=False)
    return {
        "SIGHT": sight.pk,
        "TASK": tasks.latest("story_id").pk,
        "MAIL": mail.pk,
        "HELD": held.pk,
        "AGAIN": repeated.story_id if repeated and repeated.story_id else rows["LATE"],
        "MAILBOX": Mailbox.objects.earliest("id").pk,
        "COLLAGE": collage_draft(),
        "MEDIUM": shelf_of_disks(),
    }


def shelf_of_disks() -> int:
    """Write down two disks: one with a story's video, whose bytes were found changed, and nothing on the other."""
    from newsroom.models import Holding, Medium

    Medium.objects.create(name="HDD-08", stands="Lemari arsip 2")
    disk = Medium.objects.create(name="HDD-07", stands="Lemari arsip 1, rak atas", holder="Wiratno")
    for number, name in enumerate(("musrenbang.mp4", "pembukaan-" + "panjang-" * 12 + ".mov"), start=1):
        Holding.objects.create(
            medium=disk,
            name=name,
            size=number * 20_000_000_000,
            sha256=str(number) * 64,
            found_sha256="f" * 64 if number == 1 else "",
            found_size=20_000_000_001 if number == 1 else None,
            description="Rekaman utuh musrenbang",
        )
    return disk.pk


def collage_draft() -> int:
    """Begin a collage of what is released, one of its photos locked."""
    from dataclasses import replace

    from collage import Recipe
    from newsroom.candidates import gather
    from newsroom.models import Collage
    from pipeline.collages import shot_of

    end = timezone.localdate()
    start = end - timedelta(days=150)
    shots = [shot_of(one) for one in gather(start, end).ranked()[:12]]
    shots[0] = replace(shots[0], locked=True)
    recipe = Recipe(shots=tuple(shots), title="Kolase Foto Setengah Tahun", start=start, end=end)
    return Collage.objects.create(start=start, end=end, recipe=recipe.to_json()).pk


def talk(story: Any, people: Rows) -> Rows:
    """Let the desk talk about a story, change its text, flag a photo and be offered a later mail."""
    from newsroom import comments
    from newsroom.editing import first_revision
    from newsroom.models import Abbreviation, Proposal, SavedView, Spelling

    bram, chief = people["bram"], people["sulastri"]
    for by, text in ((chief, "@bram mohon dicek jumlah pesertanya."), (bram, f"@sulastri sudah. {ENDLESS}")):
        comments.add(story, by, text)
    first = story.revision
    story.body += "\n\nParagraf yang ditambahkan editor."
    story.save(update_fields=["body"])
    first_revision(story, "edit")
    photos = list(story.photos.order_by("order"))
    story.photos.filter(pk=photos[1].pk).update(child=True, consent="")
    views = [
        SavedView.objects.create(person=bram, name="Liputan malam yang namanya panjang sekali", query="q=a")
    ]
    wrong = Spelling.objects.create(wrong="uji keliru", right="uji benar")
    short = Abbreviation.objects.create(short="UJI", long="Unit Jaga Informasi")
    proposal = Proposal.objects.first()
    assert proposal, "the revision of the posyandu's story was to be a proposal"
    return {
        "REVISION": first.pk,
        "PHOTO": photos[0].pk,
        "VIEW": views[0].pk,
        "SPELLING": wrong.pk,
        "ABBREVIATION": short.pk,
        "PROPOSAL": proposal.pk,
        "PROPOSED": proposal.story_id,
    }


def described(rows: Rows, people: Rows) -> Rows:
    """Let the archive's stories be described; a name of a leader and a place are as long as they get."""
    from newsroom.describing import describe_many
    from newsroom.models import Leader, Photo, Story, Tag

    leaders = [
        Leader.objects.create(name="Darmawi", title="Camat"),
        Leader.objects.create(name="Prof. Dr. Ir. " + "Panjang " * 8, title="Sekretaris Daerah", order=1),
    ]
    tags = [Tag.objects.create(name=name, slug=name.replace(" ", "-")) for name in ("pasar murah", "sosial")]
    stories = list(Story.objects.filter(pk__in=(rows["RELEASED"], rows["LONGOUT"])))
    photos = list(Photo.objects.filter(story=rows["LONGOUT"], left_out=False))
    bram = people["bram"]
    describe_many("add_leader", leaders[0].pk, stories, photos[:1], bram)
    describe_many("add_leader", leaders[1].pk, stories[:1], [], bram)
    describe_many("add_tag", tags[0].pk, stories, photos, bram)
    describe_many("event_on", timezone.localdate(), stories, [], bram)
    describe_many("event_place", "Aula Kecamatan " + "Panjang " * 8, stories, [], bram)
    walk()
    return {"RELEASED_PHOTO": photos[0].pk, "LEADER": leaders[0].pk, "TAG": tags[0].pk}


def accounts(people: Rows) -> Rows:
    """Invite somebody, ask by phone, begin a sending, set up a second factor."""
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    from newsroom import approval_links, passes
    from newsroom.models import Approval, Contributor, Upload, UploadedFile

    arga, darto, nala, one = (people[name] for name in ("arga", "darto", "nala", "wiratno"))
    made = passes.invite(arga, name="Baru", email="baru@contoh.example", role="editor")
    today = timezone.localdate()
    acting = one.terms.create(role="editor", starts=today, ends=today + timedelta(days=9), acting="plh")
    upload = Upload.objects.create(key="kiriman", person=nala, headline=LONG, text=f"{ARABIC}\n\n{ENDLESS}")
    for number in range(1, 4):
        UploadedFile.objects.create(
            key=f"berkas{number}",
            upload=upload,
            filename=f"foto {'panjang ' * 12}{number}.jpg",
            content_type="image/jpeg",
            size=len(picture(number)),
            order=number,
        )
    step = Approval.objects.filter(answer="").earliest("id")
    sent = approval_links.send(step.story, darto, "whatsapp", people["bram"], timezone.now())
    TOTP.activate(darto, generate_totp_secret())
    RecoveryCodes.activate(darto)
    return {
        "PASS": made.pk,
        "PASS_TOKEN": passes.link(made).rstrip("/").rpartition("/")[2],
        "APPROVAL_TOKEN": sent.message.partition("/setuju/")[2].partition("/")[0],
        "PERSON": one.pk,
        "TERM": acting.pk,
        "CONTRIBUTOR": Contributor.objects.get(address="nala@contoh.example").pk,
        "UPLOAD": upload.key,
    }


def session(person: Any) -> str:
    """Sign somebody in; return the session's key."""
    from django.test import Client

    client = Client()
    client.force_login(person)
    return str(client.session.session_key)


if __name__ == "__main__":
    main()
