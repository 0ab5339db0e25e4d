from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import Style
from prose import Fields, Known, render, take_apart

TEXT = "Wali Kota membuka kegiatan itu, Senin (23/11/2026)."


def style(dateline: str, tail: str, **more: Any) -> Style:
    return Style.model_validate({"dateline": dateline, "tail": tail, **more})


FIRST = style("{office}, {city} – ", "({outlet}/{writer})")
SECOND = style("{city}, {office} – ", "({outlet}/{writer})")
THIRD = style("{city} - ", "({writer}/{outlet})")
STYLES = [
    FIRST,
    SECOND,
    THIRD,
    style("**{city}** — ", "**({outlet}/{writer})**"),
    style("", ""),
]


@pytest.mark.parametrize(
    ("before", "office", "city"),
    [
        ("MEDIA CENTER, Palangka Raya – ", "MEDIA CENTER", "Palangka Raya"),
        ("Palangka Raya, InfoPublik – ", "InfoPublik", "Palangka Raya"),
        ("Pangkalan Kerinci, InfoPublik – ", "InfoPublik", "Pangkalan Kerinci"),
        ("TANJUNG SELOR – ", "", "TANJUNG SELOR"),
        ("Jakarta, Badan Pengawas Pemilu – ", "Badan Pengawas Pemilu", "Jakarta"),
        ("PALANGKA RAYA - ", "", "PALANGKA RAYA"),
        ("PALANGKA RAYA-", "", "PALANGKA RAYA"),
        ("DEMAK - ", "", "DEMAK"),
        ("Bangko – ", "", "Bangko"),
        ("Bangko–", "", "Bangko"),
        ("Bangko — ", "", "Bangko"),
        ("Bangko -- ", "", "Bangko"),
        ("_Palangka Raya_ - ", "", "Palangka Raya"),
        ("**PALANGKA RAYA** – ", "", "PALANGKA RAYA"),
        ("**PALANGKA RAYA –** ", "", "PALANGKA RAYA"),
        ("MMCKalteng – Palangka Raya – ", "MMCKalteng", "Palangka Raya"),
        ("Sampit, Kotawaringin Timur – ", "", "Sampit, Kotawaringin Timur"),
        ("Kab. Pelalawan – ", "", "Kab. Pelalawan"),
        ("PALANGKA RAYA –\n\n", "", "PALANGKA RAYA"),
    ],
)
def test_a_dateline_is_read_and_taken_away(before: str, office: str, city: str) -> None:
    assert take_apart(before + TEXT) == Fields(dateline_office=office, dateline_city=city, body=TEXT)


@pytest.mark.parametrize(
    ("after", "outlet", "writer"),
    [
        (" (MC. Isen Mulang/nala)", "MC. Isen Mulang", "nala"),
        (" (MC. Isen Mulang.1/nala)", "MC. Isen Mulang.1", "nala"),
        (" (MC. Isen Mulang)", "MC. Isen Mulang", ""),
        ("\n\n(MC Kota Palangka Raya/Fikri)", "MC Kota Palangka Raya", "Fikri"),
        ("\nMC Kota Palangka Raya/ratna/nd", "MC Kota Palangka Raya", "ratna/nd"),
        (" (humas)", "humas", ""),
        ("(humas)", "humas", ""),
        (" (diskominfo/ris)", "diskominfo", "ris"),
        (" (teguh/kominfo)", "kominfo", "teguh"),
        (" (mit)", "", "mit"),
        (" **(MC. Isen Mulang/nala)**", "MC. Isen Mulang", "nala"),
        (" _(mit)_", "", "mit"),
        (" ( MC. Isen Mulang / nala )", "MC. Isen Mulang", "nala"),
    ],
)
def test_a_tail_code_is_read_in_any_order_and_taken_away(after: str, outlet: str, writer: str) -> None:
    assert take_apart(TEXT + after) == Fields(byline_outlet=outlet, byline_writer=writer, body=TEXT)


def test_the_line_a_portal_writes_above_a_story_is_taken_away() -> None:
    above = "Oleh MC KOTA PALANGKA RAYA, Selasa, 1 April 2025 | 09:49 WIB - Redaktur: Contoh Nama - 113\n"
    fields = take_apart(f"{above}Palangka Raya, InfoPublik – {TEXT} (MC Kota Palangka Raya/Fikri)")
    assert fields == Fields("InfoPublik", "Palangka Raya", "MC Kota Palangka Raya", "Fikri", TEXT)
    assert take_apart(f"{above}{TEXT}").byline_outlet == "MC KOTA PALANGKA RAYA"


