from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prose import from_html, paragraphs, to_html


def test_a_mail_from_a_word_processor_becomes_plain_markdown() -> None:
    html = """<html><head><style>p.MsoNormal{margin:0}</style><title>x</title></head><body>
    <p class=MsoNormal><b><span style='font-size:12.0pt'>JUDUL BERITA</span></b><o:p></o:p></p>
    <p class=MsoNormal><o:p>&nbsp;</o:p></p>
    <p class=MsoNormal>Lead&nbsp;berita, <i>miring</i>.<o:p></o:p></p><script>alert(1)</script></body></html>"""
    assert from_html(html) == "**JUDUL BERITA**\n\nLead berita, *miring*."


def test_lines_in_divisions_are_paragraphs() -> None:
    assert from_html("<div>Satu</div><div><br></div><div>Dua<br>tiga</div>") == "Satu\n\nDua  \ntiga"


def test_two_line_breaks_end_a_paragraph() -> None:
    assert paragraphs(from_html("Satu<br><br>Dua<br><br><br>Tiga")) == ["Satu", "Dua", "Tiga"]


@pytest.mark.parametrize(
    "style",
    [
        "display:none",
        "DISPLAY : NONE !important",
        "visibility:hidden",
        "mso-hide:all",
        "font-size:0",
        "font-size:1px;line-height:1px",
        "opacity:0",
        "max-height:0;overflow:hidden",
        "color:transparent",
        "color:#ffffff",
        "color: rgb(255, 255, 255)",
        "color:white;background-color:#fff",
    ],
)
def test_text_nobody_sees_is_dropped(style: str) -> None:
    assert from_html(f"<p>Tampak <span style='{style}'>rahasia <b>dalam</b></span> lagi</p>") == "Tampak lagi"


@pytest.mark.parametrize(
    "html",
    [
        "<p hidden>rahasia</p>",
        "<font color=white>rahasia</font>",
        "<!-- rahasia -->",
        "<style>rahasia</style>",
        "<title>rahasia</title>",
        "<del>rahasia</del>",
    ],
)
def test_hidden_in_other_ways_is_dropped_too(html: str) -> None:
    assert "rahasia" not in from_html(f"{html}<p>Tampak</p>")


@pytest.mark.parametrize(
    "html",
    [
        "<p style='font-size:10px'>tampak</p>",
        "<p style='font-size:1.2em'>tampak</p>",
        "<p style='opacity:0.9'>tampak</p>",
        "<p style='background-color:#fff'>tampak</p>",
        "<p style='border-color:white'>tampak</p>",
        "<table><tr><th bgcolor=navy style='color:white'>tampak</th><th>x</th></tr><tr><td>1<td>2</table>",
        "<div style='background:#123456'><p style='color:#fff'>tampak</p></div>",
        "<p style='max-height:0'>tampak</p>",
    ],
)
def test_text_that_is_seen_stays(html: str) -> None:
    assert "tampak" in from_html(html)


def test_a_table_of_figures_stays_a_table() -> None:
    html = "<table><tr><th>Nama</th><th>Nilai</th></tr><tr><td>A</td><td>1</td></tr></table>"
    assert paragraphs(from_html(html)) == ["Nama | Nilai", "A | 1"]


def test_a_table_that_only_places_things_is_unwrapped() -> None:
    html = (
        "<table><tr><td><p>Satu</p><p>Dua</p></td><td><table><tr><td>Tiga</td></tr></table></td></tr></table>"
    )
    assert from_html(html) == "Satu\n\nDua\n\nTiga"


def test_bold_over_several_paragraphs_leaves_no_stars_behind() -> None:
    assert from_html("<b>Satu<br><br>Dua</b>") == "Satu\n\nDua"
    assert from_html("<b><p>Satu</p><p>Dua</p></b>") == "Satu\n\nDua"


def test_links_keep_their_address_and_bare_ones_stay_bare() -> None:
    html = (
        '<a href="https://contoh.go.id/x">laman</a> <a href="https://contoh.go.id/">https://contoh.go.id/</a>'
    )
    assert from_html(html) == "[laman](https://contoh.go.id/x) https://contoh.go.id/"
    assert from_html('<a href="javascript:alert(1)">kata</a>') == "kata"


WORDS = st.text("abc <>&*_#`[]()!-+.123é“\\|~", min_size=1, max_size=24).filter(str.strip)


@given(st.lists(WORDS, min_size=1, max_size=4))
def test_reading_any_html_gives_markdown_without_tags_that_run(words: list[str]) -> None:
    html = to_html(from_html("".join(f"<p>{word}</p>" for word in words)))
    assert "<script" not in html and "onerror" not in html


@given(st.lists(st.text("abcdefg XYZ.,;:?é“”’–()", min_size=1, max_size=30).filter(str.strip), max_size=5))
def test_plain_paragraphs_come_back_from_html_as_they_were(texts: list[str]) -> None:
    wanted = [" ".join(text.split()) for text in texts]
    assert paragraphs(from_html("".join(f"<p>{text}</p>" for text in texts))) == wanted


def test_text_that_looks_like_markup_stays_text() -> None:
    html = "<p>5 * 3 * 2 dan nama_file_baru &lt;b&gt;tebal&lt;/b&gt;</p>"
    assert paragraphs(from_html(html)) == ["5 * 3 * 2 dan nama_file_baru <b>tebal</b>"]


def test_deep_nesting_does_not_break_the_reader() -> None:
    assert "dalam" in from_html("<div>" * 3000 + "dalam" + "</div>" * 3000)
