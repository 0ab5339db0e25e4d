"""Kills a worker with SIGKILL at one moment after another of the road, and looks at what is left.

Run by tests/pipeline/test_crash.py as a process of its own, with REDAKSI_SETTINGS naming a new office:
every trial is a forked worker that dies just before its n-th act (a statement that changes the database,
a file put in its place, a request), then a second worker that finishes, then a look at everything.
The argument says at how many moments of a phase, spread evenly over it; 0 means at every one (an hour).
Prints one JSON object a line: {"phase", "moment", "killed", "wrong": [sentences]}.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

PHOTOS = 6
ACTS = ("os.rename", "os.link", "os.remove", "http.client.send")


class Tripwire:
    """Counts the acts of this process and kills it just before the chosen one."""

    def __init__(self, moment: int) -> None:
        self.moment = moment
        self.acts = 0

    def step(self) -> None:
        self.acts += 1
        if self.acts == self.moment:
            os.kill(os.getpid(), signal.SIGKILL)

    def sql(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE"):
            self.step()
        return execute(sql, *rest)

    def audit(self, event: str, _arguments: Any) -> None:
        if event in ACTS:
            self.step()


def forked(work: Callable[[], None]) -> int:
    """Do `work` in a child; return 0, or the number of the signal that ended it."""
    from django.db import connections

    connections.close_all()
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return os.WTERMSIG(status)
    if os.WEXITSTATUS(status):
        raise SystemExit("the worker failed instead of dying or finishing")
    return 0


def walk(moment: int | None = None, tally: Path | None = None) -> None:
    """Walk the road in this process until nothing is due, or to its death at `moment`.

    Into `tally` goes how many acts it took.
    """
    from django.db import connection

    from pipeline.worker import Worker

    worker = Worker()
    if moment is None:
        worker.start()
        list(worker.walk_once())
        worker.stop()
        return
    wire = Tripwire(moment)
    sys.addaudithook(wire.audit)
    with connection.execute_wrapper(wire.sql):
        worker.start()
        list(worker.walk_once())
        worker.stop()
    if tally:
        tally.write_text(str(wire.acts))


class Trials:
    """One phase of the road after another, each tried from the same beginning."""

    def __init__(self, folder: Path, most: int) -> None:
        self.folder = folder
        self.most = most
        self.before = folder.with_name(folder.name + "-before")

    def phase(
        self,
        name: str,
        act: Callable[[], None],
        look: Callable[[], list[str]],
        glance: Callable[[], list[str]] = list,
    ) -> None:
        """Do `act`, then kill the worker at one moment after another of what follows, and look.

        With `glance` one looks at what the dead worker left, too, before another finishes.
        """
        forked(act)
        shutil.rmtree(self.before, ignore_errors=True)
        shutil.copytree(self.folder, self.before)
        tally = self.folder.with_name(self.folder.name + "-acts")
        self._restore()
        forked(lambda: walk(0, tally))
        acts = int(tally.read_text())
        stride = max(1, acts / self.most) if self.most else 1
        moments = [1 + int(number * stride) for number in range(int(acts / stride))]
        for moment in [*moments, acts + 100]:  # and once not at all
            self._restore()
            killed = forked(lambda: walk(moment)) == signal.SIGKILL  # noqa: B023 - done at once
            wrong = glance()
            forked(walk)
            self._say(name, moment, killed, [*wrong, *look()])

    def _restore(self) -> None:
        from django.db import connections

        connections.close_all()
        shutil.rmtree(self.folder)
        shutil.copytree(self.before, self.folder)

    def _say(self, name: str, moment: int, killed: bool, wrong: list[str]) -> None:
        row = {"phase": name, "moment": moment, "killed": killed, "wrong": wrong}
        print(json.dumps(row), flush=True)


def look_everywhere(expected: str) -> list[str]:
    """Return what is not as it should be after the worker has finished; `expected` is the sites' state."""
    from django.conf import settings

    from archive import check_package
    from newsroom.models import Delivery, Package, Photo, Revision, Story, Submission
    from pipeline.stores import originals, packages_folder

    wrong = [f"original: {problem.sentence}" for problem in originals().check()]
    mails = list((settings.REDAKSI.mailboxes[0].path / "new").iterdir())
    if Submission.objects.count() != len(mails):
        wrong.append(f"{Submission.objects.count()} submissions of {len(mails)} mails")
    stories = Story.objects.filter(collage=None)
    photos = Photo.objects.filter(story__collage=None)
    if stories.count() != len(mails):
        wrong.append(f"{stories.count()} stories of {len(mails)} mails")
    if photos.count() != PHOTOS * len(mails):
        wrong.append(f"{photos.count()} photos of {len(mails)} mails")
    for model in (Submission, Story, Delivery, Package):
        for row in model.objects.exclude(claim=""):
            wrong.append(f"still claimed: {model.__name__} {row}")
    if not expected:
        return wrong
    for story in stories:
        if story.deliveries.count() != len(settings.REDAKSI.sites):
            wrong.append(f"{story.deliveries.count()} deliveries")
        for delivery in story.deliveries.all():
            wrong += _look_at_delivery(story, delivery, expected)
        sealed = story.revisions.filter(sealed=True, version=story.version).count()
        if sealed != 1:
            wrong.append(f"{sealed} sealed revisions of version {story.version}")
        for version in range(1, story.version + 1):
            package = story.packages.filter(version=version).exclude(path="").first()
            if package is None:
                wrong.append(f"version {version} is not preserved")
            else:
                wrong += [p.sentence for p in check_package(packages_folder() / package.path)]
        if Revision.objects.filter(story=story, why="receive").count() != 1:
            wrong.append("not one first revision")
    return wrong


