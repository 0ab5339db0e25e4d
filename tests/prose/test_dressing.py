from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import Style
from prose import Fields, Known, dress, dressing, take_apart

TEXT = "Wali Kota membuka kegiatan itu, Senin (23/11/2026)."
WHOLE = Fields("MEDIA CENTER", "Palangka Raya", "MC. Isen Mulang", "nala", TEXT, "nd", "ratna")


def style(**keys: Any) -> Style:
    return Style.model_validate(keys)


@pytest.mark.parametrize(
    ("template", "values", "written"),
    [
        ("({outlet}/{writer})", {"outlet": "MC", "writer": "nala"}, "(MC/nala)"),
        ("({outlet}/{writer})", {"writer": "nala"}, "(nala)"),
        ("({outlet}/{writer})", {}, ""),
        ("{caption} ({outlet}/{photographer})", {"caption": "Warga."}, "Warga."),
        ("{caption} ({outlet}/{photographer})", {"caption": "Warga.", "outlet": "MC"}, "Warga. (MC)"),
        ("{outlet} [{writer}] – {editor}", {"outlet": "MC", "editor": "nd"}, "MC – nd"),
        ("Foto: {photographer}/{outlet}", {"outlet": "MC"}, "Foto: MC"),
        ("MC Kota ({writer})", {}, ""),
        ("Redaksi", {}, "Redaksi"),
        ("{outlet}", {"outlet": "{writer}", "writer": "nala"}, "{writer}"),
    ],
)
def test_a_template_leaves_out_what_is_empty_with_its_marks(
    template: str, values: dict[str, str], written: str
) -> None:
    assert dressing.fill(template, values) == written


def test_the_two_styles_of_the_handbook_are_written() -> None:
    first = style(dateline="MEDIA CENTER, {city} – ", tail="({outlet}/{writer})")
    second = style(
        dateline="{city}, InfoPublik – ",
        tail="({outlet}/{writer})",
        names={"mc. isen mulang": "MC Kota Palangka Raya"},
    )
    assert dress(WHOLE, first).whole == f"MEDIA CENTER, Palangka Raya – {TEXT} (MC. Isen Mulang/nala)"
    assert dress(WHOLE, second).whole == f"Palangka Raya, InfoPublik – {TEXT} (MC Kota Palangka Raya/nala)"


def test_editor_and_office_may_stand_in_the_code_and_the_code_in_a_paragraph_of_its_own() -> None:
    own = style(dateline="", tail="\n{office}: {outlet}/{writer}/{editor}")
    assert dress(WHOLE, own).whole == f"{TEXT}\n\nMEDIA CENTER: MC. Isen Mulang/nala/nd"


def test_the_pieces_of_a_dressed_text_make_the_whole() -> None:
    worn = dress(WHOLE, style())
    assert (worn.before, worn.body, worn.after) == ("**Palangka Raya** – ", TEXT, " (MC. Isen Mulang/nala)")


def test_a_text_without_words_keeps_its_dateline_and_code() -> None:
    assert dress(Fields("", "Demak", "humas", ""), style()).whole == "**Demak** –\n\n(humas)"
    assert dress(Fields(), style()).whole == ""


def test_an_office_known_under_two_names_is_not_written_twice() -> None:
    how = style(dateline="{office}, {city} – ", names={"Kabar Kota": "Warta Kota"})
    carried = Fields("Kabar Kota", "Demak", "", "", f"Kabar Kota, Demak – {TEXT}")
    assert dress(carried, how, Known(offices=["Kabar Kota"])).whole == f"Warta Kota, Demak – {TEXT}"


@pytest.mark.parametrize(
    ("text", "template", "written"),
    [
        ("Warga hadir.", "{caption}", "Warga hadir."),
        ("Warga hadir.", "{caption} ({outlet}/{photographer})", "Warga hadir. (MC. Isen Mulang/ratna)"),
        ("Warga. (MC. Isen Mulang/ratna)", "{caption} ({outlet}/{photographer})", "Warga. (MC. Isen Mulang/ratna)"),
        ("Warga. (humas)", "{caption} ({outlet}/{photographer})", "Warga. (MC. Isen Mulang/ratna)"),
        ("Wali Kota (kiri)", "{caption} ({photographer})", "Wali Kota (kiri) (ratna)"),
        ("Foto: Warga", "Foto: {caption}", "Foto: Warga"),
        ("", "{caption} ({outlet})", ""),
        ("Warga. (humas)", "{caption}", "Warga. (humas)"),
    ],
)  # fmt: skip
def test_a_caption_gets_the_sites_code_once(text: str, template: str, written: str) -> None:
    how = style(caption=template)
    assert dressing.caption(text, WHOLE, how) == written
    assert dressing.caption(written, WHOLE, how) == written


@pytest.mark.parametrize(
    ("text", "template", "written"),
    [
        ("Ratna", "{credit}", "Ratna"),
        ("Ratna", "Foto: {credit}", "Foto: Ratna"),
        ("Foto: Ratna", "Foto: {credit}", "Foto: Ratna"),
        ("Ratna", "{outlet}/{photographer}/{editor}", "MC. Isen Mulang/ratna/nd"),
        ("Ratna", "", ""),
        ("MC. Isen Mulang", "Foto: {credit}", "Foto: MC Kota"),
    ],
)
def test_a_credit_is_written_once(text: str, template: str, written: str) -> None:
    how = style(credit=template, names={"MC. Isen Mulang": "MC Kota"} if "MC Kota" in written else {})
    assert dressing.credit(text, WHOLE, how) == written
    assert dressing.credit(written, WHOLE, how) == written


CAPTIONS = st.lists(
    st.sampled_from(["Warga", " hadir.", " (MC. Isen Mulang/ratna)", "(humas)", " ", "Foto: ", "ratna", "(kiri)"]),
    max_size=6,
).map("".join)  # fmt: skip
TEMPLATES = st.sampled_from(
    ["{caption}", "{caption} ({outlet}/{photographer})", "Foto: {caption}", "{caption} {outlet}/{photographer}/{editor}"]
)  # fmt: skip


@given(CAPTIONS, TEMPLATES)
def test_dressing_a_caption_twice_is_dressing_it_once(text: str, template: str) -> None:
    how = style(caption=template)
    once = dressing.caption(text, WHOLE, how)
    assert dressing.caption(once, WHOLE, how) == once


@given(CAPTIONS, st.sampled_from(["{credit}", "Foto: {credit}", "{photographer}/{credit}", "({credit})"]))
def test_writing_a_credit_twice_is_writing_it_once(text: str, template: str) -> None:
    how = style(credit=template)
    once = dressing.credit(text, WHOLE, how)
    assert dressing.credit(once, WHOLE, how) == once


@pytest.mark.parametrize(
    "piece", ["A - ", "(mit) ", "MC/mit\n", "RAKOR : x\n\nA - ", "Oleh MC, 1 WIB redaktur\n"]
)
def test_a_text_of_nothing_but_datelines_or_codes_is_taken_apart_at_once(piece: str) -> None:
    # The square of this length would take the better part of an hour.
    assert len(take_apart(piece * 20_000 + "x").body) <= len(piece * 20_000) + 1
    take_apart("x. " + piece * 20_000)
