"""Notices: what is told to people wherever they are, once, by real receivers on this machine."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Condition, Thread
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

import config
from newsroom.context import stuck
from newsroom.models import Delivery, Heartbeat, Lane, Mailbox, Notice, Package, Shelf, Story
from newsroom.workflow import move
from pipeline import notices, post
from pipeline.notices import watch
from tests.office import SETTINGS, Office, coverage
from tests.pipeline.mail_server import mail_server

Use = Callable[[str], None]
SECRET = "rahasia-sekali"


class Receiver:
    """A web address that takes notices, or refuses them."""

    def __init__(self, port: int) -> None:
        # Webhooks hold their secret in the path.
        self.url = f"json://piket:{SECRET}@127.0.0.1:{port}/{SECRET}"
        self.taken: list[dict[str, Any]] = []
        self.refuses = False
        self.changed = Condition()

    def await_one(self, number: int, patience: float = 60) -> dict[str, Any]:
        """Wait until so many were taken; return the last of them."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.taken) >= number, patience), self.taken
        return self.taken[number - 1]

    @property
    def subjects(self) -> list[str]:
        return [notice["title"].removeprefix("Media Center Kota Uji: ") for notice in self.taken]


@contextmanager
def receiving() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if receiver.refuses:
                self.send_error(503)
                return
            with receiver.changed:
                receiver.taken.append(body)
                receiver.changed.notify_all()
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    receiver = Receiver(server.server_address[1])
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def receiver(office: Office, use: Use) -> Iterator[Receiver]:
    """An office that tells its troubles to one address."""
    with receiving() as receiver:
        tell_to(office, use, receiver.url)
        yield receiver


def tell_to(office: Office, use: Use, *urls: str) -> None:
    (office.folder / "alamat").write_text("# piket\n" + "\n".join(urls) + "\n")
    use(SETTINGS + "notices: {urls_file: ./alamat}\n")


def silent(minutes: float, **fields: Any) -> None:
    """Let the office's mailbox have been looked into last so long ago, by a worker that runs since yesterday."""
    now = timezone.now()
    Heartbeat.objects.update_or_create(
        worker="uji/1", defaults={"started_at": now - timedelta(days=1), "at": now}
    )
    given = {"checked_at": now - timedelta(minutes=minutes), **fields}
    Mailbox.objects.update_or_create(name="lokal", defaults=given)


def deliver_notices() -> None:
    """Do the road's step on every notice that waits, as the worker does."""
    from pipeline.flow import ROAD
    from pipeline.worker import Worker

    step = next(step for step in ROAD if step.name == "notify")
    worker = Worker()
    try:
        for notice in list(Notice.objects.unsent()):
            worker.attempt(step, notice)
    finally:
        worker.stop()


def test_a_silent_mailbox_is_told_once_and_once_more_when_it_is_over(receiver: Receiver) -> None:
    silent(5)
    assert watch() == 0, "amber is no notice"
    silent(7, error="Kata sandi kotak surel ditolak.")
    assert watch() == 1
    assert watch() == 0
    deliver_notices()
    silent(90, error="Kata sandi kotak surel ditolak.")
    assert watch() == 0
    silent(0, error="")
    assert watch() == 1
    assert watch() == 0
    deliver_notices()
    assert [subject.startswith("Pulih: ") for subject in receiver.subjects] == [False, True]
    alarm, clear = receiver.taken
    assert "Kotak surel lokal tidak diperiksa sejak" in alarm["title"]
    assert "Kata sandi kotak surel ditolak." in alarm["message"]
    assert "/perhatian/" in alarm["message"]
    assert "sudah selesai" in clear["message"]
    silent(7)
    assert watch() == 1, "a second silence is told again"


def test_the_road_itself_tells_of_a_mailbox_that_does_not_open(office: Office, receiver: Receiver) -> None:
    office.mailbox.rmdir()
    silent(30)
    office.work()
    (told,) = receiver.taken
    assert "lokal" in told["title"]
    assert Mailbox.objects.get().error in told["message"]
    office.mailbox.mkdir()
    Mailbox.objects.update(next_attempt_at=None)
    office.work()
    assert len(receiver.taken) == 2
    assert receiver.subjects[1].startswith("Pulih")


def test_a_run_from_cron_raises_no_alarm_over_old_looks(office: Office, receiver: Receiver) -> None:
    silent(60)
    office.work()
    assert receiver.taken == []


def test_nobody_is_told_where_the_settings_name_nobody(office: Office) -> None:
    silent(60)
    assert watch() == 0
    assert not Notice.objects.exists()


