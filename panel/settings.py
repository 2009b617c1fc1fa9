"""Django's settings for the panel; the environment may set what differs by machine.

`DATABASE_URL` (SQLite under `panel/var/` unless set), `PORT` (8000), `DEBUG` (off).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import django
from django.utils.translation import gettext_lazy as _

from panel.database import read_database_url
from panel.secret_key import load_secret_key

PANEL_DIR = Path(__file__).resolve().parent
VAR_DIR = PANEL_DIR / "var"
VAR_DIR.mkdir(exist_ok=True)

PORT = os.environ.get("PORT") or "8000"
DEBUG = os.environ.get("DEBUG", "").lower() in {"1", "true", "yes", "on"}

SECRET_KEY = load_secret_key(VAR_DIR / "secret_key")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]

INSTALLED_APPS = [
    "panel.apps.PanelAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "agent_connector",
    "panel.permissions",
    "panel.shop",
    "panel.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "panel.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "panel.charset.FormsInUTF8Middleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "agent_connector.admin.middleware.MCPInfoTabMiddleware",
]

ROOT_URLCONF = "panel.urls"
WSGI_APPLICATION = "panel.wsgi.application"
ASGI_APPLICATION = "panel.asgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PANEL_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "libraries": {"panel": "panel.template_tags"},
        },
    }
]

DATABASES = {
    "default": read_database_url(
        os.environ.get("DATABASE_URL") or f"sqlite:///{VAR_DIR / 'panel.sqlite3'}"
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator"},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
]
LOGIN_URL = "admin:login"

# Each reader's browser chooses between these; what agents read stays in the first.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [PANEL_DIR / "locale"]
TIME_ZONE = "UTC"
USE_I18N = True
FORMAT_MODULE_PATH = ["panel.formats"]
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [PANEL_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG

# Mail becomes files below panel/var/mail: nothing leaves this computer.
DEFAULT_FROM_EMAIL = '"Harbour & Pine" <panel@example.com>'
_MAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
_MAIL_DIR = VAR_DIR / "mail"
if django.VERSION >= (6, 1):
    MAILERS = {
        "default": {"BACKEND": _MAIL_BACKEND, "OPTIONS": {"file_path": _MAIL_DIR}}
    }
else:
    EMAIL_BACKEND, EMAIL_FILE_PATH = _MAIL_BACKEND, _MAIL_DIR

X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_NAME = "panel_session"
CSRF_COOKIE_NAME = "panel_csrf"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

# No request line is logged: the query of a sign-in carries one-time codes.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.request": {"level": "ERROR"},
        "django.server": {"handlers": [], "level": "ERROR", "propagate": True},
        "agent_connector": {"level": "INFO"},
        # It warns of each answer to HEAD, whose body it rightly drops.
        "gunicorn.http.wsgi": {"level": "ERROR"},
    },
}

AGENT_CONNECTOR = {
    "SITE_URL": f"http://127.0.0.1:{PORT}",
    "ADMIN_SITE": "panel.site.site",
}
