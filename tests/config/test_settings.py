"""settings.yaml: read once, told plainly when it is wrong, and documented as it is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, Field, ValidationError
from pydantic_core import PydanticUndefined

import config
from config import (
    Approval,
    Archive,
    BucketPlace,
    Checks,
    Collage,
    Database,
    FolderMailbox,
    FolderPlace,
    ImapMailbox,
    Intake,
    Lmtp,
    Notices,
    OAuth,
    Office,
    Oidc,
    Outgoing,
    Proof,
    Settings,
    SignIn,
    Site,
    Style,
    Uploads,
    Web,
    explain,
)
from tests.office import SETTINGS

CHECKOUT = Path(__file__).parent.parent.parent


def load(folder: Path, text: str) -> config.Settings:
    file = folder / "settings.yaml"
    file.write_text(text)
    return config.load(file)


def test_relative_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    settings = load(tmp_path, SETTINGS)
    assert settings.data == tmp_path / "var"
    mailbox = settings.mailboxes[0]
    assert isinstance(mailbox, FolderMailbox)
    assert mailbox.path == tmp_path / "mailbox"
    assert settings.sites[0].options["path"] == str(tmp_path / "situs/media-center")


def test_the_settings_cannot_be_changed_by_the_program(tmp_path: Path) -> None:
    settings = load(tmp_path, SETTINGS)
    with pytest.raises(ValueError, match="frozen"):
        settings.office.name = "Lain"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("data:", "dtaa:"), "dtaa: kunci ini tidak dikenal."),
        (
            ("kind: folder, path: ./mailbox", "kind: folder, pth: x"),
            "mailboxes.0.pth: kunci ini tidak dikenal.",
        ),
        (("kind: folder, path: ./mailbox", "kind: pop3"), "mailboxes.0: kind harus folder atau imap."),
        (("zone: Asia/Pontianak", "zone: Asia/Mars"), "office.zone: zona waktu tidak dikenal"),
        (("name: Media Center Kota Uji, ", ""), "office.name: wajib diisi."),
        (("127.0.0.1:8000, public", "127.0.0.1, public"), "web.listen: tulis sebagai alamat:port"),
        (("name: kota", "name: info-publik"), "sites: nama info-publik dipakai lebih dari sekali"),
        (("language: id", "language: jv"), "office.language:"),
        (("\noffice:", "\ncollage: {months: 2}\noffice:"), "collage.months:"),
        (
            ("\noffice:", "\nlmtp: {listen: 0.0.0.0:8024}\noffice:"),
            "lmtp: listen: alamat ini dapat dijangkau",
        ),
        (("\noffice:", "\nlmtp: {listen: localhost}\noffice:"), "lmtp: listen: tulis sebagai alamat:port"),
        (("\noffice:", "\nlmtp: {name: lokal}\noffice:"), "nama lokal dipakai lebih dari sekali"),
        (("name: lokal", "name: formulir"), "nama formulir dipakai Redaksi"),
    ],
)
def test_a_wrong_setting_is_told_with_its_place(tmp_path: Path, change: tuple[str, str], told: str) -> None:
    with pytest.raises(config.SettingsError) as refusal:
        load(tmp_path, SETTINGS.replace(*change))
    assert told in str(refusal.value)
    assert str(tmp_path / "settings.yaml") in str(refusal.value)


class Everything(BaseModel):
    whole: int = Field(1, ge=1, le=9)
    part: float = Field(1.5, gt=1, lt=9)
    words: str = Field("a", min_length=2, max_length=60, pattern="^[a-z]+$")
    yes: bool = True
    choice: Literal["satu", "dua", "tiga"] = "satu"
    rows: tuple[str, ...] = ()
    lines: list[str] = []
    keys: dict[str, str] = {}
    web: Web | None = None
    path: Path = Path()


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("whole", "lima", "harus berupa angka bulat"),
        ("whole", None, "harus berupa angka bulat"),
        ("whole", 1.5, "harus berupa angka bulat, tanpa koma"),
        ("whole", 0, "paling kecil 1"),
        ("whole", 10, "paling besar 9"),
        ("part", "lima", "harus berupa angka"),
        ("part", None, "harus berupa angka"),
        ("part", 1, "harus lebih dari 1.0"),
        ("part", 9, "harus kurang dari 9.0"),
        ("words", 12, "harus berupa teks; apit dengan tanda kutip bila isinya angka"),
        ("words", "a", "paling sedikit 2 huruf"),
        ("words", "a" * 61, "paling banyak 60 huruf"),
        ("words", "A B", "tulisannya tidak sesuai pola ^[a-z]+$"),
        ("yes", "mungkin", "isi dengan true atau false"),
        ("yes", None, "isi dengan true atau false"),
        ("choice", "empat", "isi dengan salah satu: satu, dua atau tiga"),
        ("rows", "a", "harus berupa daftar; awali tiap barisnya dengan tanda hubung"),
        ("lines", "a", "harus berupa daftar; awali tiap barisnya dengan tanda hubung"),
        ("keys", "a", "isinya harus berupa kunci dan nilai, misalnya nama: nilai"),
        ("web", "a", "isinya harus berupa kunci dan nilai, misalnya nama: nilai"),
        ("path", 5, "harus berupa nama berkas atau folder"),
    ],
)
def test_a_value_of_the_wrong_kind_is_told_in_plain_words(key: str, value: object, told: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        Everything.model_validate({key: value})
    assert explain(refusal.value) == [f"{key}: {told}."]


def test_a_file_that_is_no_yaml_is_told(tmp_path: Path) -> None:
    with pytest.raises(config.SettingsError, match="bukan YAML"):
        load(tmp_path, "office: {name: [")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(config.SettingsError, match="tidak dapat dibaca"):
        config.load(tmp_path / "tidak-ada.yaml")


IMAP = "{name: resmi, kind: imap, host: mail.contoh.example, user: a@contoh.example"


@pytest.mark.parametrize(
    ("mailbox", "told"),
    [
        (IMAP + "}", "password_env atau password_file"),
        (IMAP + ", password_env: A, password_file: b}", "password_env atau password_file"),
        (IMAP + ", password_env: A, after: move}", "move_to"),
        (IMAP + ", password_env: A, security: none}", "hanya untuk server di komputer ini"),
        (IMAP + ", password: rahasia}", "password: kunci ini tidak dikenal."),
    ],
)
def test_an_imap_mailbox_must_be_complete_and_safe(tmp_path: Path, mailbox: str, told: str) -> None:
    with pytest.raises(config.SettingsError, match=re.escape(told)):
        load(tmp_path, SETTINGS.replace("{name: lokal, kind: folder, path: ./mailbox}", mailbox))


@pytest.mark.parametrize(
    ("style", "told"),
    [
        (
            '{dateline: "{kota} – "}',
            "sites.1.style.dateline: isian {kota} tidak dikenal; yang dapat dipakai: {office}, {city}.",
        ),
        ('{tail: "({caption})"}', "sites.1.style.tail: isian {caption} tidak dikenal"),
        ('{tail: "({outlet}/{writer)"}', "sites.1.style.tail: kurung kurawalnya tidak berpasangan"),
        ('{caption: "{outlet}"}', "sites.1.style.caption: harus memuat {caption} satu kali"),
        ('{credit: "Foto: {}"}', "sites.1.style.credit: isian {} tidak dikenal"),
        ('{names: {Media Center: ""}}', "sites.1.style.names: nama tidak boleh kosong"),
        ("{longest: 10}", "sites.1.style.longest: paling kecil 320"),
        ("{titel: x}", "sites.1.style.titel: kunci ini tidak dikenal."),
    ],
)
def test_a_style_that_cannot_be_written_is_told_with_its_place(tmp_path: Path, style: str, told: str) -> None:
    text = SETTINGS.replace("title: Info Publik,", f"title: Info Publik, style: {style},")
    with pytest.raises(config.SettingsError, match=re.escape(told)):
        load(tmp_path, text)


def test_a_site_without_a_style_has_the_usual_one(tmp_path: Path) -> None:
    sites = load(
        tmp_path, SETTINGS.replace("title: Situs Kota,", "title: Situs Kota, style: {longest: 1280},")
    ).sites
    assert [site.style.longest for site in sites] == [1600, 1600, 1280]
    assert "style" not in sites[2].options


def test_a_password_comes_from_the_environment_or_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UJI_SANDI", "rahasia sekali")
    assert config.secret("UJI_SANDI", None) == "rahasia sekali"
    (tmp_path / "sandi").write_text("dari berkas\n")
    assert config.secret(None, tmp_path / "sandi") == "dari berkas"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("mysql://a@b/c", "tulis sebagai postgresql://"),
        ("postgresql://a@b:5432/", "tulis sebagai postgresql://"),
        ("postgresql://a@b:x/c", "tulis sebagai postgresql://"),
        ("postgresql://a:rahasia@b/c", "kata sandi tidak ditulis di sini"),
        ("postgresql://a@b/c?sslmode=require&x=1", "x tidak dikenal"),
    ],
)
def test_an_address_of_a_database_that_cannot_be_is_told(tmp_path: Path, url: str, told: str) -> None:
    with pytest.raises(config.SettingsError, match=told):
        load(tmp_path, f"{SETTINGS}\ndatabase: {{url: '{url}'}}\n")


def test_a_database_on_a_server_is_named_with_its_password_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "sandi").write_text("rahasia\n")
    url = "postgresql://redaksi%40kota@db.contoh.example:5433/arsip?sslmode=require"
    settings = load(tmp_path, f"{SETTINGS}\ndatabase: {{url: '{url}', password_file: sandi}}\n")
    assert settings.database.connection() == {
        "NAME": "arsip",
        "USER": "redaksi@kota",
        "PASSWORD": "rahasia",
        "HOST": "db.contoh.example",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }


def test_a_password_that_is_not_there_is_told_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(config.SettingsError, match="UJI_TIDAK_ADA kosong"):
        config.secret("UJI_TIDAK_ADA", None)
    with pytest.raises(config.SettingsError, match="tidak dapat dibaca"):
        config.secret(None, tmp_path / "tidak-ada")


def test_the_settings_of_the_checkout_are_good() -> None:
    settings = config.load(CHECKOUT / "settings.yaml")
    assert [site.kind for site in settings.sites] == ["folder"] * 3


MODELS: dict[str, type[BaseModel]] = {
    "office": Office,
    "database": Database,
    "web": Web,
    "mailboxes (folder)": FolderMailbox,
    "mailboxes (imap)": ImapMailbox,
    "mailboxes (imap) oauth": OAuth,
    "lmtp": Lmtp,
    "uploads": Uploads,
    "intake": Intake,
    "outgoing": Outgoing,
    "notices": Notices,
    "sites": Site,
    "sites style": Style,
    "proof": Proof,
    "checks": Checks,
    "collage": Collage,
    "approval": Approval,
    "archive": Archive,
    "archive second_copy (folder)": FolderPlace,
    "archive second_copy (s3)": BucketPlace,
    "signin": SignIn,
    "signin oidc": Oidc,
}


def documented() -> dict[tuple[str, str], tuple[str, str]]:
    """Return the rows of docs/settings.md by heading and key: default and meaning."""
    rows, heading = {}, ""
    for line in (CHECKOUT / "docs" / "settings.md").read_text().splitlines():
        if line.startswith("## "):
            heading = line[3:].strip().strip("`")
        elif match := re.match(r"\| `(\w+)` \| (.*?) \| (.*) \|$", line):
            rows[heading, match[1]] = (match[2], match[3])
    return rows


def described() -> dict[tuple[str, str], tuple[str, str]]:
    """Return the same of the settings type."""
    rows = {}
    plain = {
        "data": Settings.model_fields["data"],
        "trusted_authserv_ids": Settings.model_fields["trusted_authserv_ids"],
    }
    for heading, fields in [("top level", plain), *((h, m.model_fields) for h, m in MODELS.items())]:
        for key, field in fields.items():
            if key == "kind" and heading.startswith(("mailboxes", "archive")):
                continue
            default = "required" if field.default is PydanticUndefined else _shown(field.default)
            default = "as below" if field.default_factory else default
            rows[heading, key] = (default, field.description or "")
    return rows


def _shown(value: object) -> str:
    if value is None:
        return "none"
    return "empty" if value == () else f"`{value}`"


def test_the_settings_page_says_what_the_settings_type_says() -> None:
    assert documented() == described()
