"""System checks with stable ids: wrong settings are told by `manage.py check`, not at midnight."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks

import config
import publishers
from ingest.lmtp import open_already
from newsroom.roles import Role
from pipeline.lmtp import cannot_listen
from pipeline.settings_file import folder_faults
from prose.checks import RULES


@checks.register("redaksi")
def sites_can_be_built(**_: Any) -> list[checks.CheckMessage]:
    """redaksi.E001: a site's part of settings.yaml is wrong."""
    faults: list[checks.CheckMessage] = []
    for site in settings.REDAKSI.sites:
        try:
            publishers.build(site)
        except config.SettingsError as error:
            faults.append(checks.Error(str(error), id="redaksi.E001"))
    return faults


@checks.register("redaksi")
def there_is_somewhere_to_publish(**_: Any) -> list[checks.CheckMessage]:
    """redaksi.W001, redaksi.W002: no site, or no mailbox."""
    faults: list[checks.CheckMessage] = []
    if not settings.REDAKSI.sites:
        faults.append(
            checks.Warning("sites: belum ada situs, jadi berita tidak akan tayang.", id="redaksi.W001")
        )
    if not settings.REDAKSI.mailboxes:
        faults.append(
            checks.Warning("mailboxes: belum ada kotak surel, jadi kiriman tidak masuk.", id="redaksi.W002")
        )
    return faults


@checks.register("redaksi")
def secrets_are_there(**_: Any) -> list[checks.CheckMessage]:
    """redaksi.W003: a password that the settings name is not there."""
    named = [
        (f"mailboxes.{mailbox.name}", mailbox.password_env, mailbox.password_file)
        for mailbox in settings.REDAKSI.mailboxes
        if mailbox.kind == "imap"
    ]
    outgoing = settings.REDAKSI.outgoing
    if outgoing.user:
        named.append(("outgoing", outgoing.password_env, outgoing.password_file))
    for site in settings.REDAKSI.sites:
        env, file = site.options.get("password_env"), site.options.get("password_file")
        if env or file:
            named.append((f"sites.{site.name}", env, Path(file) if file else None))
    faults: list[checks.CheckMessage] = []
    for place, env, file in named:
        try:
            config.secret(env, file)
        except config.SettingsError as error:
            faults.append(checks.Warning(f"{place}: {error}", id="redaksi.W003"))
    try:
        settings.REDAKSI.notices.urls()
    except config.SettingsError as error:
        faults.append(checks.Warning(f"notices: {error}", id="redaksi.W003"))
    return faults


@checks.register("redaksi")
def folder_sites_have_folders_of_their_own(**_: Any) -> list[checks.CheckMessage]:
    """redaksi.E002: two sites in one folder, or a site where the newsroom keeps its own files."""
    return [checks.Error(told, id="redaksi.E002") for told in folder_faults(settings.REDAKSI)]


@checks.register("redaksi")
def lmtp_can_listen(**_: Any) -> list[checks.CheckMessage]:
    """redaksi.W004: another program holds the address mail is to be handed over at."""
    wanted = settings.REDAKSI.lmtp
    if wanted is None or open_already(wanted) is not False:
        return []
    return [checks.Warning(cannot_listen(wanted, "sudah dipakai program lain"), id="redaksi.W004")]


@checks.register("redaksi")
def rules_that_are_off_exist(**_: Any) -> list[checks.CheckMessage]:
    """redaksi.W005: the settings switch off a rule that no rule is called."""
    unknown = sorted(set(settings.REDAKSI.checks.off) - set(RULES))
    told = "checks.off: tidak ada pemeriksaan bernama {}. Nama-namanya ada di docs/checks.md."
    return [checks.Warning(told.format(name), id="redaksi.W005") for name in unknown]


@checks.register("redaksi")
def roles_that_need_a_second_factor_exist(**_: Any) -> list[checks.CheckMessage]:
    """redaksi.W006: the settings demand a second factor of a role that no role is called."""
    unknown = sorted(set(settings.REDAKSI.signin.second_factor) - set(Role.values))
    told = "signin.second_factor: tidak ada peran bernama {}. Nama-namanya ada di docs/people.md."
    return [checks.Warning(told.format(name), id="redaksi.W006") for name in unknown]
