"""The office's figures: counted by hand over a small office, and the same whatever way they are added up."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from newsroom.context import attention_causes, attention_count, stuck
from newsroom.figures import Figures, figures, percent
from newsroom.models import Contributor, LogEntry, Pause, Person, Story
from newsroom.period import Period
from newsroom.views.summary import CAUSES
from tests.newsroom.screens import enter, make_story, release, text_of
from tests.office import SETTINGS, Office

WIB = ZoneInfo("Asia/Jakarta")
NOVEMBER = Period(2024, 11)
LATER = datetime(2024, 12, 5, 12, tzinfo=WIB)
SUMMARY = "/ringkasan/"


def at(day: int, hour: int = 0, minute: int = 0, *, month: int = 11, second: int = 0) -> datetime:
    return datetime(2024, month, day, hour, minute, second, tzinfo=WIB)


def tell(
    headline: str,
    contributor: Contributor | None,
    received_at: datetime,
    state: str,
    *deeds: tuple[str, datetime],
    sites: dict[str, datetime | None] | None = None,
    **fields: Any,
) -> Story:
    """Write a story into the rows as its moves would have left it."""
    released_at = next((moment for verb, moment in deeds if verb == "release"), None)
    story = Story.objects.create(
        key=headline[:40],
        headline=headline,
        contributor=contributor,
        received_at=received_at,
        state=state,
        released_at=released_at,
        **fields,
    )
    for verb, moment in deeds:
        LogEntry.objects.create(story=story, verb=verb, at=moment)
    for site, shown_at in (sites or {}).items():
        receipt = (
            {"version": 1, "state": "live", "at": shown_at.astimezone(UTC).isoformat()} if shown_at else {}
        )
        story.deliveries.create(
            site=site, sent_version=1 if shown_at else 0, receipts=[receipt] if shown_at else []
        )
    return story


@pytest.fixture
def november(office: Office, editor: Person) -> dict[str, Contributor]:
    nala = Contributor.objects.get(address="nala@contoh.example")
    tirta = Contributor.objects.create(address="tirta@contoh.example", name="Tirta", outlet="Dinas Sosial")
    tell(
        "A: in the month's first minute", nala, at(1), "released",
        ("verify", at(1, 2)), ("release", at(1, 2, 1)),
        sites={"kota": at(1, 2, 30), "media-center": at(1, 3, 30)},
    )  # fmt: skip
    tell(
        "B: arrived the month before", nala, at(31, 23, 59, month=10), "released",
        ("verify", at(1, 4)), ("release", at(1, 4, 1)),
        sites={"kota": at(1, 4, 10), "media-center": at(1, 7)},
    )  # fmt: skip
    paused = tell(
        "C: paused, then under embargo", tirta, at(10, 8), "released",
        ("verify", at(10, 12, 30)), ("release", at(11, 6, 1)),
        sites={"kota": at(11, 6, 5), "media-center": at(11, 6, 10)}, embargo_until=at(11, 6),
    )  # fmt: skip
    Pause.objects.create(story=paused, by=editor, reason="x", at=at(10, 9), ended_at=at(10, 11))
    tell(
        "D: sent back and resent, withdrawn before its second site", tirta, at(12, 8), "retracted",
        ("send_back", at(12, 8, 30)), ("resubmit", at(12, 20)), ("verify", at(12, 22)),
        ("release", at(12, 22, 1)), ("retract", at(12, 22, 30)),
        sites={"kota": at(12, 22, 10), "media-center": None},
    )  # fmt: skip
    tell(
        "E: verified anew, one site never came", tirta, at(15, 8), "released",
        ("verify", at(15, 9)), ("reopen", at(15, 10)), ("verify", at(15, 14)), ("release", at(15, 14, 1)),
        sites={"kota": at(15, 14, 30), "media-center": None},
    )  # fmt: skip
    tell("F: nobody's, its verification taken back", None, at(20, 8), "queued",
         ("verify", at(20, 9)), ("reopen", at(20, 10)))  # fmt: skip
    tell("G: rejected by mistake", nala, at(21, 8), "verified",
         ("spike", at(21, 9)), ("unspike", at(21, 12)), ("verify", at(21, 13, 30)))  # fmt: skip
    tell(
        "H: in the month's last second", nala, at(30, 23, 59, second=59), "released",
        ("verify", at(1, 0, 30, month=12)), ("release", at(1, 0, 31, month=12)),
        sites={"kota": at(1, 0, 40, month=12)},
    )  # fmt: skip
    return {"nala": nala, "tirta": tirta}


def test_a_month_is_counted_as_by_hand(november: dict[str, Contributor]) -> None:
    whole = figures(NOVEMBER, LATER).whole
    assert (whole.received, whole.out, whole.out_share) == (7, 5, 71)  # A C D E F G H; not F, G
    assert whole.verified == 6  # A B C D E G; F was taken back, H is December's
    assert (whole.verifying.judged, whole.verifying.in_time, whole.verifying.share) == (6, 4, 66)
    # A 120, B 241, C 270 - 120 of pause, D 120 since it was resent, E 240 since its return, G 330 - 180 outside
    assert sorted(took.total_seconds() / 60 for took in whole.verifying.took) == [
        120,
        120,
        150,
        150,
        240,
        241,
    ]
    assert whole.verifying.minutes == 150
    assert (whole.published, whole.withdrawn) == (5, 1)
    # A 90, B 180, C 10 since its embargo's end, D 10 at the one site that got it; E is late and not done
    assert (whole.publishing.judged, whole.publishing.in_time, whole.publishing.share) == (5, 3, 60)
    assert whole.publishing.minutes == 50


def test_contributors_and_sites_are_counted_as_by_hand(november: dict[str, Contributor]) -> None:
    found = figures(NOVEMBER, LATER)
    nala, tirta = (found.contributors[november[name].pk] for name in ("nala", "tirta"))
    assert (nala.received, nala.out, nala.verified, nala.published) == (3, 2, 3, 2)
    assert (nala.verifying.in_time, nala.verifying.minutes) == (2, 150)
    assert (tirta.received, tirta.out, tirta.verified, tirta.published) == (3, 3, 3, 3)
    assert (found.contributors[None].received, found.contributors[None].verified) == (1, 0)
    assert [name for name, _outlet, _tally in found.named()] == ["Tirta", "Nala Ayuningtias", ""]
    kota, center = found.sites["kota"], found.sites["media-center"]
    assert (kota.promised, kota.shown, kota.share, kota.pace.share, kota.pace.minutes) == (5, 5, 100, 100, 10)
    assert (center.promised, center.shown, center.share) == (4, 3, 75)
    assert (center.pace.judged, center.pace.in_time, center.pace.minutes) == (4, 2, 90)


def test_what_still_has_time_is_not_judged_yet(november: dict[str, Contributor]) -> None:
    whole = figures(NOVEMBER, at(15, 15)).whole
    assert (whole.publishing.judged, whole.publishing.in_time) == (4, 3)


def test_months_and_years_end_at_midnight_in_the_offices_zone(
    november: dict[str, Contributor], use: Callable[[str], None]
) -> None:
    assert figures(Period(2024, 10), LATER).whole.received == 1
    december = figures(Period(2024, 12), LATER).whole
    assert (december.received, december.verified, december.published) == (0, 1, 1)
    year = figures(Period(2024), LATER).whole
    assert (year.received, year.verified, year.published) == (8, 7, 6)
    use(
        SETTINGS.replace("Asia/Pontianak", "Asia/Makassar")
    )  # an hour ahead: B arrives in November, H in December
    assert figures(Period(2024, 10), LATER).whole.received == 0
    assert figures(Period(2024, 11), LATER).whole.received == 7
    assert figures(Period(2024, 12), LATER).whole.received == 1


@pytest.mark.parametrize(
    ("asked", "given"),
    [("2024-11", "2024-11"), ("2024", "2024"), ("2024-10", "2024-10"), ("2031-01", "2024-12"), ("2024-13", "2024-12"),
     ("1999", "2024-12"), ("kemarin", "2024-12"), ("", "2024-12"), ("٢٠٢٤", "2024-12")],
)  # fmt: skip
def test_a_period_that_cannot_be_is_this_month(office: Office, asked: str, given: str) -> None:
    assert Period.named(asked, LATER).name == given


def test_before_a_month_comes_another_and_before_a_year_a_year(office: Office) -> None:
    assert (Period(2024, 1).before(), Period(2024).before()) == (Period(2023, 12), Period(2023))
    assert Period(2024, 12).ends == Period(2025, 1).begins


def test_a_share_is_all_only_of_all_and_none_only_of_none() -> None:
    assert [percent(*one) for one in ((0, 0), (0, 9), (1, 1000), (999, 1000), (9, 9))] == [
        None,
        0,
        1,
        99,
        100,
    ]


def scatter(seed: int) -> None:
    """Write sixty stories of six contributors and nobody, scattered over four months."""
    chance = random.Random(seed)
    senders = [
        *(Contributor.objects.create(address=f"{seed}-{n}@contoh.example", name=f"K{n}") for n in range(6)),
        None,
    ]
    for number in range(60):
        received = at(1, month=9) + timedelta(minutes=chance.randrange(120 * 24 * 60))
        steps = [received + timedelta(minutes=part) for part in sorted(chance.sample(range(1, 3000), 6))]
        verbs = chance.choice([
            (), ("verify",), ("verify", "release"), ("send_back", "resubmit", "verify", "release"),
            ("verify", "reopen", "verify"), ("verify", "release", "retract"), ("spike", "unspike", "verify", "release"),
        ])  # fmt: skip
        state = {"verify": "verified", "release": "released", "retract": "retracted"}.get(
            (*verbs, "")[-1 if not verbs else len(verbs) - 1], "queued"
        )
        sites = (
            {site: chance.choice([None, steps[-1]]) for site in ("kota", "media-center")}
            if "release" in verbs
            else {}
        )
        tell(
            f"{seed} {number}",
            chance.choice(senders),
            received,
            state,
            *zip(verbs, steps, strict=False),
            sites=sites,
        )


def sums(found: Figures) -> list[int]:
    """Add up what the contributors have."""
    rows = list(found.contributors.values())
    return [
        sum(row.received for row in rows), sum(row.out for row in rows), sum(row.verified for row in rows),
        sum(row.published for row in rows), sum(row.withdrawn for row in rows),
        sum(row.verifying.in_time for row in rows), sum(row.publishing.judged for row in rows),
        sum(row.publishing.in_time for row in rows),
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_contributors_add_up_to_the_whole_and_months_to_the_year(office: Office, seed: int) -> None:
    scatter(seed)
    later = at(1, month=9) + timedelta(days=200)
    months = [figures(Period(2024, month), later) for month in range(1, 13)]
    year = figures(Period(2024), later)
    for found in (*months, year):
        whole = found.whole
        assert sums(found) == [
            whole.received, whole.out, whole.verified, whole.published, whole.withdrawn,
            whole.verifying.in_time, whole.publishing.judged, whole.publishing.in_time,
        ]  # fmt: skip
        assert sorted(whole.verifying.took) == sorted(
            took for row in found.contributors.values() for took in row.verifying.took
        )
    assert year.whole.received == Story.objects.count() > 0
    assert sums(year) == [sum(column) for column in zip(*(sums(month) for month in months), strict=True)]


def test_the_page_asks_as_much_for_many_stories_as_for_few(
    office: Office, editor: Person, django_assert_max_num_queries: Any
) -> None:
    client = enter(editor)
    make_story(office, 1)
    release(make_story(office, 2), editor)
    client.get(SUMMARY)
    with django_assert_max_num_queries(60) as few:
        client.get(SUMMARY)
    scatter(1)
    for number in range(3, 12):
        make_story(office, number)
    with django_assert_max_num_queries(60) as many:
        client.get(SUMMARY)
        assert len(many) == len(few)
    with django_assert_max_num_queries(60) as year:
        client.get(SUMMARY + "?masa=2024&kontributor=semua")
    assert len(year) == len(few)


def test_moves_of_today_are_counted_as_the_log_has_them(office: Office, editor: Person) -> None:
    released = release(make_story(office, 1, minutes=60), editor)
    make_story(office, 2)
    whole = figures(Period.of(timezone.now())).whole
    assert (whole.verified, whole.verifying.in_time, whole.verifying.minutes) == (1, 1, 60)
    assert (whole.published, whole.publishing.in_time) == (1, 1)
    assert released.deliveries.count() == 3


def test_an_empty_office_is_told_what_will_appear(office: Office, editor: Person) -> None:
    words = text_of(enter(editor).get(SUMMARY))
    assert "Tidak ada yang perlu dikerjakan sekarang." in words
    assert "Semua berjalan lancar." in words
    assert "Belum ada angka untuk" in words


def test_the_page_tells_the_queue_the_causes_and_the_month(
    november: dict[str, Contributor], office: Office, editor: Person
) -> None:
    Story.objects.filter(headline__startswith="F").update(due_at=timezone.now() - timedelta(minutes=5))
    make_story(office, 1, minutes=170, headline="Hampir habis")
    make_story(office, 2, minutes=10, headline="Masih lama")
    page = enter(editor).get(SUMMARY + "?masa=2024-11")
    words = text_of(page)
    assert "menunggu verifikasi 3" in words
    assert "terlambat 1" in words
    assert "hampir habis waktunya 1" in words
    assert words.index("Hampir habis sisa") < words.index("Masih lama sisa")
    assert "Diverifikasi tepat waktu 66% 4 dari 6" in words
    assert "Masuk 7 1 +6" in words
    assert "1 di antaranya kemudian ditarik" in words
    assert "Dinas Sosial" in words
    assert "Tertahan" not in words


def test_every_cause_has_its_words_and_adds_up_to_the_count_of_the_frame(
    office: Office, editor: Person
) -> None:
    assert set(CAUSES) == set(stuck())
    story = make_story(office, 1)
    story.letters.create(to="a@contoh.example", subject="x", body="x", message_id="<x@x>", error="Ditolak.")
    story.submissions.update(disposition="held")
    assert attention_causes() == {"letters": 1, "held": 1}
    assert attention_count() == 2
    page = enter(editor).get(SUMMARY).content.decode()
    assert f"{reverse('attention')}#sebab-letters" in page
    attention = enter(editor).get(reverse("attention")).content.decode()
    assert 'id="sebab-letters"' in attention
    assert 'id="sebab-held"' in attention


def test_the_figures_are_a_sheet_too(november: dict[str, Contributor], office: Office) -> None:
    november["tirta"].name = "=1+1"
    november["tirta"].save()
    response = enter(office.person("penilai", "auditor")).get(f"{SUMMARY}ringkasan.csv?masa=2024-11")
    assert response["Content-Disposition"] == 'attachment; filename="ringkasan-2024-11.csv"'
    lines = response.content.decode().removeprefix("\ufeff").splitlines()
    assert len({len(cells) for cells in csv.reader(lines)}) == 1
    assert lines[0].startswith("Masa,Bagian,Nama,Unit,Masuk,")
    assert lines[1] == "2024-11,Kantor,,,7,5,6,4,150,5,1,5,3,50,"
    assert "2024-11,Kontributor,'=1+1,Dinas Sosial,3,3,3,2,150,3,1,3,2,10," in lines
    assert "2024-11,Kontributor,Tanpa kontributor,,1,0,0,0,,0,0,0,0,," in lines
    assert "2024-11,Situs,Media Center,,,,,,,3,,4,2,90,4" in lines
