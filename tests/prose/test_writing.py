from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prose import paragraphs, sanitise, to_html, to_text
from prose.writing import TAGS

HOSTILE = st.lists(
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            "<script",
            "</p>",
            "<img src=x onerror=alert(1)>",
            "<a href='javascript:alert(1)'>x</a>",
            "<a href='https://contoh.go.id' onclick=x()>y</a>",
            "[x](javascript:alert(1))",
            "[x](data:text/html,x)",
            "[x](//contoh.id)",
            "<svg/onload=alert(1)>",
            "<style>p{}</style>",
            "<iframe src=https://contoh.go.id></iframe>",
            "<!-- ",
            "-->",
            "<![CDATA[",
            "&lt;b&gt;",
            "&#106;avascript:",
            "**",
            "`",
            "```\n",
            "> ",
            "- ",
            "| a | b |\n|---|---|\n| c |\n",
            "\n\n",
            "\n",
            "https://contoh.go.id/a?b=c&d=e",
            "www.contoh.id",
            "kata",
            "5 < 6 > 4",
            "# ",
            "<p style='position:fixed' id=body class=x>",
            "<form id=cookie><input name=submit>",
            "<a id=location name=top href='HTTPS://contoh.go.id' target=_blank>",
            "<a href='java\tscript:alert(1)'>x</a>",
            "<a href='&#106;avascript&colon;alert(1)'>x</a>",
            "<a href=' data:text/html;base64,PHN2Zz4='>x</a>",
            "[x](java&#115;cript:alert(1))",
            "[x](<javascript:alert(1)>)",
            '[x](https://contoh.go.id "onmouseover=alert(1)")',
            "[x][r]\n\n[r]: javascript:alert(1)\n",
            '<https://contoh.go.id/"onclick=x>',
            "<javascript:alert(1)>",
            '![x](x" onerror="alert(1))',
            'https://contoh.go.id/"><script>',
            "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
            "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
            "<template><textarea><xmp>",
            "&#x3C;script&#x3E;",
            "\x00\u202e\u2028",
            "\\",
            "~~~html\n",
            "1. ",
            "    ",
        ]
    ),
    max_size=12,
).map("".join)


class Seen(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@given(st.one_of(HOSTILE, st.text(max_size=60)))
def test_sanitising_twice_is_sanitising_once(text: str) -> None:
    once = sanitise(text)
    assert sanitise(once) == once
    assert sanitise(to_html(text)) == to_html(text)


@given(st.one_of(HOSTILE, st.text(max_size=60)))
def test_no_tag_attribute_or_address_outside_the_list_comes_through(text: str) -> None:
    for html in (to_html(text), sanitise(text)):
        for tag, attributes in Seen(html).tags:
            assert tag in TAGS
            assert set(attributes) <= {"href", "rel", "start"}
            if "href" in attributes:
                assert re.match(r"(https?|mailto):", attributes["href"] or "", re.IGNORECASE)
                assert attributes["rel"] == "nofollow noopener"
            if "start" in attributes:
                assert tag == "ol"


def test_html_in_a_story_is_shown_as_typed_and_nothing_is_lost() -> None:
    html = to_html("Kata <Budi> & <script>alert(1)</script>, 5 < 6 > 4.")
    assert html == "<p>Kata &lt;Budi&gt; &amp; &lt;script&gt;alert(1)&lt;/script&gt;, 5 &lt; 6 &gt; 4.</p>"


@pytest.mark.parametrize("opening", ["<div>", "<!--", "<p>", "<![CDATA[", "<table>", "<?php"])
def test_an_unclosed_tag_does_not_swallow_the_paragraphs_after_it(opening: str) -> None:
    assert paragraphs(f"Satu {opening} dua.\n\n{opening}\n\nTiga.") == [
        f"Satu {opening} dua.",
        opening,
        "Tiga.",
    ]


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "/lokal",
        "//contoh.id",
        "vbscript:x",
        "file:///x",
    ],
)
def test_a_link_of_another_kind_keeps_its_words_only(link: str) -> None:
    assert to_html(f"[kata]({link})") == "<p>kata</p>"


@pytest.mark.parametrize(
    "hostile",
    [
        "[kata](java&#115;cript:alert(1))",
        "[kata](<JaVaScRiPt:alert(1)>)",
        "[kata][r]\n\n[r]: javascript:alert(1)",
        "<javascript:alert(1)>",
        "[kata](&#x6A;avascript:alert(1))",
        "[kata](\x01javascript:alert(1))",
        "[kata](data:text/html;base64,PHNjcmlwdD4=)",
        "![kata](javascript:alert(1))",
    ],
)
def test_no_way_to_write_a_running_link_makes_one(hostile: str) -> None:
    assert "href" not in to_html(hostile)
    assert "src" not in to_html(hostile)


@pytest.mark.parametrize(
    "attribute",
    ["style='color:red'", "id=cookie", "name=forms", "class=x", "onclick=x()", "title=x", "lang=x"],
)
def test_nothing_that_styles_names_or_runs_comes_through(attribute: str) -> None:
    assert sanitise(f"<p {attribute}>kata</p>") == "<p>kata</p>"
    assert sanitise(f"<a href='https://contoh.go.id' {attribute}>kata</a>") == (
        '<a href="https://contoh.go.id" rel="nofollow noopener">kata</a>'
    )