def _look_at_delivery(story: Any, delivery: Any, expected: str) -> list[str]:
    from django.conf import settings

    wrong = []
    if (delivery.sent_version, delivery.state, delivery.error) != (story.version, expected, ""):
        wrong.append(f"{delivery}: {delivery.sent_version} {delivery.state} {delivery.error}")
    versions = [receipt["version"] for receipt in delivery.receipts]
    if versions != sorted(set(versions)) or versions[-1:] != [story.version]:
        wrong.append(f"{delivery}: receipts {versions}")
    wrong += _look_at_proofs(story, delivery)
    site = settings.REDAKSI.site(delivery.site)
    if site.kind == "folder":
        root = Path(site.options["path"])
        pages = [page.read_text() for page in root.glob("[0-9]*/*/*/index.html")]
        if len(pages) != 1 or ("120 peserta" in pages[0]) != (expected == "live"):
            wrong.append(f"{delivery}: {len(pages)} pages, or not what readers should see")
        photos = list(root.rglob("*.jpg"))
        if bool(photos) != (expected == "live"):
            wrong.append(f"{delivery}: {len(photos)} photo files")
    return wrong


def _look_at_proofs(story: Any, delivery: Any) -> list[str]:
    """Every receipt has its page, kept, or says that it was replaced before."""
    from pipeline.stores import originals

    wrong = []
    proofs = list(story.proofs.filter(site=delivery.site).order_by("place"))
    if [proof.place for proof in proofs] != list(range(len(delivery.receipts))):
        wrong.append(f"{delivery}: proofs {[proof.place for proof in proofs]}")
    for proof in proofs:
        replaced = "digantikan" in proof.words
        if proof.settled_at is None or proof.proven is replaced:
            wrong.append(f"{proof}: {proof.settled_at} {proof.proven} {proof.words} {proof.error}")
        elif proof.proven:
            originals().read(proof.page_sha256)
    return wrong


def look_at_the_letter() -> list[str]:
    """Return what is wrong after a story was sent back: its one letter must have left once."""
    from django.conf import settings

    from newsroom.models import Letter

    wrong = look_everywhere("")
    left = list((settings.REDAKSI.data / "outbox").iterdir())
    if len(left) != 1 or left[0].suffix != ".eml":
        wrong.append(f"in the outbox: {[path.name for path in left]}")
    if [letter.sent_at is None for letter in Letter.objects.all()] != [False]:
        wrong.append("not one sent letter")
    return wrong