def test_a_dateline_below_a_caption_is_found_and_the_caption_stays() -> None:
    caption = "RAKOR FORKOPIMDA : Pjs Gubernur memimpin rapat di Tarakan, Senin (23/11)."
    fields = take_apart(f"{caption}\n\nTANJUNG SELOR – {TEXT} (humas)")
    assert fields == Fields("", "TANJUNG SELOR", "humas", "", f"{caption}\n\n{TEXT}")


@pytest.mark.parametrize(
    "text",
    [
        "Wali Kota Palangka Raya - yang hadir bersama istri - membuka acara.",
        "Wali Kota Palangka Raya – Fairid Contoh – membuka acara.",
        "COVID-19 menurun.",
        "DPRD-Pemkot sepakat.",
        "KB-Posyandu dibuka.",
        "Pemerintah Kota – Sekarang – membuka acara.",
        "Rapat dihadiri Badan Penanggulangan Bencana Daerah (BPBD)",
        "Ia bekerja di Dinas Pekerjaan Umum (PU).",
        "Acara dibuka Wali Kota (kiri)",
        "Biayanya Rp10 ribu (sepuluh ribu)",
        "Kegiatan itu berlangsung Senin (23/11)",
        "Sumber: data daerah. (Foto: nala)",
        "Ia hadir bersama istri (Kodim 1016/Plk).",
        "- Satu\n- Dua",
        "## Judul – Anak",
        "",
    ],
)
def test_what_only_looks_like_a_dateline_or_a_code_stays_in_the_text(text: str) -> None:
    assert take_apart(text) == Fields(body=text)


def test_names_of_the_region_can_be_told() -> None:
    known = Known(offices=["Isen Mulang News"], outlets=["Kabar Huma"])
    text = f"Isen Mulang News, Palangka Raya – {TEXT} (nala/kabar huma)"
    assert take_apart(text, known) == Fields("Isen Mulang News", "Palangka Raya", "kabar huma", "nala", TEXT)


@pytest.mark.parametrize(
    ("how", "written"),
    [
        (FIRST, f"MEDIA CENTER, Palangka Raya – {TEXT} (MC. Isen Mulang/nala)"),
        (SECOND, f"Palangka Raya, MEDIA CENTER – {TEXT} (MC. Isen Mulang/nala)"),
        (THIRD, f"Palangka Raya - {TEXT} (nala/MC. Isen Mulang)"),
        (
            style("MEDIA CENTER, {city} – ", "(MC Kota/{writer})"),
            f"MEDIA CENTER, Palangka Raya – {TEXT} (MC Kota/nala)",
        ),
        (style("", ""), TEXT),
    ],
)
def test_each_site_gets_the_same_story_in_its_own_style(how: Style, written: str) -> None:
    fields = Fields("MEDIA CENTER", "Palangka Raya", "MC. Isen Mulang", "nala", TEXT)
    assert render(fields, how) == written


@pytest.mark.parametrize(
    ("fields", "written"),
    [
        (Fields("", "Demak", "", "", TEXT), f"Demak – {TEXT}"),
        (Fields("MEDIA CENTER", "", "", "", TEXT), f"MEDIA CENTER – {TEXT}"),
        (Fields("Badan Pengawas Pemilu", "", "", "", TEXT), TEXT),  # an office is no place
        (Fields("", "", "humas", "", TEXT), f"{TEXT} (humas)"),
        (Fields("", "", "", "mit", TEXT), f"{TEXT} (mit)"),
        (Fields("", "", "", "", TEXT), TEXT),
    ],
)
def test_an_empty_field_takes_its_punctuation_along(fields: Fields, written: str) -> None:
    assert render(fields, FIRST) == written


def test_a_story_that_begins_and_ends_with_structure_is_not_written_into() -> None:
    body = "## Anak judul\n\nIsi.\n\n- satu\n- dua"
    written = render(Fields("", "Demak", "", "mit", body), FIRST)
    assert written == f"Demak –\n\n{body}\n\n(mit)"
    assert take_apart(written) == Fields("", "Demak", "", "mit", body)