def test_a_mailbox_of_old_settings_is_no_trouble(receiver: Receiver) -> None:
    silent(0)
    Mailbox.objects.create(name="dulu", checked_at=timezone.now() - timedelta(days=9))
    assert watch() == 0


def test_a_notice_nobody_takes_stands_in_front_of_the_editors_and_is_tried_again(receiver: Receiver) -> None:
    silent(60)
    receiver.refuses = True
    watch()
    deliver_notices()
    notice = Notice.objects.get()
    assert list(stuck()["notices"]) == [notice]
    assert (notice.parked, notice.sent_at) == (False, None)
    assert notice.next_attempt_at
    assert "json" in notice.error
    assert SECRET not in notice.error
    receiver.refuses = False
    notice.retry()
    deliver_notices()
    assert len(receiver.taken) == 1
    assert not stuck()["notices"]


def test_those_who_took_a_notice_are_not_told_twice(office: Office, use: Use, receiver: Receiver) -> None:
    with receiving() as other:
        tell_to(office, use, receiver.url, other.url)
        other.refuses = True
        silent(60)
        watch()
        deliver_notices()
        assert (len(receiver.taken), len(other.taken)) == (1, 0)
        other.refuses = False
        Notice.objects.get().retry()
        deliver_notices()
        assert (len(receiver.taken), len(other.taken)) == (1, 1)


def test_a_notice_by_mail_arrives(office: Office, use: Use) -> None:
    with mail_server() as server:
        tell_to(
            office,
            use,
            f"mailto://127.0.0.1:{server.port}?from=redaksi@contoh.example&to=piket@contoh.example",
        )
        silent(60)
        watch()
        deliver_notices()
        assert [letter["Subject"] for letter in server.letters] == [
            f"Media Center Kota Uji: {Notice.objects.get().subject}"
        ]


def test_a_receiver_that_is_down_holds_up_no_other_step(office: Office, use: Use) -> None:
    tell_to(office, use, "json://127.0.0.1:9/tidak-ada")
    Notice.objects.create(about="disk", ended_at=timezone.now(), subject="Disk hampir penuh", body="x")
    office.post(coverage())
    counts = office.work()
    assert (counts["prepare"], counts["notify"]) == ((1, 0), (0, 1))


def test_no_address_reaches_the_log(
    receiver: Receiver, caplog: pytest.LogCaptureFixture, office: Office
) -> None:
    caplog.set_level(logging.DEBUG)
    receiver.refuses = True
    silent(60)
    watch()
    deliver_notices()
    assert SECRET not in caplog.text


def test_a_full_disk_is_told_and_is_well_only_with_room_to_spare(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil
    from typing import NamedTuple

    class Usage(NamedTuple):
        total: int
        used: int
        free: int

    def free(count: int) -> None:
        monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**10, 0, count))

    silent(0)
    free(1_100_000_000)
    assert watch() == 0
    free(900_000_000)
    assert watch() == 1
    assert "sisa 900 MB" in Notice.objects.get().subject
    free(1_100_000_000)
    assert watch() == 0, "still told of: it would flicker"
    free(1_300_000_000)
    assert watch() == 1


def released(office: Office) -> Story:
    office.post(coverage())
    office.work()
    story = Story.objects.get()
    move(story, "verify", office.person())
    office.work()
    return story


def test_what_has_rotted_is_told_with_its_place(office: Office, receiver: Receiver) -> None:
    story = released(office)
    silent(0)
    Package.objects.update(sound=False, error="data/photos/001.jpg tidak sama dengan yang disimpan.")
    Shelf.objects.filter(prefix="00").update(error="Berkas asli 00ab rusak.", parked=True)
    assert watch() == 1
    notice = Notice.objects.get(ended_at=None)
    assert story.headline in notice.body
    assert "001.jpg" in notice.body
    assert "00ab rusak" in notice.body
    Package.objects.update(sound=True, error="")
    assert watch() == 0, "one of two is still broken"
    Shelf.objects.update(error="", parked=False)
    assert watch() == 1


def test_a_site_that_refuses_is_told_once_however_many_stories_it_refuses(
    office: Office, receiver: Receiver
) -> None:
    released(office)
    silent(0)
    Delivery.objects.filter(site="kota").update(error="Situs belum menjawab.", parked=False)
    assert watch() == 0, "what heals by itself is no notice"
    Delivery.objects.filter(site="kota").update(error="Sandi ditolak.", parked=True)
    assert watch() == 1
    assert "Situs Kota menolak 1 berita" in Notice.objects.get().subject
    Delivery.objects.filter(site="info-publik").update(error="Sandi ditolak.", parked=True)
    assert watch() == 1, "another site is another trouble"
    assert watch() == 0