def look_at_the_collage() -> list[str]:
    """Return what is wrong after a collage was asked for and everything was to be re-read."""
    from django.conf import settings

    from newsroom.models import Collage, FixityFinding, Package, Shelf, Story

    wrong = look_everywhere("live")
    made = Collage.objects.get().story
    if made is None or made.state != "queued" or made.photos.count() != 1 or made.revisions.count() != 1:
        wrong.append(f"collage: {made}")
    if Story.objects.exclude(collage=None).count() != 1:
        wrong.append("not one collage story")
    for row in (*Package.objects.all().unchecked(), *Shelf.objects.all().unchecked()):
        wrong.append(f"not re-read: {row}")
    findings = list(FixityFinding.objects.all())
    if [finding.settled_at is None for finding in findings] != [False]:
        wrong.append(f"findings: {findings}")
    if [path.read_bytes() for path in (settings.REDAKSI.data / "set-aside").rglob("asing.txt")] != [b"asing"]:
        wrong.append("what was foreign is not kept")
    return wrong


def look_at_the_revision() -> list[str]:
    """Return what is wrong after something became known of a version that was packaged long ago."""
    from newsroom.models import Package

    wrong = look_everywhere("live")
    made = list(Package.objects.filter(version=2).order_by("revision").values_list("revision", "path"))
    if [(revision, path.rpartition("/")[2]) for revision, path in made] != [(1, "v2"), (2, "v2-r2")]:
        wrong.append(f"revisions: {made}")
    if Package.objects.exclude(questioned_at=None).exists():
        wrong.append("a question is left open")
    return wrong


def look_at_the_sending() -> list[str]:
    """Return what is wrong after a sending of the form: one mail of it, one story, no loose file."""
    from django.conf import settings

    from newsroom.models import Photo, Submission, Upload
    from pipeline.stores import originals

    wrong = [f"original: {problem.sentence}" for problem in originals().check()]
    mails = list(Submission.objects.filter(mailbox="formulir"))
    if [mail.disposition for mail in mails] != ["accepted"]:
        wrong.append(f"mails of the sending: {[mail.disposition for mail in mails]}")
    elif Upload.objects.get().submission != mails[0]:
        wrong.append("the sending does not know its mail")
    if Photo.objects.filter(submission__in=mails).count() != 2:
        wrong.append("not both photos")
    if list((settings.REDAKSI.data / "uploads").iterdir()):
        wrong.append("loose files are left")
    return wrong


def files_below(root: Path) -> dict[str, bytes]:
    """Return what bears a final name among originals and packages, by name."""
    found = [*root.glob("originals/??/??/*"), *root.glob("packages/[!.]*/**/*")]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found if path.is_file()}


def glance_at_the_second_copy() -> list[str]:
    """Return what of the second copy is torn, or written down as kept and is not there as a whole."""
    from django.conf import settings

    from newsroom.models import Copy

    here, there = files_below(settings.REDAKSI.data), files_below(settings.REDAKSI.archive.second_copy.path)
    wrong = [f"torn: {name}" for name, data in there.items() if here.get(name) != data]
    for copy in Copy.objects.exclude(kept_at=None):
        mine = [name for name in here if f"/{copy.name}/" in f"{name}/"]
        if not mine or not set(mine) <= set(there):
            wrong.append(f"said to be kept: {copy.kind} {copy.name}")
    return wrong


def look_at_the_second_copy() -> list[str]:
    """Return what is wrong after everything there is was to be copied elsewhere."""
    from django.conf import settings

    from newsroom.models import Copy

    here, there = files_below(settings.REDAKSI.data), files_below(settings.REDAKSI.archive.second_copy.path)
    wrong = glance_at_the_second_copy()
    wrong += [f"not copied: {name}" for name in here.keys() - there.keys()]
    if len(there) < 100:
        wrong.append(f"only {len(there)} files")
    waiting = Copy.objects.filter(kept_at=None) | Copy.objects.exclude(error="", claim="")
    return wrong + [f"unfinished: {copy.kind} {copy.name} {copy.error}" for copy in waiting]


