"""Django settings. What differs between installations comes from the environment, set by `voronka.cli`."""

import os
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from environ import Env

PACKAGE = Path(__file__).resolve().parent
DATA = Path(os.environ.get("VORONKA_DATA", PACKAGE.parent.parent / "data"))

DEBUG = False
SECRET_KEY = os.environ.get("VORONKA_SECRET_KEY", "")
ALLOWED_HOSTS = os.environ.get("VORONKA_HOSTS", "*").split(",")
BASE_URL = os.environ.get("VORONKA_BASE_URL", "")
CSRF_TRUSTED_ORIGINS = [BASE_URL] if BASE_URL.startswith("https://") else []
#: How many proxies of ours stand before the web server; 0: the peer is the client, X-Forwarded-For is not believed.
VORONKA_TRUSTED_PROXIES = int(os.environ.get("VORONKA_TRUSTED_PROXIES") or 0)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BASE_URL.startswith("https://") else None

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.postgres",
    "django_htmx",
    "procrastinate.contrib.django",
    "voronka.kernel",
    "voronka.staff",
    "voronka.clients",
    "voronka.channels",
    "voronka.messages",
    "voronka.tasks",
    "voronka.views",
    "voronka.catalogue",
    "voronka.deals",
    "voronka.conversations",
    "voronka.bulk",
    "voronka.imports",
    "voronka.duplicates",
    "voronka.process",
    "voronka.notices",
    "voronka.hooks",
    "voronka.intake",
    "voronka.presets",
    "voronka.api",
    "voronka.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "voronka.web.middleware.PersonMiddleware",
    "voronka.web.middleware.AnswerMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "voronka.api.middleware.ApiMiddleware",
]

ROOT_URLCONF = "voronka.urls"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
VORONKA_HANDLERS = "voronka.wiring.HANDLERS"
VORONKA_BASES = "voronka.wiring.BASES"
VORONKA_PARTS = "voronka.wiring.PARTS"
VORONKA_CHANNELS = "voronka.wiring.CHANNELS"
VORONKA_CONVERSATION_CHANNELS = "voronka.wiring.CONVERSATION_CHANNELS"
VORONKA_VEIL = "voronka.wiring.VEIL"
VORONKA_FILLING = "voronka.wiring.FILLING"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "voronka.web.jinja.environment",
            "context_processors": ["voronka.web.context.frame"],
        },
    },
]

_database = dj_database_url.parse(os.environ.get("DATABASE_URL", "postgres://localhost/voronka"))
_role = os.environ.get("VORONKA_DB_ROLE", "")
_database["OPTIONS"] = {
    # The server keeps the plans of statements that a connection has run five times; never those of pages.
    "server_side_binding": True,
    "prepare_threshold": None if os.environ.get("VORONKA_DB_PREPARE") == "never" else 5,
    **_database.get("OPTIONS", {}),
    **({"options": f"-c role={_role}"} if _role else {}),
}
if os.environ.get("VORONKA_DB_POOL"):
    _database["OPTIONS"]["pool"] = {"min_size": 1, "max_size": int(os.environ["VORONKA_DB_POOL"])}
else:
    _database["CONN_MAX_AGE"] = 600
    _database["CONN_HEALTH_CHECKS"] = True
DATABASES = {"default": _database}
if os.environ.get("VORONKA_MIGRATING"):
    # Migrations give way to people at work: the gentle form of each change, short waits for a lock, and what was cut
    # short goes on where it stopped. See docs/adr/0009.
    _database["ENGINE"] = "django_zero_downtime_migrations.backends.postgres"
    ZERO_DOWNTIME_MIGRATIONS_LOCK_TIMEOUT = "2s"
    ZERO_DOWNTIME_MIGRATIONS_STATEMENT_TIMEOUT = "10s"
    ZERO_DOWNTIME_MIGRATIONS_FLEXIBLE_STATEMENT_TIMEOUT = True
    ZERO_DOWNTIME_MIGRATIONS_IDEMPOTENT_SQL = True
    ZERO_DOWNTIME_MIGRATIONS_RAISE_FOR_UNSAFE = os.environ["VORONKA_MIGRATING"] == "strictly"

AUTH_USER_MODEL = "staff.Person"
AUTHENTICATION_BACKENDS = ["voronka.staff.backend.PersonBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "day"
SESSION_COOKIE_AGE = 30 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BASE_URL.startswith("https://")
SESSION_COOKIE_HTTPONLY = True

LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", "Русский"), ("en", "English")]
LOCALE_PATHS = sorted((PACKAGE / "locale").glob("*"))
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATICFILES_DIRS: list[Path] = []
STATIC_ROOT = PACKAGE / "web" / "static"
WHITENOISE_MAX_AGE = 3600
MEDIA_ROOT = DATA / "files"
MEDIA_URL = "/files/"
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

#: Where letters leave: smtp+tls://user:password@host:587. Empty: none are sent and none are offered.
EMAIL_URL = os.environ.get("VORONKA_EMAIL_URL", "")
if EMAIL_URL:
    vars().update(Env.email_url_config(EMAIL_URL))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("VORONKA_EMAIL_FROM") or vars().get("EMAIL_HOST_USER") or "voronka@localhost"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"secrets": {"()": "voronka.web.calendar.masking.MaskSecret"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["secrets"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # procrastinate tells of every job; what failed it tells as an error.
    "loggers": {"django.request": {"level": "ERROR"}, "procrastinate": {"level": "WARNING"}},
}
