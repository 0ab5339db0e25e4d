#!/usr/bin/env python
"""Redaksi's commands; `manage.py help` lists them."""

import os
import sys


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "web.settings")
    try:
        import config
    except ModuleNotFoundError as error:
        print(f"{error.name} belum terpasang. Jalankan `make run` atau `make setup` dahulu.", file=sys.stderr)
        return 2
    try:
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)
    except config.SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    except BrokenPipeError:
        # Whoever read our output has stopped reading, as `head` does.
        sys.stderr.close()
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
