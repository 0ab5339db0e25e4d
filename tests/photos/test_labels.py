from __future__ import annotations

import io
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, IptcImagePlugin

from photos import Label, facts, labelled, renditions
from tests.photos.pictures import decoded, encoded, exif, iptc, quarters, with_segment

FULL = Label(
    caption="Wali Kota – “Fairid” & jajaran <menyimak> paparan",
    credit="MC. Isen Mulang/nala",
    copyright="© Media Center Contoh",
    creator="Nala Wijaya",
    headline="Musrenbang Kecamatan Contoh",
    city="Palangka Raya",
    date=date(2026, 11, 25),
)


def xmp(inner: str, attributes: str = "") -> bytes:
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"'
        f' xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" {attributes}>{inner}</rdf:Description>'
        "</rdf:RDF></x:xmpmeta>"
    ).encode()


def test_a_label_is_read_back_from_iptc_and_from_xmp() -> None:
    made = labelled(encoded(quarters()), FULL)
    for data in (
        made,
        made.replace(b"8BIM", b"8BXX"),
        made.replace(b"ns.adobe.com/xap", b"ns.adobe.com/xxx"),
    ):
        known = facts(data)
        assert known.description == FULL.caption
        assert (known.credit, known.copyright) == (FULL.credit, FULL.copyright)
        assert (known.creator, known.headline, known.city) == (FULL.creator, FULL.headline, FULL.city)
        assert known.taken_at == datetime(2026, 11, 25)  # noqa: DTZ001


def test_pillow_reads_the_label_as_utf_8() -> None:
    found = IptcImagePlugin.getiptcinfo(Image.open(io.BytesIO(labelled(encoded(quarters()), FULL))))
    assert found is not None
    assert found[(1, 90)] == b"\x1b%G"
    assert found[(2, 120)] == FULL.caption.encode() and found[(2, 110)] == FULL.credit.encode()


def test_a_label_touches_no_pixel_and_takes_the_place_of_the_one_before() -> None:
    plain = renditions(encoded(quarters()), [(320, 80)])[0].data
    once = labelled(plain, FULL)
    again = labelled(labelled(plain, Label(caption="Lama")), FULL)
    assert once == again and b"Lama" not in again
    assert decoded(once).tobytes() == decoded(plain).tobytes()
    assert labelled(once, Label()) == plain
    assert once.index(b"JFIF") < once.index(b"ns.adobe.com")


def test_a_long_caption_is_cut_at_a_letter_and_the_file_stays_a_jpeg() -> None:
    made = labelled(encoded(quarters()), Label(caption="é&" * 40_000, credit="c" * 5_000))
    known = facts(made)
    assert known.description.endswith("é…") or known.description.endswith("&…")
    assert len(known.description.encode()) <= 2000 and len(known.credit) < 260
    assert decoded(made).size == (640, 480)


def test_what_is_no_jpeg_cannot_be_labelled() -> None:
    with pytest.raises(ValueError, match="JPEG"):
        labelled(b"GIF89a", FULL)


@given(st.text(max_size=60), st.text(max_size=20))
def test_any_words_come_back_the_same_from_both_places(caption: str, credit: str) -> None:
    made = labelled(encoded(Image.new("RGB", (16, 16))), Label(caption=caption, credit=credit))
    from_iptc, from_xmp = facts(made), facts(made.replace(b"8BIM", b"8BXX"))
    assert from_iptc.description == from_xmp.description
    assert from_iptc.credit == from_xmp.credit


def test_iptc_wins_xmp_fills_and_exif_comes_last() -> None:
    tags = exif()
    tags[0x010E], tags[0x013B], tags[0x8298] = "EXIF", "EXIF", "EXIF"
    packet = xmp(
        '<dc:description><rdf:Alt><rdf:li xml:lang="en">EN</rdf:li><rdf:li xml:lang="x-default">XMP</rdf:li>'
        "</rdf:Alt></dc:description><dc:creator><rdf:Seq><rdf:li>Nala</rdf:li><rdf:li>Bram</rdf:li></rdf:Seq>"
        "</dc:creator>",
        'photoshop:City="Palangka Raya" photoshop:State="Kalimantan Tengah" photoshop:Country="Indonesia"',
    )
    data = encoded(quarters(), exif=tags, xmp=packet)
    known = facts(data)
    assert (known.description, known.creator, known.copyright) == ("XMP", "Nala, Bram", "EXIF")
    assert (known.city, known.province, known.country) == ("Palangka Raya", "Kalimantan Tengah", "Indonesia")
    assert facts(with_segment(data, iptc(description=b"IPTC"))).description == "IPTC"


@pytest.mark.parametrize("form", ["PNG", "WEBP", "TIFF"])
def test_xmp_is_read_from_other_formats_too(form: str) -> None:
    packet = xmp("<photoshop:Headline>Musrenbang</photoshop:Headline>")
    data = encoded(quarters(), form, **_xmp_option(form, packet))
    assert facts(data).headline == "Musrenbang"


def _xmp_option(form: str, packet: bytes) -> dict[str, object]:
    from PIL import PngImagePlugin, TiffImagePlugin

    if form == "PNG":
        chunks = PngImagePlugin.PngInfo()
        chunks.add_itxt("XML:com.adobe.xmp", packet.decode())
        return {"pnginfo": chunks}
    if form == "TIFF":
        tags = TiffImagePlugin.ImageFileDirectory_v2()
        tags[700] = packet
        tags.tagtype[700] = 1
        return {"tiffinfo": tags}
    return {"xmp": packet}


def bomb() -> bytes:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE x [<!ENTITY a0 "ha">{entities}]>'.encode() + xmp(
        "<photoshop:Headline>&a9;</photoshop:Headline>"
    )


@pytest.mark.parametrize(
    "packet",
    [
        bomb(),
        bomb().decode().encode("utf-16"),
        b'<!DOCTYPE x SYSTEM "file:///etc/hostname">' + xmp("<photoshop:Headline>a</photoshop:Headline>"),
        xmp("<photoshop:Headline>a</photoshop:Headline>" + "<a>" * 50 + "</a>" * 50),
        xmp("<photoshop:Headline>a</photoshop:Headline>" + "<a/>" * 6000),
        xmp("<photoshop:Headline>a"),
        b"\xff\xfe\x00",
    ],
)
def test_xmp_that_asks_for_more_than_words_is_left_unread(packet: bytes) -> None:
    known = facts(encoded(quarters(), xmp=packet))
    assert (known.headline, known.width) == ("", 640)
