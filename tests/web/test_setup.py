"""Setting the office up in the browser: each choice lands in settings.yaml, no secret anywhere else than in its file."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from PIL import Image, PngImagePlugin

from config.writing import Put, write
from newsroom import passes, setting_up, trials
from newsroom.models import LogEntry, Mailbox, Pass, Person, State, Story, Submission
from newsroom.workflow import MoveRefused, allowed, move
from tests.newsroom.screens import enter
from tests.office import SETTINGS, Office, coverage, picture
from tests.pipeline.mail_server import mail_server
from tests.ports import free_port

PASSWORD = "sandi-rahasia-91"


@pytest.fixture
def admin(office: Office) -> Client:
    return enter(office.person("wulan", "admin", "Wulan"))


@pytest.fixture
def file(office: Office) -> Path:
    return office.folder / "settings.yaml"


@pytest.fixture
def read_only(file: Path) -> Path:
    file.chmod(0o444)
    return file


def told(answer: Any) -> str:
    return str(answer.content.decode())


def written(file: Path) -> dict[str, Any]:
    return dict(yaml.safe_load(file.read_text()))


def office_form(client: Client, **changes: str) -> dict[str, str]:
    form = client.get("/pengaturan/kantor/").context["form"]
    return {name: str(form[name].value()) for name in form.fields} | changes


# The list


def test_a_new_house_is_reminded_until_all_is_done_skipped_or_put_away(
    office: Office, admin: Client, file: Path
) -> None:
    assert "Penyiapan:" not in told(
        admin.get("/lainnya/")
    )  # a mailbox and sites of its own: nothing to set up
    fresh = SETTINGS.replace("./mailbox", "./var/mailbox").replace("./situs", "./var/situs")
    file.write_text(fresh.replace("Media Center Kota Uji", setting_up.SAMPLE) + "# baru\n")
    text = told(admin.get("/lainnya/"))
    assert "Penyiapan: 0 dari 5" in text
    assert "Penyiapan:" not in told(enter(office.person()).get("/lainnya/"))
    for step in ("kantor", "orang", "surel"):
        assert admin.post(f"/pengaturan/lewati/{step}/")["Location"] == "/pengaturan/"
    assert "Penyiapan: 3 dari 5" in told(admin.get("/lainnya/"))
    assert told(admin.get("/pengaturan/")).count("dilewati") >= 3
    admin.post("/pengaturan/tutup/")
    assert "Penyiapan:" not in told(admin.get("/lainnya/"))
    admin.post("/pengaturan/buka/")
    assert "Penyiapan: 3 dari 5" in told(admin.get("/lainnya/"))
    for step in ("situs", "uji"):
        admin.post(f"/pengaturan/lewati/{step}/")
    assert "Penyiapan:" not in told(admin.get("/lainnya/"))
    assert admin.post("/pengaturan/lewati/lain/").status_code == 404


# The office


def test_the_office_is_written_at_once_its_zone_after_a_new_start(admin: Client, file: Path) -> None:
    given = office_form(admin, name="Media Center Kota Baru", zone="Asia/Makassar")
    assert admin.post("/pengaturan/kantor/", given)["Location"] == "/pengaturan/"
    assert written(file)["office"] == {
        "name": "Media Center Kota Baru",
        "zone": "Asia/Makassar",
        "language": "id",
    }
    text = told(admin.get("/pengaturan/"))
    assert "Media Center Kota Baru" in text
    assert "sesudah Redaksi dimulai ulang" in text
    assert len(list(file.parent.glob("settings.yaml.*"))) == 1


def test_what_another_administrator_wrote_meanwhile_is_told_and_not_lost(admin: Client, file: Path) -> None:
    given = office_form(admin, name="Nama Saya")
    write(file, Put(("office", "name"), "Nama Rekan"), at=timezone.now())
    answer = admin.post("/pengaturan/kantor/", given)
    assert answer.status_code == 422
    assert "baru saja diubah orang lain" in told(answer)
    assert "Nama Saya" in told(answer)
    assert written(file)["office"]["name"] == "Nama Rekan"
    mark = re.findall(r'name="seen" value="(\w+)"', told(answer))
    admin.post("/pengaturan/kantor/", {**given, "seen": mark[0]})  # having been told, they mean it
    assert written(file)["office"]["name"] == "Nama Saya"


def test_a_file_that_may_only_be_read_shows_the_lines_and_looks_again(admin: Client, read_only: Path) -> None:
    given = office_form(admin, name="Nama Baru")
    answer = admin.post("/pengaturan/kantor/", given)
    assert answer.status_code == 409
    assert "office: {name: Nama Baru}" in told(answer)
    assert "Periksa lagi" in told(answer)
    read_only.chmod(0o644)
    read_only.write_text(SETTINGS.replace("Media Center Kota Uji", "Nama Baru"))
    read_only.chmod(0o444)
    assert admin.post("/pengaturan/kantor/", given)["Location"] == "/pengaturan/"
    assert settings.REDAKSI.office.name == "Nama Baru"


def test_a_logo_is_drawn_anew_shown_to_everybody_and_carries_nothing_along(
    admin: Client, office: Office, file: Path
) -> None:
    secret = PngImagePlugin.PngInfo()
    secret.add_text("Comment", "rahasia-pengirim")
    out = io.BytesIO()
    Image.new("RGB", (3000, 900), "teal").save(out, "PNG", pnginfo=secret)
    sent = SimpleUploadedFile("logo.png", out.getvalue() + b"<script>alert(1)</script>")
    assert admin.post("/pengaturan/kantor/logo/", {"logo": sent})["Location"] == "/pengaturan/kantor/"
    assert written(file)["office"]["logo"].startswith("./var/logo/")
    answer = Client().get("/logo.png")
    data = b"".join(answer)
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert Image.open(io.BytesIO(data)).size == (480, 144)
    assert b"rahasia" not in data
    assert b"script" not in data
    assert '<img class="office-logo" src="/logo.png?v=' in told(admin.get("/lainnya/"))
    settings.REDAKSI.office.logo.unlink()
    assert Client().get("/logo.png").status_code == 404


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "bukan gambar yang dapat dibaca"),
        (picture()[:200], "logo"),
        (b"\xff\xd8\xff" + b"x" * 2_100_000, "lebih besar dari 2 MB"),
        (b"", "kosong|dahulu|bukan gambar"),
    ],
)
def test_what_is_no_picture_becomes_no_logo(admin: Client, file: Path, data: bytes, why: str) -> None:
    before = file.read_bytes()
    answer = admin.post("/pengaturan/kantor/logo/", {"logo": SimpleUploadedFile("logo.png", data)})
    assert answer.status_code == 422
    assert re.search(why, told(answer))
    assert file.read_bytes() == before
    assert Client().get("/logo.png").status_code == 404


# People


def test_people_are_invited_and_their_links_shown(admin: Client) -> None:
    answer = admin.post("/pengaturan/orang/", {"name": "", "role": "editor"})
    assert answer.status_code == 422
    given = {"name": "Rahma", "email": "", "role": "editor"}
    assert admin.post("/pengaturan/orang/", given)["Location"] == "/pengaturan/orang/"
    text = told(admin.get("/pengaturan/orang/"))
    link = passes.link(Pass.objects.get())
    assert link in text
    assert "Wulan" in text


# Mail


MAILBOX = {
    "kind": "imap",
    "name": "resmi",
    "user": "redaksi@contoh.go.id",
    "password": PASSWORD,
    "since_days": "0",
}


def test_a_server_that_does_not_answer_is_told_and_the_password_lies_in_its_file_alone(
    admin: Client, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    given = {**MAILBOX, "host": "127.0.0.1", "port": str(free_port()), "security": "none"}
    answer = admin.post("/pengaturan/surel/masuk/", given)
    assert answer.status_code == 422
    assert "sambungan" in told(answer)
    assert "salah" in told(answer)
    assert admin.get("/pengaturan/surel/masuk/tinjau/")["Location"] == "/pengaturan/surel/masuk/"
    (kept,) = (settings.REDAKSI.data / "secrets").iterdir()
    assert kept.read_text() == f"{PASSWORD}\n"
    assert kept.stat().st_mode & 0o777 == 0o600
    sessions = str([row.get_decoded() for row in Session.objects.all()])
    shown = told(answer) + told(admin.get("/pengaturan/surel/masuk/"))
    assert PASSWORD not in sessions + shown + caplog.text + file.read_text()
    admin.post("/pengaturan/surel/masuk/", {**given, "password": "lain"})
    (kept,) = (settings.REDAKSI.data / "secrets").iterdir()
    assert kept.read_text() == "lain\n"
    admin.post("/pengaturan/surel/batal/")
    assert list((settings.REDAKSI.data / "secrets").iterdir()) == []


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"user": ""}, "Tulis alamat surelnya"),
        ({"user": "tanpa-domain"}, "Tulis nama servernya"),
        ({"name": "Kotak Resmi"}, "huruf kecil"),
        ({"kind": "folder"}, "Sebut foldernya"),
        ({"host": "mail.contoh.invalid", "security": "none"}, "hanya untuk server di komputer ini"),
        ({"host": "127.0.0.1", "security": "none", "password": ""}, "Isi kata sandinya"),
        ({"provider": "microsoft"}, "manage.py connect_mailbox resmi"),
    ],
)
def test_what_is_missing_is_asked_for(admin: Client, file: Path, changes: dict[str, str], why: str) -> None:
    before = file.read_bytes()
    answer = admin.post("/pengaturan/surel/masuk/", {**MAILBOX, **changes})
    assert answer.status_code == 422
    assert why in told(answer)
    assert file.read_bytes() == before


def test_a_folder_mailbox_is_made_tried_written_and_looked_into_without_a_restart(
    admin: Client, office: Office, file: Path
) -> None:
    given = {"kind": "folder", "name": "kiriman", "path": "./surel"}
    assert admin.post("/pengaturan/surel/masuk/", given)["Location"] == "/pengaturan/surel/masuk/tinjau/"
    shown = told(admin.get("/pengaturan/surel/masuk/tinjau/"))
    assert "Maildir dapat dibaca, berisi 0 surel" in shown
    assert "- name: kiriman" in shown
    assert admin.post("/pengaturan/surel/masuk/tinjau/")["Location"] == "/pengaturan/surel/"
    assert written(file)["mailboxes"][-1] == {"name": "kiriman", "kind": "folder", "path": "./surel"}
    (office.folder / "surel" / "new" / "satu").write_bytes(coverage(photos=0))
    office.work()
    assert Submission.objects.get().mailbox == "kiriman"
    assert Mailbox.objects.filter(name="kiriman").exists()
    admin.post("/pengaturan/surel/masuk/", {**given, "path": "./lain"})  # done again, under the same name
    admin.post("/pengaturan/surel/masuk/tinjau/")
    assert [row["path"] for row in written(file)["mailboxes"]] == ["./mailbox", "./lain"]


def test_a_mailbox_another_administrator_added_meanwhile_is_told(admin: Client, file: Path) -> None:
    given = {"kind": "folder", "name": "kiriman", "path": "./surel"}
    admin.post("/pengaturan/surel/masuk/", given)
    file.write_text(
        SETTINGS.replace(
            "path: ./mailbox}\n", "path: ./mailbox}\n  - {name: kiriman, kind: folder, path: ./rekan}\n"
        )
    )
    answer = admin.post("/pengaturan/surel/masuk/tinjau/")
    assert answer.status_code == 422
    assert "baru saja diubah orang lain" in told(answer)
    assert written(file)["mailboxes"][-1]["path"] == "./rekan"


def test_a_read_only_file_shows_the_mailbox_to_paste_and_goes_on_once_it_stands_there(
    admin: Client, read_only: Path
) -> None:
    admin.post("/pengaturan/surel/masuk/", {"kind": "folder", "name": "kiriman", "path": "./surel"})
    answer = admin.post("/pengaturan/surel/masuk/tinjau/")
    assert answer.status_code == 409
    assert "hanya boleh dibaca" in told(answer)
    assert admin.post("/pengaturan/surel/masuk/tinjau/").status_code == 409
    pasted = "  - name: kiriman\n    kind: folder\n    path: ./surel\n"
    assert pasted in told(answer)
    read_only.chmod(0o644)
    read_only.write_text(SETTINGS.replace("path: ./mailbox}\n", f"path: ./mailbox}}\n{pasted}"))
    read_only.chmod(0o444)
    assert admin.post("/pengaturan/surel/masuk/tinjau/")["Location"] == "/pengaturan/surel/"
    assert settings.REDAKSI.mailboxes[-1].name == "kiriman"


def test_a_server_for_letters_is_tried_before_it_is_written(admin: Client, file: Path) -> None:
    given = {"sender": "redaksi@contoh.go.id", "host": "127.0.0.1", "port": str(free_port())}
    answer = admin.post("/pengaturan/surel/keluar/", {**given, "security": "none"})
    assert answer.status_code == 422
    assert "tidak menjawab" in told(answer)
    assert "outgoing" not in written(file)


def test_a_server_that_takes_letters_is_written_and_used_at_once(admin: Client, file: Path) -> None:
    with mail_server() as server:
        given = {"sender": "redaksi@contoh.go.id", "host": "127.0.0.1", "port": str(server.port)}
        answer = admin.post("/pengaturan/surel/keluar/", {**given, "security": "none"})
        assert answer["Location"] == "/pengaturan/surel/keluar/tinjau/"
        admin.post("/pengaturan/surel/keluar/tinjau/")
        assert written(file)["outgoing"] == {**given, "port": server.port, "security": "none"}
        assert passes.mails()
        assert server.letters == []
        write(file, Put(("outgoing", "ca_file"), "./kantor-lama.pem"), at=timezone.now())
        admin.post("/pengaturan/surel/keluar/", {**given, "security": "none", "ca_file": ""})
        admin.post("/pengaturan/surel/keluar/tinjau/")
    assert written(file)["outgoing"]["ca_file"] is None, "the server is used as it was tried"


# The first site


def test_a_site_of_our_own_is_written_and_used_at_once(admin: Client, file: Path) -> None:
    answer = admin.post("/pengaturan/situs-pertama/", {"title": "Berita Kota", "name": "kota"})
    assert answer.status_code == 422
    assert "sudah dipakai situs lain" in told(answer)
    admin.post("/pengaturan/situs-pertama/", {"title": "Berita Kota", "name": "berita"})
    assert written(file)["sites"][-1] == {
        "name": "berita",
        "kind": "folder",
        "title": "Berita Kota",
        "path": "./var/situs/berita",
    }
    assert Client().get("/situs/berita/").status_code == 200
    assert "Berita Kota" in told(admin.get("/pengaturan/situs-pertama/"))


# The test mail


@pytest.fixture
def tested(admin: Client, office: Office) -> Story:
    office.post(coverage(photos=0), "lain")  # the mailbox is there
    admin.post("/pengaturan/uji/mulai/", {"kotak": "lokal", "cara": "taruh"})
    office.work()
    return Story.objects.get(trial=True)


def stops(client: Client) -> list[bool]:
    return [stop.at is not None for stop in client.get("/pengaturan/uji/jalan/").context["journey"].stops]


def test_the_test_mail_is_followed_from_the_mailbox_into_the_queue(admin: Client, office: Office) -> None:
    office.mailbox.mkdir(exist_ok=True)
    for part in ("tmp", "new", "cur"):
        (office.mailbox / part).mkdir()
    assert admin.get("/pengaturan/uji/jalan/").status_code == 204
    admin.post("/pengaturan/uji/mulai/", {"kotak": "lokal", "cara": "taruh"})
    assert stops(admin) == [False] * 4
    assert "Pekerja Redaksi tidak berjalan" in told(admin.get("/pengaturan/uji/"))
    assert 'hx-trigger="every 2s"' in told(admin.get("/pengaturan/uji/jalan/"))
    office.work()
    assert stops(admin) == [True] * 4
    text = told(admin.get("/pengaturan/uji/jalan/"))
    assert "hx-trigger" not in text
    assert "Surel uji sampai di antrean" in text
    admin.post("/pengaturan/uji/tolak/")
    assert Story.objects.get().state == State.SPIKED
    assert "Taruh surel uji" in told(admin.get("/pengaturan/uji/"))
    assert "Surel uji" in told(admin.get("/antrean/?status=ditolak"))


def test_a_test_story_can_never_be_published(office: Office, tested: Story) -> None:
    editor = office.person()
    assert (tested.sites, tested.submissions.get().disposition) == ([], "accepted")
    assert "verify" not in allowed(tested, editor)
    with pytest.raises(MoveRefused, match="surel uji dari penyiapan"):
        move(tested, "verify", editor)
    Story.objects.filter(pk=tested.pk).update(sites=["kota"])
    with pytest.raises(MoveRefused, match="tidak pernah ditayangkan"):
        move(Story.objects.get(pk=tested.pk), "verify", editor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Story.objects.filter(pk=tested.pk).update(state=State.VERIFIED)
    page = told(enter(editor).get(f"/berita/{tested.pk}/"))
    assert "Ini surel uji dari penyiapan" in page
    assert "Layak, tayangkan" not in page
    assert "surel uji" in told(enter(editor).get("/antrean/"))


def test_a_mail_sent_by_a_person_is_known_by_its_code_once_and_only_while_the_code_is_ours(
    admin: Client, office: Office
) -> None:
    admin.post("/pengaturan/uji/mulai/", {"kotak": "lokal", "cara": "sendiri"})
    code = admin.session["setup_trial"]["code"]
    assert code in told(admin.get("/pengaturan/uji/"))
    stranger = "Orang Baru <baru@luar.example>"
    office.post(coverage(f"Re: coba {code}", sender=stranger, photos=1))
    office.work()
    assert stops(admin) == [True] * 4
    story = Story.objects.get()
    assert (story.trial, story.sites, story.photos.count()) == (True, [], 0)
    again = coverage(f"Re: coba {code}", sender=stranger, message_id="<dua@contoh.example>", photos=0)
    forged = coverage(
        "coba UJI-AAAAAAAAA-BBBBBBBB", sender=stranger, message_id="<t@contoh.example>", photos=0
    )
    for data in (again, forged):
        office.post(data)
    office.work()
    assert Story.objects.count() == 1
    assert Submission.objects.filter(disposition="held").count() == 2


def test_a_code_is_good_for_a_day(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    code = trials.draw()
    assert trials.code_in(f"Fwd: {code}.") == code
    later = timezone.now() + trials.LASTS + timedelta(minutes=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert trials.code_in(code) == ""


# The first account


def test_an_empty_house_has_one_link_to_its_first_administrator(office: Office) -> None:
    Person.objects.all().delete()
    old, new = passes.first(), passes.first()
    assert old is not None
    assert new is not None
    visitor = Client()
    assert visitor.get(passes.link(old)).status_code == 410
    text = told(visitor.get(passes.link(new)))
    assert "Akun pertama di kantor ini" in text
    given = {"username": "sri", "name": "Sri", "password": "kalimat sandi panjang"}
    answer = visitor.post(passes.link(new), {**given, "again": given["password"]})
    assert answer["Location"] == "/masuk/?next=%2Fpengaturan%2F"
    assert Person.objects.get().role == "admin"
    assert passes.first() is None
    assert visitor.get(passes.link(new)).status_code == 410


def test_the_link_to_the_first_account_is_void_once_anybody_has_one(office: Office) -> None:
    Person.objects.all().delete()
    row = passes.first()
    assert row is not None
    office.person("wulan", "admin", "Wulan")
    given = {"username": "jahat", "name": "J", "password": "kalimat sandi panjang"}
    answer = Client().post(passes.link(row), {**given, "again": given["password"]})
    assert answer.status_code == 422
    assert list(Person.objects.values_list("username", flat=True)) == ["wulan"]
    assert LogEntry.objects.filter(verb="invite_accept").count() == 0
