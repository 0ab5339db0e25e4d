"""What is wrong with the settings is told when they are checked, not at midnight."""

from __future__ import annotations

from collections.abc import Callable

from django.core import checks

from tests.office import SETTINGS, Office

KOTA = "{name: kota, kind: folder, title: Situs Kota, path: ./situs/kota}"
WORDPRESS = "{name: kota, kind: wordpress, title: Situs Kota, url: 'https://kota.example', user: r, %s}"


def found() -> dict[str, str]:
    return {message.id: message.msg for message in checks.run_checks(tags=["redaksi"])}


def test_good_settings_are_silent(office: Office) -> None:
    assert found() == {}


def test_a_site_of_no_known_kind_is_an_error(office: Office, use: Callable[[str], None]) -> None:
    use(SETTINGS.replace(KOTA, "{name: kota, kind: drupal, title: Situs Kota}"))
    assert "sites.kota.kind" in found()["redaksi.E001"]


def test_a_key_no_site_knows_is_an_error_with_its_place(office: Office, use: Callable[[str], None]) -> None:
    use(SETTINGS.replace(KOTA, WORDPRESS % "password_env: X, usr: y"))
    assert "sites.kota.usr" in found()["redaksi.E001"]


def test_a_password_that_is_not_there_is_told_by_its_name(office: Office, use: Callable[[str], None]) -> None:
    use(SETTINGS.replace(KOTA, WORDPRESS % "password_env: UJI_TIDAK_ADA"))
    told = found()["redaksi.W003"]
    assert "sites.kota" in told
    assert "UJI_TIDAK_ADA" in told


def test_an_office_without_sites_or_mailboxes_is_warned(office: Office, use: Callable[[str], None]) -> None:
    use("office: {name: Kantor}\ndata: ./var\n")
    assert set(found()) == {"redaksi.W001", "redaksi.W002"}


def test_two_sites_in_one_folder_are_an_error(office: Office, use: Callable[[str], None]) -> None:
    use(SETTINGS.replace("path: ./situs/kota", "path: ./situs/info-publik"))
    assert "info-publik" in found()["redaksi.E002"]


def test_a_site_where_the_newsroom_keeps_its_files_is_an_error(
    office: Office, use: Callable[[str], None]
) -> None:
    for path in ("./var", "./var/originals", "./var/packages/kota"):
        use(SETTINGS.replace("path: ./situs/kota", f"path: {path}"))
        assert "Redaksi sendiri" in found()["redaksi.E002"]
