"""Search: what is found, by whom, what it is narrowed by, and how it is shown."""

from __future__ import annotations

import importlib
import re
from datetime import date, timedelta

import pytest
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st

from newsroom import search
from newsroom.indexing import day_marks, pair, vector_of
from newsroom.models import Contributor, Entry, KnownWord, Leader, Person, Story
from newsroom.query import parse
from newsroom.search import Filters
from newsroom.snippets import marked, snippets
from tests.newsroom import search_set
from tests.newsroom.screens import fresh
from tests.office import Office


@pytest.fixture
def archive(office: Office) -> Office:
    search_set.make(office)
    return office


def test_what_is_asked_is_found_in_its_order(archive: Office) -> None:
    assert not [told for one in search_set.CASES if (told := search_set.difference(one))]
    assert len(search_set.CASES) >= 40


def test_people_find_what_they_may_see(archive: Office, writer: Person) -> None:
    of_writer = search.numbers(parse(""), person=writer)
    assert len(of_writer) == len(search_set.ORDER) - 1
    other = Story.objects.get(contributor__address="lain@contoh.example")
    assert search.search(parse("istanbul "), person=writer).stories == []
    assert search.search(parse(f"MC-{other.pk:06d}"), person=writer).stories == []
    assert search.search(parse("MC-000502"), person=writer).stories == [502]
    stranger = archive.person("asing", "contributor")
    assert search.search(parse(""), person=stranger).stories == []
    assert search.facets(parse(""), person=stranger).total == 0
    assert search.search(parse("istanbul "), person=archive.person("bram")).stories == [other.pk]


def test_pages_follow_each_other_and_both_orders_hold_the_same(archive: Office) -> None:
    for order in (search.NEWEST, search.BEST):
        pages = [
            search.search(parse("kota "), order=order, page=number, per_page=5) for number in range(1, 5)
        ]
        assert [len(page.stories) for page in pages] == [5, 5, 2, 0]
        assert {page.total for page in pages[:3]} == {12}
        assert len({pk for page in pages for pk in page.stories}) == 12


def test_more_matches_than_are_ranked_or_counted_are_still_all_reached(
    archive: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "RANKED", 4)
    monkeypatch.setattr(search, "COUNTED", 5)
    pages = [
        search.search(parse("kota "), order=search.BEST, page=number, per_page=3) for number in range(1, 6)
    ]
    assert [len(page.stories) for page in pages] == [3, 3, 3, 3, 0]
    assert len({pk for page in pages for pk in page.stories}) == 12
    assert (pages[0].total, pages[0].more) == (5, True)
    counted = search.facets(parse("kota "))
    assert (counted.total, counted.more) == (5, True)


def test_facets_count_what_the_matches_can_be_narrowed_by(archive: Office) -> None:
    counted = search.facets(parse("wali "))
    assert (counted.total, counted.more) == (4, False)
    told = {kind: [(one.label, one.count) for one in values] for kind, values in counted.kinds.items()}
    assert told["leader"] == [("Wali Kota Sari Dewi", 3), ("Wakil Wali Kota Budi Santoso", 1)]
    assert told["tag"] == [("Banjir 2025", 1)]
    assert told["category"] == [("Pemerintahan", 2)]
    assert told["site"] == [("Media Center", 4), ("Situs Kota", 2)]
    assert told["contributor"] == [("Nala Ayuningtias", 4)]
    assert told["state"] == [("released", 4), ("corrected", 1)]
    assert counted.months == [(202605, 1), (202602, 1), (202512, 1), (202501, 1)]
    economy = search.facets(parse("pasar ")).kinds["category"]
    assert [(one.label.casefold(), one.count) for one in economy] == [("ekonomi", 2)]


def test_each_facet_finds_as_many_as_it_says(archive: Office) -> None:
    for kind, values in search.facets(parse("")).kinds.items():
        for one in values:
            narrowed = Filters(**{kind: (one.value,)})
            assert search.search(parse(""), narrowed).total == one.count, (kind, one)


def test_a_change_of_a_story_is_a_change_of_the_index(archive: Office) -> None:
    story = fresh(Story.objects.get(pk=search_set.NUMBER))
    before = KnownWord.objects.get(word="musrenbang").stories
    assert before == 1
    Story.objects.filter(pk=story.pk).update(released_at=story.released_at - timedelta(days=400))
    story = fresh(story)
    sealed = story.sealed()
    sealed.headline = "Rapat Anggaran"
    sealed.save()
    search.index(story)
    search.index(story)  # twice is once
    assert search.search(parse("anggaran ")).stories == [story.pk]
    assert search.search(parse("musrenbang ")).stories == []
    assert search.search(parse(""), Filters(until=date(2024, 1, 1))).stories == [story.pk]
    assert search.search(parse(""), Filters(since=date(2025, 1, 10), until=date(2025, 1, 10))).stories == [
        501
    ]
    assert KnownWord.objects.get(word="musrenbang").stories == 0
    assert KnownWord.objects.get(word="anggaran").stories == 1
    Story.objects.filter(pk=story.pk).update(released_at=None)
    search.index(fresh(story))
    assert search.search(parse("anggaran ")).stories == []
    assert not Entry.objects.filter(story=story).exists()


