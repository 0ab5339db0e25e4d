"""Texts as WordPress' editors expect them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publishers.wordpress_markup import (
    Mark,
    Shown,
    compose,
    is_wide,
    marker,
    narrow,
    plain,
    read_mark,
    sealed,
    title,
    words,
)
from tests.publishers.samples import picture, post

KEY = "r0123456789abcd"


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        ("<p>a</p>", ["<!-- wp:paragraph -->\n<p>a</p>\n<!-- /wp:paragraph -->"]),
        ("<h2>a</h2>", ["<!-- wp:heading -->\n<h2>a</h2>\n<!-- /wp:heading -->"]),
        ("<h3>a</h3>", ['<!-- wp:heading {"level":3} -->\n<h3>a</h3>\n<!-- /wp:heading -->']),
        ("<p>a</p>\n<p>b<br>c</p>", [
            "<!-- wp:paragraph -->\n<p>a</p>\n<!-- /wp:paragraph -->",
            "<!-- wp:paragraph -->\n<p>b<br>c</p>\n<!-- /wp:paragraph -->",
        ]),
        ("<ul><li><p>a</p></li></ul>", ["<!-- wp:html -->\n<ul><li><p>a</p></li></ul>\n<!-- /wp:html -->"]),
        ('<p class="x">a</p>', ['<!-- wp:html -->\n<p class="x">a</p>\n<!-- /wp:html -->']),
        ("lepas <em>teks</em>", [
            "<!-- wp:html -->\nlepas\n<!-- /wp:html -->",
            "<!-- wp:html -->\n<em>teks</em>\n<!-- /wp:html -->",
        ]),
        ("<hr>", ["<!-- wp:html -->\n<hr>\n<!-- /wp:html -->"]),
        ("<p>a</p><br/><p>b", [
            "<!-- wp:paragraph -->\n<p>a</p>\n<!-- /wp:paragraph -->",
            "<!-- wp:html -->\n<br/>\n<!-- /wp:html -->",
            "<!-- wp:paragraph -->\n<p>b\n<!-- /wp:paragraph -->",
        ]),
    ],
)  # fmt: skip
def test_every_top_level_element_gets_its_block(html: str, blocks: list[str]) -> None:
    assert compose(post(html=html), (), "block") == "\n\n".join(blocks)


@given(
    st.lists(
        st.sampled_from(["<p>", "</p>", "<ul>", "</ul>", "<br>", "<hr/>", "a", "\n", "&amp;", "<b>", "</b>"])
    )
)
def test_no_text_is_lost_between_blocks(pieces: list[str]) -> None:
    html = "".join(pieces)
    assert words(compose(post(html=html), (), "block")) == words(html)


def test_the_notice_leads_then_a_photo_the_text_and_the_other_photos() -> None:
    photos = [Shown(number, f"https://x/{number}.jpg", picture(number)) for number in (1, 2)]
    made = compose(post(html="<p>NASKAH</p>", notice="Ralat: <x>."), photos, "classic")
    order = ["<p><em>Ralat: &lt;x&gt;.</em></p>", "wp-image-1", "(Foto: Juru Foto 1)", "NASKAH", "wp-image-2"]
    assert [made.index(piece) for piece in order] == sorted(made.index(piece) for piece in order)
    assert "<!--" not in made


def test_the_marker_is_read_again_and_stands_last() -> None:
    text = sealed("<p>a</p>", marker(KEY, 3, "abc123"), "block")
    assert read_mark(text) == Mark(KEY, 3)
    assert text.endswith("<!-- /wp:html -->")
    assert read_mark(marker(KEY)) == Mark(KEY, None)
    assert read_mark("<p>a</p>") is None


def test_a_title_carries_no_markup_and_no_shortcode() -> None:
    assert title("A & B\n <script> [gallery]") == "A &amp; B &lt;script&gt; &#91;gallery]"


def test_an_alternative_text_survives_wordpress_cleaning() -> None:
    assert plain('a <b> "c" 100% 5%20x') == 'a b "c" 100% 5 20x'


def test_decorated_letters_become_plain_and_emoji_are_dropped() -> None:
    fancy = post(headline="𝗣𝗮𝘀𝗮𝗿 😀 murah", tags=("😀", "a"), pictures=(picture(1, caption="𝐋𝐚𝐩𝐚𝐤"),))
    made = narrow(fancy)
    assert made.headline == "Pasar  murah"
    assert made.tags == ("a",)
    assert made.pictures[0].caption == "Lapak"
    assert is_wide(fancy)
    assert not is_wide(made)
    assert not is_wide(post())
