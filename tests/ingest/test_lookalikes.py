"""Addresses and names that pass for those we know, and those that only happen to be near."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.lookalikes import plain_name, resembled, same_name

KNOWN = [
    "nala@contoh.go.id",
    "@dinas.melati.go.id",
    "budi.santoso@gmail.com",
    "humas1@kota.go.id",
    "ani@yahoo.com",
    "x@batang.go.id",
]
FREE = frozenset({"gmail.com", "yahoo.com", "yahoo.co.id"})


@pytest.mark.parametrize(
    ("address", "other"),
    [
        ("nala@c0ntoh.go.id", "nala@contoh.go.id"),
        ("nala@contoh.g0.id", "nala@contoh.go.id"),
        ("nala@contoh-go.id", "nala@contoh.go.id"),
        ("nala@contohgoid.com", "nala@contoh.go.id"),
        ("nala@contoh.go.id.penipu.example", "nala@contoh.go.id"),
        ("nala@contoh.com", "nala@contoh.go.id"),
        ("nala@cont0h.go.id", "nala@contoh.go.id"),
        ("nala@cnotoh.go.id", "nala@contoh.go.id"),
        ("n\u0430la@contoh.go.id", "nala@contoh.go.id"),
        ("nala@c\u043entoh.go.id", "nala@contoh.go.id"),
        ("nala@" + "c\u043entoh".encode("idna").decode() + ".go.id", "nala@contoh.go.id"),
        ("na1a@contoh.go.id", "nala@contoh.go.id"),
        ("warta@dinas.rnelati.go.id", "@dinas.melati.go.id"),
        ("warta@melatl.go.id", "@dinas.melati.go.id"),
        ("budi.santos0@gmail.com", "budi.santoso@gmail.com"),
        ("budisantoso@gmail.com", "budi.santoso@gmail.com"),
        ("budi.santosa@gmail.com", "budi.santoso@gmail.com"),
        ("budi.santoso@grnail.com", "budi.santoso@gmail.com"),
    ],
)
def test_what_passes_for_an_address_we_know_is_named(address: str, other: str) -> None:
    assert resembled(address, KNOWN, FREE) == other


def test_of_several_at_one_domain_the_one_of_that_name_is_named() -> None:
    known = ["budi@contoh.go.id", "nala@contoh.go.id"]
    assert resembled("nala@c0ntoh.go.id", known, FREE) == "nala@contoh.go.id"
    assert resembled("siapa@c0ntoh.go.id", known, FREE) == "budi@contoh.go.id"


@pytest.mark.parametrize(
    "address",
    [
        "asing@lain.example",
        "joko@gmail.com",
        "ana@yahoo.co.id",
        "ani@gmail.com",
        "humas2@kota.go.id",
        "warta@kominfo.melati.go.id",
        "warta@batam.go.id",
        "warta@bogorkota.go.id",
        "rina@contoh.go.id",
        "",
        "@",
        "tanpa-at",
    ],
)
def test_what_is_only_near_or_far_is_left_alone(address: str) -> None:
    assert resembled(address, KNOWN, FREE) == ""


@pytest.mark.parametrize(
    "name", ["Nala Ayuningtias", "NALA  AYUNINGTIAS", "Nala.Ayuningtias", "N\u0430l\u0430 Ayuningtias"]
)
def test_a_name_is_the_same_however_it_is_drawn(name: str) -> None:
    assert same_name(name, {plain_name("Nala Ayuningtias"): "nala"}) == "nala"


@pytest.mark.parametrize("name", ["", "N", "Nala", "Nala Ayu Ningrum", "…"])
def test_another_name_is_another(name: str) -> None:
    assert same_name(name, {plain_name("Nala Ayuningtias"): "nala", plain_name("…"): "tak ada"}) == ""


@given(st.text(max_size=40), st.lists(st.text(max_size=40), max_size=4))
def test_no_address_makes_the_comparison_raise(address: str, known: list[str]) -> None:
    assert resembled(address, known, FREE) in ("", *known)


@given(st.sampled_from(KNOWN[2:]))
def test_an_address_is_no_look_alike_of_another_on_the_list(address: str) -> None:
    assert resembled(address, [other for other in KNOWN if other != address], FREE) == ""