def test_what_matches_is_marked_and_nothing_else_is_markup(archive: Office) -> None:
    query = parse('naive -pasar "kafe baru" men')
    story = Story.objects.get(pk=search_set.NUMBER + search_set.ORDER.index("cafe"))
    snippet = snippets([story], query)[story.pk]
    assert snippet.headline == "Café Señorita &amp; &lt;b&gt;<mark>Naïve</mark>&lt;/b&gt;"
    assert snippet.text.startswith("<mark>Kafe</mark> <mark>baru</mark> di tepi sungai. <mark>Menunya</mark>")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in snippet.text


def test_a_snippet_says_where_it_comes_from(archive: Office) -> None:
    by_name = {name: search_set.NUMBER + place for place, name in enumerate(search_set.ORDER)}
    shown = snippets(Story.objects.filter(pk__in=by_name.values()), parse("ambruk "))
    assert shown[by_name["banjir"]].source == "document"
    assert shown[by_name["banjir"]].name == "laporan.pdf"
    assert "jembatan gantung <mark>ambruk</mark> di hulu" in shown[by_name["banjir"]].text
    assert shown[by_name["pasar"]].text == ""
    caption = snippets(Story.objects.filter(pk=by_name["pasar"]), parse("dagangannya "))[by_name["pasar"]]
    assert caption.source == "body"  # `pedagang` has the same stem


def test_snippets_ask_the_database_as_often_for_many_stories_as_for_one(
    archive: Office, django_assert_num_queries: object
) -> None:
    query = parse("ambruk ")
    for stories in (Story.objects.all()[:1], Story.objects.all()):
        rows = list(stories)
        with django_assert_num_queries(2):  # type: ignore[operator]
            snippets(rows, query)


@given(st.text(max_size=200))
def test_any_text_is_a_question_and_marks_nothing_but_words(text: str) -> None:
    query = parse(text)
    assert len(query.terms) <= 24
    shown = marked(text, query)
    bare = shown.replace("<mark>", "").replace("</mark>", "")
    assert "<" not in bare
    assert ">" not in bare
    assert re.fullmatch(r"(?:[^&]|&(?:amp|lt|gt|quot|#x27);)*", bare)
    assert shown.count("<mark>") == shown.count("</mark>")


@pytest.mark.django_db
@given(st.text(alphabet=st.sampled_from("ab'\"-*()^:{}~=_\\% NOT+\x00é東"), max_size=30))
def test_no_text_is_a_fault_of_the_index(text: str) -> None:
    for order in (search.NEWEST, search.BEST):
        search.search(parse(text), Filters(category=(text or "x",), place=("a'b",)), order=order)


@given(st.dates(date(1890, 1, 1), date(2190, 1, 1)), st.dates(date(1890, 1, 1), date(2190, 1, 1)), st.dates())
def test_the_marks_of_a_span_cover_its_days_and_no_other(since: date, until: date, day: date) -> None:
    marks = day_marks(since, until)
    written = day.isoformat().replace("-", "")
    of_day = {f"=e{written[:width]}" for width in (3, 4, 6, 8)}
    inside = max(since, date(1900, 1, 1)) <= day <= min(until, date(2171, 12, 31))
    assert bool(of_day & set(marks)) == inside
    assert len(marks) < 140


def test_places_and_words_beyond_what_a_database_keeps_are_left_out_on_both() -> None:
    from newsroom.indexing import _tokens

    tokens = _tokens(["sama " * 300, "lain " + " ".join(f"k{number}" for number in range(20_000))])
    assert tokens.count("sama") == 250
    assert len(tokens) == 16_000
    vector = vector_of(" ".join([*tokens, "~sama", "=all"])).replace(f"'{pair('sama', 'sama')}' ", "")
    assert "'lain':302" in vector
    assert vector.endswith("'~sama' '=all'")


def test_postgresql_has_a_token_for_two_words_that_stand_together_only() -> None:
    told = vector_of("wali kota _ buka pasar ~wali ~kota =all")
    assert {f"'{pair('wali', 'kota')}'", f"'{pair('buka', 'pasar')}'"} < set(told.split())
    assert told.count("+") == 2


def test_a_renamed_leader_is_taken_in_anew_once_it_is_told(archive: Office) -> None:
    Leader.objects.filter(pk=72).update(name="Putri Lestari")
    search.stale(Story.objects.filter(leaders=72))
    assert search.search(parse("lestari ")).stories == []
    while search.catch_up(most=1):
        pass
    assert search.search(parse("lestari ")).stories == [search_set.NUMBER + search_set.ORDER.index("ralat")]
    assert search.search(parse("santoso ")).stories == []
    assert Contributor.objects.count() == 2


def test_an_office_from_before_this_index_is_taken_in_step_by_step(archive: Office) -> None:
    migration = importlib.import_module("newsroom.migrations.0033_search_begins")
    Entry.objects.filter(story__gte=search_set.NUMBER + 4).delete()
    assert search.waiting().count() == len(search_set.ORDER) - 4
    migration.begin(apps, None)
    migration.begin(apps, None)
    steps = 0
    while search.catch_up(most=3):
        steps += 1
    assert steps == 3
    assert not search.waiting().exists()
    assert not [told for one in search_set.CASES if (told := search_set.difference(one))]
