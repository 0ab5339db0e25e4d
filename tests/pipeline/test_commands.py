"""The commands scripts drive: their lines are a contract."""

from __future__ import annotations

import io
import json
import mailbox
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from newsroom.models import Contributor, Person, Story
from pipeline.stores import originals
from tests.office import Office, coverage


def lines(command: str, *arguments: str, **options: Any) -> list[dict[str, Any]]:
    out = io.StringIO()
    call_command(command, *arguments, stdout=out, stderr=io.StringIO(), **options)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_person_makes_and_changes_an_account(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UJI_SANDI", "sandi yang panjang")
    call_command(
        "person", "wira", name="Wiratno", role="editor", password_env="UJI_SANDI", stderr=io.StringIO()
    )
    person = Person.objects.get(username="wira")
    assert person.check_password("sandi yang panjang")
    assert person.name == "Wiratno"
    call_command("person", "wira", role="chief", stderr=io.StringIO())
    person.refresh_from_db()
    assert (person.role, person.check_password("sandi yang panjang")) == ("chief", True)


def test_an_account_and_a_contributor_of_one_address_are_one_person(office: Office, tmp_path: Path) -> None:
    call_command(
        "person", "nala", name="Nala", role="contributor", email="nala@contoh.example", stderr=io.StringIO()
    )
    assert Contributor.objects.get(address="nala@contoh.example").person.username == "nala"
    call_command(
        "person", "budi", name="Budi", role="contributor", email="Budi@dinas.example", stderr=io.StringIO()
    )
    file = tmp_path / "k.csv"
    file.write_text("address,name,outlet,initials\nbudi@dinas.example,Budi,Dinas,bdi\n")
    call_command("contributors", str(file), stderr=io.StringIO())
    assert Contributor.objects.get(address="budi@dinas.example").person.username == "budi"


def test_a_new_account_needs_a_name_and_a_role(office: Office) -> None:
    with pytest.raises(CommandError, match="--name"):
        call_command("person", "baru", role="editor")


def test_a_missing_password_variable_is_told(office: Office) -> None:
    with pytest.raises(CommandError, match="UJI_TIDAK_ADA"):
        call_command("person", "baru", name="B", role="editor", password_env="UJI_TIDAK_ADA")
    assert not Person.objects.filter(username="baru").exists()


def test_contributors_are_imported_and_one_bad_row_stops_no_other(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "kontributor.csv"
    file.write_text(
        "\ufeffaddress,name,outlet,initials\n"
        "Budi@Dinas.Example,Budi,Dinas Uji,bdi\n"
        "bukan alamat,Salah,,\n"
        "@kantor.example,Kantor,,\n",
        encoding="utf-8",
    )
    with pytest.raises(CommandError, match="baris 3"):
        call_command("contributors", str(file), stderr=io.StringIO())
    assert set(Contributor.objects.values_list("address", flat=True)) >= {
        "budi@dinas.example",
        "@kantor.example",
    }


def test_a_semicolon_sheet_from_an_indonesian_office_is_read(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "kontributor.csv"
    file.write_text("address;name;outlet;initials\nbudi@dinas.example;Budi;Dinas;bdi\n")
    call_command("contributors", str(file), stderr=io.StringIO())
    assert Contributor.objects.get(address="budi@dinas.example").initials == "bdi"


def test_receive_takes_files_folders_and_mbox_and_says_what_is_new(office: Office, tmp_path: Path) -> None:
    (tmp_path / "satu.eml").write_bytes(coverage())
    folder = tmp_path / "banyak"
    folder.mkdir()
    (folder / "dua.eml").write_bytes(coverage("Kedua", message_id="<dua@x.example>"))
    box = mailbox.mbox(tmp_path / "kotak.mbox")
    box.add(coverage("Ketiga", message_id="<tiga@x.example>"))
    box.close()

    rows = lines("receive", str(tmp_path / "satu.eml"), str(folder), str(tmp_path / "kotak.mbox"))

    assert [row["new"] for row in rows] == [True, True, True]
    assert {row["message_id"] for row in rows} == {
        "<satu@contoh.example>",
        "<dua@x.example>",
        "<tiga@x.example>",
    }
    assert originals().read(rows[0]["sha256"]) == coverage()
    assert [row["new"] for row in lines("receive", str(tmp_path / "satu.eml"))] == [False]


def test_a_mail_server_pipes_a_mail_in_and_hears_when_to_try_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def piped(data: bytes) -> list[dict[str, Any]]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
        return lines("receive", "-")

    envelope = b"From nala@contoh.example Fri Nov 20 10:00:00 2026\n"
    (row,) = piped(envelope + coverage())
    assert originals().read(row["sha256"]) == coverage()
    assert [row["new"] for row in piped(coverage())] == [False]
    (office.folder / "var" / "originals").rename(office.folder / "var" / "lain")
    (office.folder / "var" / "originals").write_text("bukan folder")
    for data in (coverage("Kedua"), b""):
        with pytest.raises(CommandError) as refused:
            piped(data)
        assert refused.value.returncode == 75


def test_receive_tells_a_missing_path_and_takes_the_rest(office: Office, tmp_path: Path) -> None:
    (tmp_path / "satu.eml").write_bytes(coverage())
    out = io.StringIO()
    with pytest.raises(CommandError, match="tidak-ada"):
        call_command("receive", str(tmp_path / "tidak-ada.eml"), str(tmp_path / "satu.eml"), stdout=out)
    assert len(out.getvalue().splitlines()) == 1


def test_the_whole_road_from_a_script(office: Office, tmp_path: Path) -> None:
    (tmp_path / "satu.eml").write_bytes(coverage())
    lines("receive", str(tmp_path / "satu.eml"))
    worked = {row["step"]: row for row in lines("work", once=True)}
    assert worked["prepare"] == {"step": "prepare", "done": 1, "failed": 0}

    (submission,) = lines("submissions", json=True)
    assert submission["disposition"] == "accepted"
    assert submission["sender"] == "nala@contoh.example"
    assert (submission["revision_of"], submission["duplicate_of"]) == (None, None)
    story = submission["story"]
    assert story["state"] == "queued"
    assert story["paragraphs"][0].startswith("Wali Kota Uji membuka musyawarah")
    assert len(story["photos"]) == 2
    assert set(story["photos"][0]) == {"sha256", "filename", "caption", "credit", "alt"}
    assert originals().read(story["photos"][0]["sha256"]).startswith(b"\xff\xd8")

    office.person()
    (moved,) = lines("move", str(story["id"]), "verify", by="editor")
    assert moved["state"] == "verified"
    lines("work", once=True)

    assert [row["state"] for row in lines("stories", json=True)] == ["released"]
    deliveries = lines("deliveries", json=True)
    assert {row["site"]: (row["state"], row["sent_version"]) for row in deliveries} == {
        "media-center": ("live", 1),
        "info-publik": ("live", 1),
        "kota": ("live", 1),
    }
    assert all(row["url"] and row["remote_id"] and not row["error"] for row in deliveries)
    assert [(row["version"], row["valid"]) for row in lines("packages", json=True)] == [(1, True)]
    call_command("check_archive", stderr=io.StringIO())


def test_move_obeys_the_rules_of_the_buttons(office: Office) -> None:
    office.post(coverage())
    office.work()
    story = Story.objects.get()
    office.person("tamu", "contributor")
    for arguments, told in (
        ({"by": "tamu"}, "tidak berwenang"),
        ({"by": "hantu"}, "tidak ada"),
    ):
        with pytest.raises(CommandError, match=told):
            call_command("move", str(story.pk), "verify", **arguments)
    with pytest.raises(CommandError, match="999"):
        call_command("move", "999", "verify", by="tamu")


def test_check_archive_names_a_flipped_bit_in_an_original_and_fails(office: Office) -> None:
    office.post(coverage())
    office.work()
    photo = Story.objects.get().photos.first()
    assert photo is not None
    path = originals().path(photo.sha256)
    path.chmod(0o644)
    data = bytearray(path.read_bytes())
    data[100] ^= 4
    path.write_bytes(data)
    out = io.StringIO()
    with pytest.raises(CommandError, match="1 masalah"):
        call_command("check_archive", json=True, stdout=out)
    (row,) = (json.loads(line) for line in out.getvalue().splitlines())
    assert photo.sha256 in row["path"] + row["problem"]


def test_check_archive_names_a_missing_original(office: Office) -> None:
    office.post(coverage())
    office.work()
    photo = Story.objects.get().photos.first()
    assert photo is not None
    originals().path(photo.sha256).unlink()
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("check_archive", json=True, stdout=out)
    assert photo.sha256 in out.getvalue()


@pytest.mark.parametrize(
    ("start", "end"),
    [("2026-07-01", "2026-08-31"), ("2026-01-01", "2026-12-31"), ("2026-07-01", "2026-06-30")],
)
def test_a_collage_of_another_length_than_three_to_six_months_is_refused(
    office: Office, start: str, end: str
) -> None:
    with pytest.raises(CommandError):
        call_command("collage", "--from", start, "--to", end)
    assert not Story.objects.exists()


def test_a_collage_with_too_few_photos_is_refused_with_the_number(office: Office) -> None:
    with pytest.raises(CommandError, match="Baru ada 0 foto"):
        call_command("collage", "--from", "2026-07-01", "--to", "2026-12-31")