def test_a_text_that_carries_its_own_dateline_and_code_gets_no_second_one() -> None:
    fields = Fields("", "Demak", "humas", "", f"PALANGKA RAYA – {TEXT} (MC. Isen Mulang/nala)")
    assert render(fields, FIRST) == f"Demak – {TEXT} (humas)"
    bare = Fields(body=f"PALANGKA RAYA – {TEXT} (MC. Isen Mulang/nala)")
    assert render(bare, FIRST) == f"PALANGKA RAYA – {TEXT} (MC. Isen Mulang/nala)"


def test_words_of_a_style_that_mean_nothing_elsewhere_are_not_doubled_either() -> None:
    how = style("Kabar hari ini dari {city}: ", "[ditulis {writer}]")
    once = render(Fields("", "Demak", "", "Budi Contoh", TEXT), how)
    assert once == f"Kabar hari ini dari Demak:\n\n{TEXT} [ditulis Budi Contoh]"
    assert render(Fields("", "Demak", "", "Budi Contoh", once), how) == once


CITIES = st.sampled_from(
    ["Palangka Raya", "TANJUNG SELOR", "Demak", "Kab. Pelalawan", "Sampit, Kotawaringin Timur", ""]
)
OFFICES = st.sampled_from(
    ["MEDIA CENTER", "InfoPublik", "MC Kota Palangka Raya", "Badan Pengawas Pemilu", "DISKOMINFO", ""]
)
OUTLETS = st.sampled_from(
    ["MC. Isen Mulang", "MC. Isen Mulang.1", "humas", "diskominfo", "MC Kota Palangka Raya", ""]
)
WRITERS = st.sampled_from(["nala", "ris", "mit", "bdi", "ratna/nd", ""])
BODIES = st.sampled_from(
    [
        TEXT,
        "“Kami siap,” katanya.",
        "Tanpa titik di akhir",
        f"{TEXT}\n\nAlinea kedua (lanjutan) dan akhir.",
        f"## Judul\n\n{TEXT}\n\n- satu\n- dua",
        f"RAKOR : Gubernur memimpin rapat.\n\n{TEXT}",
        f"> Kutipan\n\n{TEXT}",
        "**Tebal** di awal dan di **akhir**",
        "",
    ]
)
FIELDS = st.builds(Fields, OFFICES, CITIES, OUTLETS, WRITERS, BODIES).filter(
    lambda fields: fields.dateline_city or fields.dateline_office != "Badan Pengawas Pemilu"
)
MESSY = st.lists(
    st.sampled_from(
        ["MEDIA CENTER, ", "Palangka Raya", "PALANGKA RAYA", " – ", "-", " - ", "(", ")", "/", "humas", "(mit)", "nala",
         "(MC. Isen Mulang/nala)", "Wali Kota", ". ", " ", "\n", "\n\n", "**", "_", "- ", "## ", "RAKOR : ", "Ia.", "2026"]
    ),
    max_size=14,
).map("".join)  # fmt: skip


@given(FIELDS, st.sampled_from([FIRST, SECOND]))
def test_what_is_rendered_is_taken_apart_into_the_same_fields(fields: Fields, how: Style) -> None:
    assert take_apart(render(fields, how)) == fields


@given(st.one_of(MESSY, st.text(max_size=40)), st.sampled_from([FIRST, SECOND]))
def test_any_text_survives_being_taken_apart_and_rendered(text: str, how: Style) -> None:
    fields = take_apart(text)
    assert take_apart(render(fields, how)) == fields


@given(st.one_of(MESSY, st.text(max_size=40)))
def test_a_body_holds_nothing_more_to_take_away(text: str) -> None:
    body = take_apart(text).body
    assert take_apart(body) == Fields(body=body)


@given(
    st.one_of(FIELDS, st.builds(Fields, OFFICES, CITIES, OUTLETS, WRITERS, MESSY)), st.sampled_from(STYLES)
)
def test_rendering_what_was_rendered_changes_nothing(fields: Fields, how: Style) -> None:
    once = render(fields, how)
    whole = Fields(
        fields.dateline_office, fields.dateline_city, fields.byline_outlet, fields.byline_writer, once
    )
    assert render(whole, how) == once