def test_a_site_that_refuses_every_story_is_one_notice_and_over_when_it_takes_them(
    office: Office, receiver: Receiver
) -> None:
    released(office)
    silent(0)
    Delivery.objects.filter(site="kota").update(sent_version=0, state="")
    Lane.to("kota").shut("Sandi ditolak.", timezone.now() + timedelta(hours=1), refused=True)
    assert watch() == 1
    notice = Notice.objects.get()
    assert notice.subject == "Situs Kota menolak kita; 1 berita menunggu"
    assert "Sandi ditolak." in notice.body
    assert watch() == 0
    Lane.to("kota").free()
    assert watch() == 1
    assert "Pulih" in Notice.objects.latest("id").subject


def test_a_site_that_is_away_is_told_after_half_an_hour_and_only_while_stories_wait(
    office: Office, receiver: Receiver
) -> None:
    story = released(office)
    silent(0)
    Lane.to("kota").shut("Tidak dapat dihubungi.", timezone.now() + timedelta(minutes=1), refused=False)
    Lane.objects.update(since=timezone.now() - timedelta(minutes=31))
    assert watch() == 0, "nobody misses it"
    story.refresh_from_db()
    move(story, "retract", office.person(), "Salah orang.")
    Lane.objects.update(since=timezone.now() - timedelta(minutes=29))
    assert watch() == 0, "updates and reboots take less"
    Lane.objects.update(since=timezone.now() - timedelta(minutes=31))
    assert watch() == 1
    assert "Situs Kota tidak dapat dipakai sejak" in Notice.objects.get().subject
    assert "1 di antaranya penarikan" in Notice.objects.get().body


def test_the_command_tells_everybody_and_names_no_secret(
    office: Office, use: Use, receiver: Receiver
) -> None:
    err = io.StringIO()
    call_command("notices", test=True, stderr=err)
    assert receiver.subjects == ["percobaan pemberitahuan"]
    receiver.refuses = True
    with pytest.raises(CommandError, match="1 dari 1"):
        call_command("notices", test=True, stderr=err)
    assert "TIDAK diterima" in err.getvalue()
    assert SECRET not in err.getvalue()
    use(SETTINGS)
    with pytest.raises(CommandError, match="isi bagian notices"):
        call_command("notices", test=True, stderr=err)


def test_the_command_lists_what_was_told(receiver: Receiver) -> None:
    silent(60)
    watch()
    deliver_notices()
    out = io.StringIO()
    call_command("notices", stdout=out)
    (row,) = [json.loads(line) for line in out.getvalue().splitlines()]
    assert (row["about"], row["kind"], row["ended_at"], row["error"]) == ("mailbox:lokal", "alarm", None, "")
    assert row["sent_at"]


# What the doctor says


def test_the_doctor_says_whether_somebody_would_be_told(
    office: Office, use: Use, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (notices.check().ok, "Belum diatur" in notices.check().sentence) == (True, True)
    use(SETTINGS + "notices: {urls_env: UJI_ALAMAT}\n")
    assert (notices.check().ok, "UJI_ALAMAT kosong" in notices.check().sentence) == (False, True)
    monkeypatch.setenv("UJI_ALAMAT", f"json://x:{SECRET}@127.0.0.1/ tidak://{SECRET}")
    finding = notices.check()
    assert (finding.ok, "tidak dikenal: tidak." in finding.sentence) == (False, True)
    assert SECRET not in finding.sentence
    monkeypatch.setenv("UJI_ALAMAT", f"json://x:{SECRET}@127.0.0.1/")
    assert notices.check().ok
    assert SECRET not in notices.check().sentence


def test_only_one_place_of_addresses_is_named(office: Office, use: Use) -> None:
    with pytest.raises(config.SettingsError, match="urls_env atau urls_file"):
        use(SETTINGS + "notices: {urls_env: A, urls_file: b}\n")
    (office.folder / "b").write_text("\n# kosong\n")
    use(SETTINGS + "notices: {urls_file: b}\n")
    assert "kosong" in notices.check().sentence
    Path(office.folder / "b").unlink()
    assert "tidak dapat dibaca" in notices.check().sentence


def test_the_doctor_tries_the_outgoing_server_without_sending(office: Office, use: Use) -> None:
    assert post.check().ok, "letters wait in a folder, and nobody has asked for more"
    use(SETTINGS + "outgoing: {acknowledge: true}\n")
    assert not post.check().ok, "acknowledgements that go nowhere are a mistake"
    with mail_server() as server:
        use(SETTINGS + f"outgoing: {{host: 127.0.0.1, port: {server.port}, security: none}}\n")
        assert post.check().ok
        assert server.letters == []
    finding = post.check()
    assert (finding.ok, "tidak menjawab" in finding.sentence) == (False, True)