@pytest.mark.parametrize("scheme", ["ftp", "tel", "magnet", "javascript", "data", "sms", "ssh"])
def test_the_last_word_on_links_is_the_sanitisers(scheme: str) -> None:
    assert "href" not in sanitise(f'<a href="{scheme}:x">kata</a>')


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Lihat https://contoh.go.id/a_b_c?x=1.", "https://contoh.go.id/a_b_c?x=1"),
        ("Lihat www.contoh.com, ya", "http://www.contoh.com"),
        ("Lihat (mediacenter.contoh.go.id/berita)", "http://mediacenter.contoh.go.id/berita"),
        ("[Surat](mailto:redaksi@contoh.go.id)", "mailto:redaksi@contoh.go.id"),
    ],
)
def test_an_address_in_the_text_becomes_a_link(text: str, address: str) -> None:
    links = [attributes["href"] for tag, attributes in Seen(to_html(text)).tags if tag == "a"]
    assert links == [address]


@pytest.mark.parametrize(
    "text",
    ["bagi warga.Di samping", "redaksi@contoh.go.id", "Menurut.id", "`https://contoh.go.id`", "versi 1.2.id"],
)
def test_what_only_looks_like_an_address_is_left_alone(text: str) -> None:
    assert "<a" not in to_html(text)


def test_structure_typed_by_accident_stays_text() -> None:
    assert to_html("#MediaCenter #Sampit") == "<p>#MediaCenter #Sampit</p>"
    assert to_html("    Alinea menjorok") == "<p>Alinea menjorok</p>"
    assert to_html("Baris\n------") == "<p>Baris</p>\n<hr>"


def test_structure_that_was_meant_is_kept() -> None:
    html = to_html(
        "# Judul\n\n## Anak\n\n##### Cucu\n\n1. satu\n2. dua\n\n> kutipan\n\n---\n\n```\nx < y\n```\n\n~~~\n~~~"
    )
    assert [tag for tag, _ in Seen(html).tags] == [
        "h2", "h2", "h4", "ol", "li", "li", "blockquote", "p", "hr", "pre", "code", "pre", "code",
    ]  # fmt: skip
    assert "x &lt; y" in html


def test_a_numbered_list_keeps_its_first_number() -> None:
    assert '<ol start="3">' in to_html("3. tiga\n4. empat")


def test_a_table_keeps_its_cells() -> None:
    assert paragraphs("| Nama | Nilai |\n|---|---|\n| A | 1 |") == ["Nama | Nilai", "A | 1"]


def test_paragraphs_are_the_plain_text_of_each_block() -> None:
    text = "Lead **tebal** dengan [tautan](https://contoh.go.id).\nBaris kedua  \npatah &amp; pasti.\n\n- satu\n- dua\n\n> Kutip\n>\n> Lagi"
    assert paragraphs(text) == [
        "Lead tebal dengan tautan. Baris kedua\npatah & pasti.",
        "satu",
        "dua",
        "Kutip",
        "Lagi",
    ]
    assert to_text(text).split("\n\n") == paragraphs(text)


def test_an_empty_story_has_no_paragraphs() -> None:
    assert (to_html(""), to_text(" \n"), paragraphs("\n\n")) == ("", "", [])


def test_pictures_from_elsewhere_are_not_shown() -> None:
    assert "img" not in to_html("![x](https://contoh.go.id/pelacak.gif)")


def test_a_story_of_nothing_but_marks_is_answered_at_once_and_whole() -> None:
    for hostile in ("[" * 40_000, "- " * 8_000, "1. " * 8_000, "> " * 8_000):
        html = to_html(f"{hostile}\n\nAkhir")
        assert "Akhir" in html
    assert to_html("[" * 600) == f"<p>{'[' * 600}</p>"


@pytest.mark.parametrize(
    "hostile",
    [
        "[" * 20_000 + "\n\n" + "*a_ " * 16_000,
        "*****\na_\n" * 10_000,
        "---\na\n" * 10_000,
        "# a\n" * 10_000,
        "~~~a\n" * 8_000,
        "\\" * 40_000,
    ],
)
def test_a_text_of_more_marks_than_any_story_is_shown_as_typed(hostile: str) -> None:
    html = to_html(f"**Awal** <b>\n\n{hostile.strip()}\n\nAkhir")
    assert html.startswith("<p>**Awal** &lt;b&gt;</p><p>")
    assert html.endswith("</p><p>Akhir</p>")
    assert hostile.strip().replace("\n\n", "</p><p>") in html
    assert set(re.findall(r"<(\w+)", html)) == {"p"}


def test_a_long_story_with_hundreds_of_marks_is_rendered() -> None:
    section = "## Bagian\n\n*Satu* dan **dua**, _tiga_.\n\n---\n"
    html = to_html("\n".join([section] * 80))
    assert (html.count("<em>"), html.count("<strong>")) == (160, 80)
    assert (html.count("<h2>"), html.count("<hr")) == (80, 80)


def test_links_work_in_any_story_people_write() -> None:
    html = to_html("\n\n".join(f"[tautan {number}](https://contoh.go.id/{number})" for number in range(400)))
    assert html.count("<a href=") == 400
