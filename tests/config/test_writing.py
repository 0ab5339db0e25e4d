"""settings.yaml is written with care: nothing else changes, the old file is kept, and it is never half there."""

from __future__ import annotations

import os
import resource
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

import config
from config.splicing import CannotSplice, changed, spliced
from config.writing import Add, CannotWrite, ChangedMeanwhile, Put, Replace, held, keep_secret, mark_of, write

AT = datetime(2026, 11, 21, 8, 5, 9, tzinfo=UTC)
TEXT = """\
# What the operator decides.
office:    {name: Media Center Kota Uji, zone: Asia/Pontianak}   # the name readers know
data:      ./var

sites:
  - name: media-center     # the first
    kind: folder
    title: Media Center
    # where it lies
    path: ./situs/media-center
  # - {name: lama, kind: folder, title: Lama, path: ./lama}

# How long a collage reaches back.
collage:   {months: 6}
"""
SITE = {
    "name": "kota",
    "kind": "wordpress",
    "title": "Situs: Kota #1",
    "categories": {"default": 3, "Info & Pengumuman, dll.": 7},
    "style": {"tail": "\n({outlet})"},
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "settings.yaml"
    path.write_text(TEXT)
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_site_is_added_below_the_others_and_not_one_other_character_changes(file: Path) -> None:
    written = write(file, Add(("sites",), SITE), at=AT)
    lines = file.read_text().splitlines(keepends=True)
    old = TEXT.splitlines(keepends=True)
    where = old.index("    path: ./situs/media-center\n") + 1
    added = len(lines) - len(old)
    assert lines[:where] + lines[where + added :] == old
    assert yaml.safe_load("".join(lines))["sites"][1] == SITE
    assert written.settings == config.load(file).known_as(written.settings.source)  # type: ignore[arg-type]
    assert [site.name for site in config.load(file).sites] == ["media-center", "kota"]


def test_the_old_file_is_kept_beside_the_new_one_with_its_rights(file: Path) -> None:
    file.chmod(0o640)
    first = write(file, Put(("collage", "months"), 3), at=AT)
    second = write(file, Put(("collage", "months"), 4), at=AT)
    assert first.kept == file.with_name("settings.yaml.20261121-080509")
    assert first.kept.read_text() == TEXT
    assert second.kept == file.with_name("settings.yaml.20261121-080509-2")
    assert config.load(second.kept).collage.months == 3
    assert {path.stat().st_mode & 0o777 for path in (file, first.kept, second.kept)} == {0o640}
    assert len(names(file.parent)) == 3


def test_an_entry_is_replaced_where_it_stands_and_keeps_its_remarks(file: Path) -> None:
    entry = {"name": "media-center", "kind": "folder", "title": "Pusat Media", "path": "./lain"}
    write(file, Replace(("sites",), entry), at=AT)
    changes = {"title: Media Center\n": "title: Pusat Media\n", "./situs/media-center": "./lain"}
    expected = TEXT
    for old, new in changes.items():
        expected = expected.replace(old, new)
    assert file.read_text() == expected


def test_settings_that_would_be_wrong_never_take_the_old_ones_place(file: Path) -> None:
    with pytest.raises(config.SettingsError, match=r"collage\.months: paling besar 6"):
        write(file, Put(("collage", "months"), 9), at=AT)

    def refuse(found: config.Settings) -> None:
        raise config.SettingsError(f"{found.collage.months} tidak boleh")

    with pytest.raises(config.SettingsError, match="3 tidak boleh"):
        write(file, Put(("collage", "months"), 3), at=AT, judge=refuse)
    with pytest.raises(CannotWrite, match="nama media-center sudah ada"):
        write(file, Add(("sites",), {**SITE, "name": "media-center"}), at=AT)
    assert names(file.parent) == ["settings.yaml"]
    assert file.read_text() == TEXT


def test_a_file_one_may_only_read_is_left_alone_and_the_lines_are_told(file: Path) -> None:
    file.chmod(0o444)
    with pytest.raises(CannotWrite, match="hanya boleh dibaca") as refused:
        write(file, Add(("sites",), SITE), Put(("collage", "months"), 3), at=AT)
    assert yaml.safe_load(refused.value.lines) == {"sites": [SITE], "collage": {"months": 3}}
    assert names(file.parent) == ["settings.yaml"]


def test_behind_a_link_the_file_itself_is_replaced_and_the_link_stays(file: Path, tmp_path: Path) -> None:
    (tmp_path / "kantor").mkdir()
    link = tmp_path / "kantor" / "settings.yaml"
    link.symlink_to(file)
    written = write(link, Put(("collage", "months"), 3), at=AT)
    assert link.is_symlink()
    assert config.load(file).collage.months == 3
    assert written.kept.parent == tmp_path
    assert written.settings.data == config.load(link).data == tmp_path / "kantor" / "var"


@contextmanager
def room(size: int) -> Iterator[None]:
    """Let no file of ours grow beyond `size` bytes, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize(
    "size", [0, 100, len(TEXT.encode())], ids=["nothing", "a part", "the old, not the new"]
)
def test_a_full_disk_leaves_the_old_file_and_nothing_half_written(file: Path, size: int) -> None:
    with room(size), pytest.raises(CannotWrite, match="disk penuh") as refused:
        write(file, Add(("sites",), SITE), at=AT)
    assert refused.value.lines
    assert file.read_text() == TEXT
    assert all(path.read_text() == TEXT for path in file.parent.iterdir())


def died_before(act: int, file: Path) -> bool:
    """Write in a child that is killed just before its n-th act on the disk; say whether it was."""
    left = [act]

    def count(event: str, arguments: tuple[Any, ...]) -> None:
        if event in ("open", "os.rename", "os.chmod", "os.remove", "tempfile.mkstemp"):
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if child == 0:
        sys.addaudithook(count)
        write(file, Add(("sites",), SITE), at=AT)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def test_killed_at_any_moment_the_file_is_the_old_one_or_the_new_one(tmp_path: Path) -> None:
    new = spliced(TEXT, Add(("sites",), SITE))
    found = []
    for act in range(1, 100):
        file = tmp_path / str(act) / "settings.yaml"
        file.parent.mkdir()
        file.write_text(TEXT)
        killed = died_before(act, file)
        found.append(file.read_text())
        if found[-1] == new:
            assert file.with_name("settings.yaml.20261121-080509").read_text() == TEXT
        if not killed:
            break
        # Whatever was left behind is in nobody's way.
        assert write(file, Put(("collage", "months"), 3), at=AT).settings.collage.months == 3
    assert set(found) == {TEXT, new}
    assert len(found) > 5


def test_of_two_who_write_at_once_neither_is_lost(file: Path) -> None:
    def add(number: int) -> None:
        for turn in range(8):
            write(file, Add(("sites",), {**SITE, "name": f"situs-{number}-{turn}"}), at=AT)

    threads = [threading.Thread(target=add, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(config.load(file).sites) == 17


def test_a_secret_is_nobody_elses_and_no_other_is_overwritten(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        first = keep_secret(tmp_path / "secrets", "Situs: www.Contoh.go.id", "abcd efgh")
        second = keep_secret(tmp_path / "secrets", "../situs www.contoh.go.id", "lain")
    finally:
        os.umask(before)
    assert config.secret(None, first) == "abcd efgh"
    assert first.parent == second.parent == tmp_path / "secrets"
    assert first != second
    assert {path.stat().st_mode & 0o777 for path in (first, second)} == {0o600}
    assert first.parent.stat().st_mode & 0o777 == 0o700


# Whatever the file looks like

WORDS = some.sampled_from(
    ["yes", "off", "~", "1:30", "0x1f", "2026-11-21", "", " x ", "a: b", "a #b", "{x}", "[x]", "- x", "'x'", '"', "é 😀",
     "baris\nlagi\n", "*x", "&x", "%x", "null", "1e3", "\t", "kata kata", "@x", "!x", "x: ", "? x", "C:\\x"]
)  # fmt: skip
VALUES = some.recursive(
    WORDS | some.integers() | some.booleans() | some.none(),
    lambda inner: some.lists(inner, max_size=2) | some.dictionaries(WORDS, inner, max_size=2),
    max_leaves=4,
)
KEYS = some.sampled_from(["satu", "dua", "off", "a b", "sites"])
ENTRIES = some.dictionaries(KEYS, VALUES, max_size=3).flatmap(
    lambda rest: some.sampled_from(["a", "b", "yes"]).map(lambda name: {"name": name, **rest})
)
CHANGES = (
    some.builds(Put, some.lists(KEYS, min_size=1, max_size=3).map(tuple), VALUES)
    | some.builds(Add, some.sampled_from([("sites",), ("satu", "dua"), ("satu",)]), ENTRIES)
    | some.builds(Replace, some.just(("sites",)), ENTRIES)
)


@some.composite
def texts(draw: some.DrawFn) -> str:
    """Draw a YAML text as people write them: blocks and braces, remarks, empty lines, two ways to indent."""
    lines = ["# kepala"]
    for key in draw(some.lists(KEYS, unique=True, max_size=4)):
        remark = draw(some.sampled_from(["", "  # catatan"]))
        indent = draw(some.sampled_from(["", "  "]))
        if key == "sites" or draw(some.booleans()):
            rows = draw(some.lists(ENTRIES, max_size=2, unique_by=lambda row: str(row["name"])))
            lines.append(f"{key}:{remark if rows else ' []' + remark}")
            for row in rows:
                if draw(some.booleans()):
                    flow = yaml.safe_dump([row], default_flow_style=True, width=10**9, allow_unicode=True)
                    lines.append(f"{indent}- {flow.strip()[1:-1]}{remark}")
                else:
                    block = yaml.safe_dump(row, default_flow_style=False, allow_unicode=True, sort_keys=False)
                    first, *rest = block.rstrip("\n").split("\n")
                    lines += [f"{indent}- {first}", *(f"{indent}  {line}" if line else "" for line in rest)]
                lines.append("# di antara")
        else:
            block = yaml.safe_dump({key: draw(VALUES)}, default_flow_style=draw(some.booleans()), width=10**9)
            lines.append(block.rstrip("\n"))
            if block.startswith("{"):
                lines[-1] = block.rstrip("\n")[1:-1]
        lines += draw(some.sampled_from([[], [""], ["", "# tentang yang berikut"]]))
    return "\n".join(lines) + draw(some.sampled_from(["", "\n", "\n# ekor\n"]))


@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(text=texts(), change=CHANGES)
def test_any_change_makes_the_same_data_with_the_change_and_loses_no_remark(
    text: str, change: Add | Put | Replace
) -> None:
    try:
        before = yaml.safe_load(text) or {}
    except yaml.YAMLError:
        return  # the drawing made something that is no YAML
    try:
        after = changed(before, change)
        new = spliced(text, change)
    except CannotSplice:
        return
    assert yaml.safe_load(new) == after
    if isinstance(change, Add):
        for line in text.splitlines():
            if line.startswith("#"):
                assert new.count(line) >= text.count(line)


@pytest.mark.parametrize(
    "text",
    ["", "a: 1", "sites:\n", "sites: []\n", "sites: ~  # kosong\nx: 1", "sites: [{name: a}]\n", "sites: [\n  {name: a},\n]\n",
     "sites:\n- name: a\n  b: |\n    x\n    y\n\n# z\nc: 1\n", "{a: 1}", "sites:\n  - {name: a}   # satu\n\n\n# dua\n",
     "\ufeffsites:\n  - {name: a}\n"],
)  # fmt: skip
def test_a_list_is_added_to_however_it_is_written(text: str) -> None:
    new = spliced(text, Add(("sites",), {"name": "yes", "x": "off"}))
    assert yaml.safe_load(new)["sites"][-1] == {"name": "yes", "x": "off"}
    assert [line for line in new.splitlines() if line.startswith("#")] == [
        line for line in text.splitlines() if line.startswith("#")
    ]


def test_what_cannot_be_changed_safely_is_said_to_be_so() -> None:
    with pytest.raises(CannotSplice):
        spliced("a: &x {b: 1}\nc: *x\n", Put(("c", "d"), 2))
    with pytest.raises(CannotSplice, match="bukan daftar"):
        spliced("sites: {a: 1}\n", Add(("sites",), {"name": "a"}))
    with pytest.raises(CannotSplice, match="tidak ada yang bernama"):
        spliced("sites: []\n", Replace(("sites",), {"name": "a"}))


# What a person was shown, and what somebody else has made of it


def test_what_stands_at_a_place_is_found_by_keys_and_names(file: Path) -> None:
    assert held(file, "collage", "months") == 6
    assert held(file, "sites", "media-center", "kind") == "folder"
    assert held(file, "sites", "kota") is held(file, "nothing", "here") is None
    assert held(file.with_name("gone.yaml"), "office") is None


def test_a_place_changed_by_somebody_else_is_not_overwritten_and_another_place_is_no_conflict(
    file: Path,
) -> None:
    place = ("office",)
    seen = {place: mark_of(held(file, *place))}
    write(file, Put(("collage", "months"), 4), at=AT)
    write(file, Put(("office", "name"), "Nama Satu"), at=AT, seen=seen)
    before = file.read_bytes(), names(file.parent)
    with pytest.raises(ChangedMeanwhile, match=r"office di .* baru saja diubah orang lain"):
        write(file, Put(("office", "name"), "Nama Dua"), at=AT, seen=seen)
    assert (file.read_bytes(), names(file.parent)) == before
    assert config.load(file).office.name == "Nama Satu"
    assert config.load(file).collage.months == 4


def test_a_logo_is_a_png_by_its_name_and_is_found_from_the_file(file: Path) -> None:
    write(file, Put(("office", "logo"), "./var/logo/a.png"), at=AT)
    assert config.load(file).office.logo == file.parent / "var" / "logo" / "a.png"
    with pytest.raises(config.SettingsError, match=r"office.logo: logo harus berkas \.png"):
        write(file, Put(("office", "logo"), "./var/logo/a.svg"), at=AT)