def send_by_the_form() -> None:
    from newsroom.models import Person
    from pipeline import uploads
    from tests.office import picture

    upload = uploads.begin(Person.objects.get_or_create(username="sari", name="Sari")[0])
    for number in (91, 92):
        data = picture(number)
        uploads.append(uploads.add_file(upload, f"{number}.jpg", "image/jpeg", len(data)), 0, data)
    uploads.write(
        upload, "Bupati Meresmikan Jembatan", "Bupati Uji meresmikan jembatan baru di Desa Maju.", {}
    )
    uploads.send(upload)


def use_a_second_copy() -> None:
    """Write a place for it into the settings: the phases before have none, and so no acts of its."""
    from django.conf import settings

    import config

    file = settings.REDAKSI.data.parent / "settings.yaml"
    file.write_text(file.read_text() + "archive: {second_copy: {kind: folder, path: ./salinan}}\n")
    settings.REDAKSI = config.load(file)


def main(most: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "web.settings"
    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.utils import timezone

    from newsroom.models import Contributor, Package, Person, Shelf, Story, log
    from newsroom.workflow import move
    from pipeline.collages import ask
    from pipeline.copies import begin
    from pipeline.stores import packages_folder
    from tests.kept import lay
    from tests.office import coverage

    if not lay(settings.REDAKSI.data):
        call_command("migrate", verbosity=0)
    Contributor.objects.create(address="nala@contoh.example", name="Nala Ayuningtias")
    Person.objects.create(username="editor", name="Editor", role="editor")
    new = settings.REDAKSI.mailboxes[0].path / "new"

    def post() -> None:
        for sub in ("tmp", "new", "cur"):
            (new.parent / sub).mkdir(parents=True, exist_ok=True)
        (new / "satu").write_bytes(coverage(photos=PHOTOS))

    def decide(verb: str, note: str = "") -> None:
        move(Story.objects.get(collage=None), verb, Person.objects.get(), note)

    def resubmit_and_verify() -> None:
        decide("resubmit")
        decide("verify")

    def ask_for_a_collage() -> None:
        ask(timezone.localdate() - timedelta(days=100), timezone.localdate())
        Package.objects.update(checked_at=timezone.now() - timedelta(days=91))
        Shelf.objects.filter(prefix="7f").update(checked_at=None)
        (packages_folder() / Package.objects.get(version=1).path / "data" / "asing.txt").write_bytes(b"asing")

    def settle_at_a_site() -> None:
        log("keep_theirs", by=Person.objects.get(), story=Story.objects.get(collage=None), version=2)

    def begin_elsewhere() -> None:
        settings.REDAKSI.archive.second_copy.path.mkdir()
        begin(Person.objects.get(username="editor"))

    trials = Trials(settings.REDAKSI.data.parent, most)
    trials.phase("receive and prepare", post, lambda: look_everywhere(""))
    trials.phase("send back", lambda: decide("send_back", "Lengkapi."), look_at_the_letter)
    trials.phase("publish", resubmit_and_verify, lambda: look_everywhere("live"))
    trials.phase("correct", lambda: decide("correct", "Diperbaiki."), lambda: look_everywhere("live"))
    trials.phase("late revision", settle_at_a_site, look_at_the_revision)
    trials.phase("collage and fixity", ask_for_a_collage, look_at_the_collage)
    trials.phase("retract", lambda: decide("retract", "Keliru."), lambda: look_everywhere("hidden"))
    trials.phase("form", send_by_the_form, look_at_the_sending)
    use_a_second_copy()
    trials.phase("second copy", begin_elsewhere, look_at_the_second_copy, glance_at_the_second_copy)


if __name__ == "__main__":
    main(int(sys.argv[1]))
