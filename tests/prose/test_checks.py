"""The rules of prose.checks do what docs/checks.md says of them, and do not disturb one another."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from prose.checks import RULES, Caption, Checked, Finding, Lists, apply, check
from prose.checks.headline import LONGEST
from prose.checks.lists import ABBREVIATIONS
from prose.personal import find
from tests.prose.strange import RECEIVED, strange

PAGE = Path(__file__).parent.parent.parent / "docs" / "checks.md"
SEEDS = st.integers(0, 2**32 - 1)


def documented() -> list[tuple[str, str, str, str]]:
    """Return the examples of docs/checks.md: rule, place, what is written, what it becomes."""
    rows, rule = [], ""
    for line in PAGE.read_text().splitlines():
        if match := re.match(r"## `(\w+)`$", line):
            rule = match[1]
        elif match := re.match(
            r"\| (headline|body|caption|alt) \| `(.*?)` \| (?:`(.*)`|(fine|told)) \|$", line
        ):
            rows.append(
                (rule, match[1], match[2].replace("⏎", "\n"), match[4] or match[3].replace("⏎", "\n"))
            )
    return rows


EXAMPLES = documented()


def story(place: str, text: str) -> Checked:
    base = Checked(received=RECEIVED)
    match place:
        case "headline":
            return replace(base, headline=text)
        case "caption":
            return replace(base, captions=[Caption("1", text.strip(), "Ada.")])
        case "alt":
            return replace(base, captions=[Caption("1", "Ada.", text.strip())])
        case _:
            return replace(base, body=text)


def of(rule: str, checked: Checked) -> list[Finding]:
    return [finding for finding in check(checked) if finding.rule == rule]


@pytest.mark.parametrize(("rule", "place", "written", "becomes"), EXAMPLES)
def test_each_documented_example_is_true(rule: str, place: str, written: str, becomes: str) -> None:
    found = of(rule, story(place, written))
    if becomes == "fine":
        assert found == []
    elif becomes == "told":
        assert found
        assert all(finding.fix is None for finding in found)
    else:
        assert apply(written, found) == becomes
        assert of(rule, story(place, becomes)) == []


def test_every_rule_is_documented_with_what_it_finds_and_what_it_leaves() -> None:
    assert {rule for rule, *_rest in EXAMPLES} == set(RULES)
    headings = re.findall(r"^## `(\w+)`$", PAGE.read_text(), re.M)
    assert headings == list(RULES)
    for name in RULES:
        fates = {becomes == "fine" for rule, _place, _written, becomes in EXAMPLES if rule == name}
        assert fates == {True, False}, name


def test_a_rule_that_is_off_says_nothing() -> None:
    for rule, place, written, becomes in EXAMPLES:
        if becomes != "fine":
            assert rule not in {finding.rule for finding in check(story(place, written), off={rule})}


def test_every_sentence_says_something_and_quotes_what_stands_there() -> None:
    for _rule, place, written, _becomes in EXAMPLES:
        for finding in check(story(place, written)):
            assert re.match(r"[A-Z“].*[.:…”]$", finding.sentence, re.S), finding
            assert "\n" not in finding.sentence


def test_only_the_rules_about_dates_are_grave() -> None:
    grave = {
        finding.rule
        for _rule, place, written, _becomes in EXAMPLES
        for finding in check(story(place, written))
        if finding.grave
    }
    assert grave == {"weekday", "date", "future"}


def test_without_a_day_of_arrival_nothing_is_too_early() -> None:
    assert of("future", Checked(body="Wali Kota telah hadir pada 5 Desember 2099.")) == []


def test_a_time_is_given_the_zone_of_the_office() -> None:
    text = "Acara mulai pukul 09.00."
    assert apply(text, check(Checked(body=text, zone="WITA"))) == "Acara mulai pukul 09.00 WITA."


def test_a_dateline_says_where() -> None:
    lead = "Ketua Dewi Larasati menutup pelatihan, Jumat (20/11/2026).\n\n" + "Kata biasa saja. " * 20
    assert [finding.sentence for finding in of("lead", Checked(body=lead))] == [
        "Teras berita belum menyebut di mana."
    ]
    assert of("lead", Checked(body=lead, city="Kota Contoh")) == []


def test_the_office_s_own_list_counts_and_an_empty_one_is_silent() -> None:
    lists = Lists(spellings=(("ruwet", "rumit"),), abbreviations=())
    assert [finding.fix for finding in check(Checked(body="Walikota bilang Ruwet.", lists=lists))] == [
        "Rumit"
    ]


def test_an_ignored_finding_stays_the_same_when_other_words_change() -> None:
    before = check(Checked(body="Walikota hadir."))
    after = check(Checked(body="Kemarin sore hujan. Walikota hadir, lalu pulang."))
    assert [finding.subject for finding in before] == [finding.subject for finding in after]
    assert [finding.subject for finding in check(Checked(captions=[Caption("7"), Caption("8")]))] == [
        "caption|caption:7|",
        "caption|caption:8|",
        "alt|alt:7|",
        "alt|alt:8|",
    ]


def mended(checked: Checked, findings: list[Finding]) -> Checked:
    by_place: dict[str, list[Finding]] = {}
    for finding in findings:
        by_place.setdefault(finding.where, []).append(finding)
    return replace(
        checked,
        headline=apply(checked.headline, by_place.get("headline", [])),
        body=apply(checked.body, by_place.get("body", [])),
        captions=[
            replace(item, caption=apply(item.caption, by_place.get(f"caption:{item.name}", [])))
            for item in checked.captions
        ],
    )


# The exceptions. Each was there before the fix, out of sight; the fix only takes away what hid it.
REVEALED = {
    # Two spellings of one name: once the headline is no longer shouted, both stand as names.
    "headline_capitals": {"name_variant"},
    # An exclamation mark parted what it stood between; the words on both sides are now neighbours.
    "headline_marks": {"future", "honorific", "doubled_word", "name_variant", "money", "spacing"},
    # A word written once wrong and once right, side by side, is a word written twice; a name written small, such as
    # `bapak palangkaraya`, is a name once it has its capital.
    "spelling": {"doubled_word", "honorific"},
}
LISTED = dict(ABBREVIATIONS)


def told(checked: Checked) -> Counter[str]:
    """Count what each rule says, but for abbreviations nobody listed: among other capitals a word in capitals cannot
    be told from them, so they come into sight and go out of it with the words around."""
    found = check(checked)
    return Counter(item.rule for item in found if item.rule != "abbreviation" or item.words in LISTED)


def meddles(checked: Checked, before: Counter[str], finding: Finding) -> set[str]:
    """Return the rules that say more after the fix than before it; its own when it does not say less."""
    after = told(mended(checked, [finding]))
    grown = {rule for rule in after if after[rule] > before[rule]}
    itself = {finding.rule} if before[finding.rule] and after[finding.rule] >= before[finding.rule] else set()
    return grown - REVEALED.get(finding.rule, set()) | itself


@given(SEEDS)
@how(max_examples=100, derandomize=True)  # the same stories on every machine
def test_no_fix_of_one_rule_makes_another_speak(seed: int) -> None:
    checked = strange(seed)
    before = told(checked)
    for finding in check(checked):
        if finding.fix is not None:
            assert not meddles(checked, before, finding), (finding, checked)


@pytest.mark.parametrize(
    ("headline", "body"),
    [
        ("", "Jum'at Bram Hadikusuma bertemu Bram Hadikusumo. Jumat Bram Hadikusuma pulang."),
        ("", "Kegiatan pukul 21.48 wib: dibuka."),
        ("", "Bantuan Rp 534 % dari pagu."),
        ("", "Dikantor itu, Jumat (20/11/2026).\n\nDikalimantan hujan."),
        ("", "Di gelar Bapak Harun Larasati, Jumat (20/11/2026).\n\nSelesai."),
        ("", "Pasar dibuka Bpk. Lurah Harun Prakoso, Sabtu (5/12/2026)."),
        ("", "Bapak Harun Larasati hadir. Gubernur Harun Larasati pulang."),
        ("PAK NALA WIJAYA HADIR", "Ada."),
        ("PUKUL 6.18 WIB.METODE BARU", "Ada."),
        ("PKL 15.58 wita; TEKNIK", "Ada."),
        ("JUM'AT (23/11/2026)", "Ada."),
        ("", "Rapat mulai pukul jam 09:00 sampai di  digedung."),
        ("", "Yang hadir pukul 20.44WIB.Wali Kota datang."),
        ("", "Semua dari.Di gelar di lapangan."),
        ("", "Begitu kata.bpk. Wulan Larasati."),
        ("", "Warga telah menerima Rp. 4,151,120,- pada Senin (28/2/2028)."),
        ("", "Ia datang.senin (27/2/2028) nanti."),
    ],
)
def test_no_fix_that_once_made_another_rule_speak_does_so_again(headline: str, body: str) -> None:
    checked = Checked(headline=headline, body=body, received=RECEIVED)
    findings = [finding for finding in check(checked) if finding.fix is not None]
    assert findings
    for finding in findings:
        assert not meddles(checked, told(checked), finding), finding


@given(SEEDS)
@how(max_examples=150, derandomize=True)
def test_all_fixes_come_to_rest_and_then_change_nothing_more(seed: int) -> None:
    checked = strange(seed)
    for _round in range(4):
        fixes = [finding for finding in check(checked) if finding.fix is not None]
        if not fixes:
            break
        checked = mended(checked, fixes)
    assert [finding for finding in check(checked) if finding.fix is not None] == []
    assert mended(checked, check(checked)) == checked


@given(SEEDS, st.sampled_from(("😀 ", "👩‍🌾", "e\u0301e\u0301 ", "𝗮 ", "")))
@how(max_examples=60)
def test_places_are_exact_whatever_characters_stand_before_them(seed: int, before: str) -> None:
    body = f"{before}\n\n{strange(seed).body}"
    for finding in check(Checked(body=body, received=RECEIVED)):
        if finding.where == "body" and finding.rule in (
            "weekday",
            "spelling",
            "joined",
            "money",
            "time",
            "doubled_word",
        ):
            here = body[finding.start : finding.end]
            assert here in finding.words or finding.words in here
            assert here.strip() == here
            assert here


@given(st.text(max_size=300))
@how(max_examples=60)
def test_no_text_is_too_odd_to_be_checked(text: str) -> None:
    checked = Checked(headline=text, body=text, captions=[Caption("1", text, text)], received=RECEIVED)
    for finding in check(checked):
        assert 0 <= finding.start <= finding.end <= len(text)


def test_a_headline_of_just_the_length_is_no_finding() -> None:
    assert of("headline_length", Checked(headline="a" * LONGEST)) == []
    assert of("headline_length", Checked(headline="a" * (LONGEST + 1))) != []


NEWS = yaml.safe_load(Path(__file__).with_name("house_news.yaml").read_text())


def test_ordinary_news_of_the_house_has_no_grave_finding_and_nothing_to_mend() -> None:
    assert len(set(NEWS)) == 30
    for paragraph in NEWS:
        found = check(Checked(body=paragraph, received=RECEIVED, city="Palangka Raya"))
        assert [finding for finding in found if finding.grave or finding.fix is not None] == [], paragraph


def test_ordinary_news_of_the_house_in_one_story_has_no_grave_finding_and_bars_nothing() -> None:
    story_of_all = "\n\n".join(NEWS)
    assert [
        finding for finding in check(Checked(body=story_of_all, received=RECEIVED)) if finding.grave
    ] == []
    assert [finding for finding in find(story_of_all) if finding.blocks] == []


def test_each_date_of_the_house_s_news_is_read_and_a_wrong_weekday_is_grave() -> None:
    wrong = 0
    for paragraph in NEWS:
        spoilt = re.sub(r"\b(?:Senin|Selasa|Rabu|Kamis|Jumat|Sabtu|Minggu)(?=,? \(?\d)", "Ahad", paragraph)
        spoilt = spoilt.replace("Ahad (15/11", "Senin (15/11").replace("Ahad (24/5", "Senin (24/5")
        if spoilt != paragraph:
            wrong += 1
            assert of("weekday", Checked(body=spoilt, received=RECEIVED)), spoilt
    assert wrong >= 12
