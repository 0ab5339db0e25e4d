#!/usr/bin/env python
"""Redaksi's commands; `manage.py help` lists them."""

import os
import sys


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "web.settings")
    try:
        import django.db.utils
        from django.core.management import execute_from_command_line

        import config
    except ModuleNotFoundError as error:
        print(f"{error.name} belum terpasang. Jalankan `make run` atau `make setup` dahulu.", file=sys.stderr)
        return 2
    try:
        execute_from_command_line(sys.argv)
    except config.SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    except django.db.utils.DatabaseError as error:
        print(_database_sentence(str(error)), file=sys.stderr)
        return 2
    except BrokenPipeError:
        # Whoever read our output has stopped reading, as `head` does.
        sys.stderr.close()
        return 1
    return 0


def _database_sentence(fault: str) -> str:
    if any(told in fault for told in ("no such table", "no such column", "relation", "column")):
        return "Basis data belum dibuat atau belum mutakhir. Jalankan `manage.py migrate`, lalu ulangi."
    if "password authentication failed" in fault or "no password supplied" in fault:
        return "Server PostgreSQL menolak kata sandinya. Periksa database.url dan tempat kata sandinya di settings.yaml."
    if "database" in fault and "does not exist" in fault:
        return "Basis data itu belum ada di server PostgreSQL. Buat dahulu dengan createdb, lalu jalankan `manage.py migrate`."
    if any(told in fault for told in ("connection failed", "could not", "timeout expired", "terminat")):
        return f"Server PostgreSQL tidak menjawab. Periksa database.url dan apakah server berjalan ({fault.splitlines()[0]})."
    if "full" in fault:
        return "Disk penuh, jadi basis data tidak dapat ditulis. Kosongkan ruang pada disk data, lalu ulangi."
    if "locked" in fault:
        return "Basis data sedang dipakai proses lain terlalu lama. Ulangi sebentar lagi."
    return f"Basis data tidak dapat dipakai ({fault}). Periksa folder data dan izinnya; `manage.py doctor` membantu."


if __name__ == "__main__":
    sys.exit(main())
