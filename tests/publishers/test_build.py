"""From settings to publishers."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import SettingsError, Site
from publishers import KINDS, build
from publishers.folder import FolderPublisher


def test_each_kind_is_built_from_its_settings(tmp_path: Path) -> None:
    made = build(Site(name="mc", kind="folder", title="Media Center", path=str(tmp_path)))
    assert isinstance(made, FolderPublisher)
    assert (made.name, made.title, made.options.path) == ("mc", "Media Center", tmp_path)


def test_an_unknown_key_is_refused_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        build(Site(name="kota", kind="folder", title="Kota", path=str(tmp_path), usr="redaksi"))
    assert str(caught.value) == "sites.kota.usr: kunci ini tidak dikenal."


def test_a_missing_key_is_refused_with_its_place() -> None:
    with pytest.raises(SettingsError, match=r"sites\.kota\.path: wajib diisi\."):
        build(Site(name="kota", kind="folder", title="Kota"))


def test_an_unknown_kind_is_refused_with_the_known_ones() -> None:
    with pytest.raises(SettingsError) as caught:
        build(Site(name="kota", kind="drupal", title="Kota"))
    assert str(caught.value).startswith("sites.kota.kind: jenis situs drupal tidak dikenal; pilih ")
    assert all(kind in str(caught.value) for kind in KINDS)


def test_a_wrong_zone_or_address_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"sites\.kota\.zone: zona waktu tidak dikenal"):
        build(Site(name="kota", kind="folder", title="Kota", path=str(tmp_path), zone="Asia/Bekasi"))
    with pytest.raises(SettingsError, match=r"sites\.kota\.url: tulis lengkap"):
        build(Site(name="kota", kind="folder", title="Kota", path=str(tmp_path), url="kota.go.id"))


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_its_page(kind: str) -> None:
    page = Path(__file__).parents[2] / "docs" / "sites" / f"{kind}.md"
    text = page.read_text(encoding="utf-8")
    for key in KINDS[kind].Options.model_fields:
        assert f"`{key}`" in text, f"{page.name} does not explain {key}"
