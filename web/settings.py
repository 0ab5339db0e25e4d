"""Django's own settings, all derived from settings.yaml; nothing is decided here by an operator."""

from __future__ import annotations

import os
import secrets
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import config

BASE_DIR = Path(__file__).parent.parent
REDAKSI = config.load()


def _data_folder() -> Path:
    try:
        REDAKSI.data.mkdir(parents=True, exist_ok=True)
        if not os.access(REDAKSI.data, os.W_OK):
            raise PermissionError(13, "tidak boleh ditulisi")
    except OSError as error:
        raise config.SettingsError(
            f"data: folder {REDAKSI.data} tidak dapat dipakai ({error.strerror}). Periksa pemilik dan izinnya."
        ) from error
    return REDAKSI.data


def _secret_key() -> str:
    """Make the key once; it signs sessions and lives only in the data folder."""
    file = DATA / "secret_key"
    if not file.exists():
        fresh = file.with_name(f"secret_key.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(50))
        try:
            os.link(fresh, file)  # whoever comes second uses the first one's key
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return file.read_text()


def _provider(oidc: config.Oidc) -> dict[str, object]:
    """Describe the provider as allauth wants it. Raises SettingsError when its secret is not there."""
    return {
        "provider_id": "kantor",
        "name": oidc.title,
        "client_id": oidc.client_id,
        "secret": config.secret(oidc.client_secret_env, oidc.client_secret_file),
        "settings": {"server_url": oidc.issuer},
    }


def _in_data_folder() -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA / "redaksi.sqlite3",
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            # Without these, two writers fail with "database is locked".
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }


def _on_server() -> dict[str, object]:
    """Return PostgreSQL's settings. Raises SettingsError when its driver or its password is not there."""
    if find_spec("psycopg") is None:
        raise config.SettingsError(
            "database: PostgreSQL memerlukan pustaka psycopg. Pasang: .venv/bin/pip install 'psycopg[binary]'"
        )
    known = REDAKSI.database.connection()
    waits = {"connect_timeout": 10, "options": "-c lock_timeout=30s"}
    return {
        "ENGINE": "web.postgresql",
        **known,
        "OPTIONS": {**waits, **known["OPTIONS"]},  # type: ignore[dict-item]
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


DATA = _data_folder()
SECRET_KEY = _secret_key()
_public = urlsplit(REDAKSI.web.public_url)
SECURE = _public.scheme == "https"

OIDC = REDAKSI.signin.oidc

DEBUG = False
ALLOWED_HOSTS = sorted({_public.hostname or "localhost", "127.0.0.1", "localhost", "[::1]"})
CSRF_TRUSTED_ORIGINS = [REDAKSI.web.public_url]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    *(("allauth.socialaccount", "allauth.socialaccount.providers.openid_connect") if OIDC else ()),
    "newsroom",
    "pipeline",
    "web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "web.served.CompressedTexts",
    "web.served.StaticFiles",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "web.middleware.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "web.middleware.ContentSecurityPolicy",
    "web.middleware.OfficeZone",
    "web.middleware.FreshSites",
    "web.middleware.SeenSessions",
    "web.middleware.SecondFactorFirst",
    "web.middleware.ReadersOnlyRead",
]
ROOT_URLCONF = "web.urls"
WSGI_APPLICATION = "web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "web" / "templates", BASE_DIR / "web" / "public"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "newsroom.context.frame",
            ],
        },
    }
]

DATABASES = {"default": _on_server() if REDAKSI.database.url else _in_data_folder()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "newsroom.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "web.accounts.InvitationOnly"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {
    "approval": "40/10m/ip,12/5m/key",  # answers by a link, from one address and to one link
    "try_channel": "10/10m/user",  # each try sends something
    "upload": "60/1h/key",  # sendings one person begins
}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE else "http"
MFA_ADAPTER = "web.accounts.SecondFactor"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are the office's to write, not to be proven
MFA_TOTP_TOLERANCE = 1  # phones' clocks are up to half a minute off
SOCIALACCOUNT_ADAPTER = "web.oidc.KnownPeopleOnly"
SOCIALACCOUNT_PROVIDERS = (
    {"openid_connect": {"APPS": [_provider(OIDC)], "OAUTH_PKCE_ENABLED": True}} if OIDC else {}
)
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/masuk/"
LOGIN_URL = "/masuk/"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Pages of the public archive: readers' visits never push out what the default one counts.
    "public": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "public",
        "OPTIONS": {"MAX_ENTRIES": 1000},
    },
}

LANGUAGE_CODE = REDAKSI.office.language
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "web" / "locale"]
TIME_ZONE = REDAKSI.office.zone
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "web.served.NamedFiles"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "mail.log": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},  # aiosmtpd
        "bagit": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django.server": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}
