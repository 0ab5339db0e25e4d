"""The rows of delivery: stories with photos onto three real WordPress sites, beside the sites' own ceiling."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import requests
import yaml

from bench.mail import mail_of
from bench.measure import Row
from bench.samples import photos_in
from publishers import Post
from publishers.wordpress_markup import Shown, compose, title
from tests.real.wordpress import WordPressSite
from tests.real.wordpress.fixtures import SITES, running, unpacked

STORIES = 100
PHOTOS = 3
ROUNDS = 5
"""The stories are sent in so many parts, ours and the bare loop's in turns, so that noise meets both alike."""


class Took(NamedTuple):
    """What some stories cost on all sites together."""

    wall: float
    own: float
    """Seconds of CPU of this process."""
    cpu: float
    """Of all: this process, the sites and their database. What a full machine's throughput goes by."""
    requests: int

    def __add__(self, other: tuple[Any, ...]) -> Took:
        return Took(*(mine + its for mine, its in zip(self, other, strict=True)))


def sites(folder: Path) -> list[Row]:
    """Whole stories through the deliver step, each site in a lane of its own."""
    with running() as peers, _office(peers.add(unpacked(), *SITES)) as three:
        story = _story(photos_in(folder)[:PHOTOS])
        (
            _ours(three, story, 1),
            _bare(three, story, 1),
        )  # imports, caches and renditions are not what is measured
        ours = floor = Took(0, 0, 0, 0)
        for turn in range(ROUNDS):
            works = (_ours, _bare) if turn % 2 else (_bare, _ours)
            took = {work: work(three, story, STORIES // ROUNDS) for work in works}
            ours, floor = ours + took[_ours], floor + took[_bare]
    return [_row(ours, floor)]


def _row(ours: Took, floor: Took) -> Row:
    each = STORIES * len(SITES)

    def told(took: Took) -> str:
        return (
            f"{each / took.wall:.2f}/s; each {took.requests / each:.1f} requests, "
            f"{took.cpu / each * 1000:.0f} ms CPU, {took.own / each * 1000:.0f} of it ours"
        )

    return Row(
        what=f"{STORIES} stories with {PHOTOS} photos of 1600 px onto {len(SITES)} WordPress sites",
        ours=told(ours),
        floor=told(floor),
        floor_is="the sites' ceiling: a bare loop for each site uploads the same bytes and posts the same text; "
        f"of CPU time {ours.cpu / floor.cpu:.2f}",
        ratio=ours.wall / floor.wall,
    )


@contextmanager
def _office(three: Sequence[WordPressSite]) -> Iterator[Sequence[WordPressSite]]:
    """Have an office whose sites are these."""
    with tempfile.TemporaryDirectory(prefix="redaksi-bench-") as office:
        settings = {
            "office": {"name": "Ukur", "zone": "Asia/Jakarta"},
            "data": "./var",
            "mailboxes": [{"name": "lokal", "kind": "folder", "path": "./mailbox"}],
            "sites": [site.settings() for site in three],
        }
        file = Path(office) / "settings.yaml"
        file.write_text(yaml.safe_dump(settings))
        (Path(office) / "mailbox").mkdir()
        os.environ.update(REDAKSI_SETTINGS=str(file), DJANGO_SETTINGS_MODULE="web.settings")
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connections

        call_command("migrate", verbosity=0)
        yield three
        connections.close_all()


def _story(photos: list[bytes]) -> Any:
    """Bring one mail through the road to a verified story, of which the others are copies."""
    from ingest import RawMessage
    from newsroom.models import Contributor, Person, Story
    from newsroom.workflow import move
    from pipeline.receive import keep
    from pipeline.worker import Worker

    Contributor.objects.create(address="nala@contoh.example", name="Nala")
    keep(RawMessage(data=mail_of(photos, 0), mailbox="lokal"))
    worker = Worker()
    worker.start()
    list(worker.walk_once())
    worker.stop()
    story = Story.objects.get()
    move(story, "verify", Person.objects.create(username="editor", name="Editor", role="editor"))
    return story


_numbers = count(1)


def _ours(three: Sequence[WordPressSite], story: Any, stories: int) -> Took:
    """Deliver copies of a story as the worker does: a thread for each site."""
    from newsroom.models import Delivery
    from pipeline.flow import ROAD
    from pipeline.worker import Worker

    step = next(step for step in ROAD if step.name == "deliver")
    for _ in range(stories):
        _copy(story, [site.name for site in three])
    worker = Worker()
    worker.start()

    def lane(site: WordPressSite) -> None:
        for row in list(step.waits().filter(site=site.name)):
            worker.attempt(step, row)

    took = _measured(three, lane)
    worker.stop()
    if left := [row.error for row in Delivery.objects.all().owed()]:
        raise RuntimeError(f"{len(left)} deliveries failed: {left[0]}")
    return took


def _copy(story: Any, names: list[str]) -> None:
    """Release a copy of a story, with the same photos."""
    from django.utils import timezone

    from newsroom.models import Delivery, Photo, Revision, State, Story

    number = next(_numbers)
    photos, sealed = list(story.photos.all()), story.sealed()
    made = Story.objects.get(pk=story.pk)
    made.pk, made.revision, made.state, made.released_at = None, None, State.RELEASED, timezone.now()
    made.key, made.headline = hashlib.sha256(b"%d" % number).hexdigest()[:16], f"{story.headline} {number}"
    made.save()
    for photo in photos:
        Photo.objects.filter(pk=photo.pk).get()
        photo.pk, photo.story = None, made
        photo.save()
    sealed.pk, sealed.story, sealed.headline = None, made, made.headline
    Revision.save(sealed)
    for name in names:
        Delivery.objects.create(story=made, site=name)


def _bare(three: Sequence[WordPressSite], story: Any, stories: int) -> Took:
    """Do no more than a site must: upload the photos, post the text; nothing looked up, kept or read back."""
    from django.conf import settings

    from pipeline.deliver import make_post

    posts = {site.name: make_post(story, story.sealed(), settings.REDAKSI.site(site.name)) for site in three}

    def lane(site: WordPressSite) -> None:
        with requests.Session() as session:
            session.auth = ("redaksi", site.passwords["redaksi"])
            for _ in range(stories):
                _post_barely(session, site, posts[site.name])

    return _measured(three, lane)


def _post_barely(session: requests.Session, site: WordPressSite, post: Post) -> None:
    shown = []
    for picture in post.pictures:
        headers = {
            "Content-Type": "image/jpeg",
            "Content-Disposition": f'attachment; filename="{picture.filename}"',
        }
        answer = session.post(
            f"{site.url}/wp-json/wp/v2/media", data=picture.data, headers=headers, timeout=60
        )
        answer.raise_for_status()
        shown.append(Shown(answer.json()["id"], answer.json()["source_url"], picture))
    text = {
        "title": title(post.headline),
        "content": compose(post, shown, "block"),
        "excerpt": post.text_lead,
        "status": "publish",
        "featured_media": shown[0].number,
        "categories": [site.categories["default"]],
    }
    session.post(f"{site.url}/wp-json/wp/v2/posts", json=text, timeout=60).raise_for_status()


def _measured(three: Sequence[WordPressSite], lane: Callable[[WordPressSite], None]) -> Took:
    from django.db import connection

    def alone(site: WordPressSite) -> None:
        lane(site)
        connection.close()  # this thread's own

    def now() -> Took:
        own = time.process_time()
        asked = sum(len(site.requests()) for site in three)
        return Took(time.perf_counter(), own, own + _cpu_of(three[0].folder.parent), asked)

    before = now()
    with ThreadPoolExecutor(len(three)) as pool:
        list(pool.map(alone, three))
    return Took(*(after - earlier for after, earlier in zip(now(), before, strict=True)))


def _cpu_of(folder: Path) -> float:
    """Return the seconds of CPU of the sites and their database, by the groups their folder names."""
    groups = {file.read_text() for file in folder.rglob("*.group")}
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except FileNotFoundError:
            continue  # ended meanwhile
        if fields[2] in groups:
            ticks += sum(int(field) for field in fields[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")
