"""The site's settings. What an operator may change comes from the environment (README)."""

import re

from csp.constants import NONCE, NONE, SELF
from django_prose_editor.config import html_tags
from environs import validate
from js_asset import static_lazy
from whitenoise.compress import Compressor

from config import logs
from config.environment import (
    BASE_DIR,
    MAIL_ADDRESS,
    address,
    color,
    language,
    mail_address,
    mail_server,
    networks,
    one_of,
    open_environment,
    read,
    refuse,
    security_contact,
    site_url,
    time_zone,
)

env, DATA_DIR = open_environment()

# --- What an operator sets ---------------------------------------------------------------

DEBUG = read(env.bool, "DEBUG", False)
SECRET_KEY = read(env.str, "SECRET_KEY", "")
if not SECRET_KEY:
    if not DEBUG:
        refuse("SECRET_KEY is not set. Set it, or run `make run`, which makes one.")
    SECRET_KEY = "only-for-development-" * 3

HOST = read(env.str, "HOST", "127.0.0.1")
PORT = read(env.int, "PORT", 8000, validate=validate.Range(min=1, max=65535))
WEB_WORKERS = read(env.int, "WEB_WORKERS", 2, validate=validate.Range(min=1, max=64))

# What the operator left to us, for `check --deploy`.
NOT_SET = {name for name in ("SITE_NAME", "SITE_URL") if not env.str(name, "").strip()}
SITE_NAME = read(env.str, "SITE_NAME", "Causes").strip() or "Causes"
_host_in_url = f"[{HOST}]" if ":" in HOST else HOST
SITE_URL = site_url(read(env.str, "SITE_URL", f"http://{_host_in_url}:{PORT}"))
BRAND_COLOR = color(read(env.str, "BRAND_COLOR", "").strip())
CONTACT_EMAIL = mail_address(read(env.str, "CONTACT_EMAIL", "").strip())
FOUR_EYES = one_of("FOUR_EYES", ("auto", "on", "off"), read(env.str, "FOUR_EYES", "auto"))
EMERGENCY_NUMBER = read(env.str, "EMERGENCY_NUMBER", "").strip()
# Templates may change while it is on.
PAGE_CACHE_MB = read(
    env.int, "PAGE_CACHE_MB", 0 if DEBUG else 32, validate=validate.Range(min=0, max=4096)
)
LEARN_FROM_SEARCHES = read(env.bool, "LEARN_FROM_SEARCHES", False)
REQUIRE_MFA = one_of(
    "REQUIRE_MFA", ("none", "publishers", "all"), read(env.str, "REQUIRE_MFA", "none")
)
# Minutes: without work, and in all.
SESSION_IDLE = read(env.int, "SESSION_IDLE", 120, validate=validate.Range(min=5, max=1440))
SESSION_LENGTH = read(env.int, "SESSION_LENGTH", 720, validate=validate.Range(min=5, max=10080))
if SESSION_IDLE > SESSION_LENGTH:
    refuse("SESSION_IDLE must not be longer than SESSION_LENGTH.")
TIME_ZONE = time_zone(read(env.str, "TIME_ZONE", "UTC"))
LANGUAGE_CODE = language(read(env.str, "LANGUAGE_CODE", "en-us").strip())
HSTS = read(env.int, "HSTS", 3600, validate=validate.Range(min=0))
HSTS_SUBDOMAINS = read(env.bool, "HSTS_SUBDOMAINS", False)
HSTS_PRELOAD = read(env.bool, "HSTS_PRELOAD", False)
SECURITY_CONTACT = security_contact(read(env.str, "SECURITY_CONTACT", "").strip())
BACKUP_MAX_AGE = read(env.int, "BACKUP_MAX_AGE", 26, validate=validate.Range(min=0))  # hours
LOG_FORMAT = one_of(
    "LOG_FORMAT", ("json", "text"), read(env.str, "LOG_FORMAT", logs.default_format(debug=DEBUG))
)
LOG_LEVEL = one_of(
    "LOG_LEVEL", ("debug", "info", "warning", "error"), read(env.str, "LOG_LEVEL", "info")
)
ACCESS_LOG = one_of("ACCESS_LOG", ("none", "errors", "all"), read(env.str, "ACCESS_LOG", "errors"))
METRICS_ADDRESS = address("METRICS_ADDRESS", read(env.str, "METRICS_ADDRESS", "").strip())

_site_host = re.sub(r":\d+$", "", SITE_URL.split("://")[1])
_mail_domain = _site_host if MAIL_ADDRESS.fullmatch(f"causes@{_site_host}") else "localhost"
ALLOWED_HOSTS = read(env.list, "ALLOWED_HOSTS", [_site_host, "127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = read(env.list, "CSRF_TRUSTED_ORIGINS", [])
TRUSTED_PROXIES = networks(read(env.list, "TRUSTED_PROXIES", []))
DATABASES = {
    "default": read(env.dj_db_url, "DATABASE_URL", f"sqlite:///{DATA_DIR / 'causes.sqlite3'}")
}

# Mail to editors; without a server it is written to the log, but for links that are keys.
_mail = read(env.dj_email_url, "EMAIL_URL", "console:")
globals().update(mail_server(_mail))
HAS_MAIL_SERVER = "console" not in _mail["EMAIL_BACKEND"] and "dummy" not in _mail["EMAIL_BACKEND"]

# --- What follows from it ----------------------------------------------------------------

_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    _database["ENGINE"] = "config.sqlite3"
    # IMMEDIATE: a transaction that reads and then writes would fail as "database is locked".
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 5,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    # A file, because the tests that race two savers need two connections.
    _database["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}
elif _database["ENGINE"].endswith("postgresql"):
    # No request waits for ever: not for a server that is gone (the connection is given up after
    # 5 to 9 seconds), not for a query or a lock. What DATABASE_URL says itself comes first.
    if "options" not in _database.get("OPTIONS", {}):  # which may allow for longer statements
        _database["ENGINE"] = "config.postgresql"
    _database["OPTIONS"] = {
        "connect_timeout": 2,
        "tcp_user_timeout": 5000,
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 2,
        "options": "-c statement_timeout=30s -c lock_timeout=5s",
    } | _database.get("OPTIONS", {})
else:
    refuse("DATABASE_URL must be for SQLite or PostgreSQL.")
# On SQLite a new connection and its pragmas cost a tenth of a page, a look at the file 2 us.
_database |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}

DEFAULT_FROM_EMAIL = CONTACT_EMAIL or f"causes@{_mail_domain}"
HTTPS = SITE_URL.startswith("https://")
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = HSTS if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS, SECURE_HSTS_PRELOAD = HSTS_SUBDOMAINS, HSTS_PRELOAD
SECURE_REFERRER_POLICY = "same-origin"  # a source is not told that its reader was here
X_FRAME_OPTIONS = "DENY"
# Whether subdomains and browsers' preload lists are bound too is the operator's to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],  # the nonce is sent only by pages that ask for it
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "report-uri": "/csp-report",  # Firefox and Safari
        "report-to": "csp",  # Chromium; `Reporting-Endpoints` says where it is
    }
}

INSTALLED_APPS = [
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "causes",  # before Django's own: its templates and its `loaddata` come first
    "django_prose_editor",
    "csp",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    # Headers first, so that static files, refusals and the redirect to HTTPS carry them too.
    "causes.public.middleware.ContentSecurityPolicy",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "causes.public.middleware.state_policies",
    "django.middleware.security.SecurityMiddleware",
    "causes.public.middleware.refuse_malformed_requests",
    "causes.public.middleware.send_files_whole",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "causes.public.middleware.say_what_is_unavailable",
    "causes.public.middleware.tell_caches",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "causes.monitoring.middleware.name_the_account",
    "causes.people.sessions.end_sessions",
    "allauth.account.middleware.AccountMiddleware",
    "causes.people.requirement.require_second_factor",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
CSRF_FAILURE_VIEW = "causes.public.errors.csrf_failure"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "causes.public.site.site",
            ],
        },
    },
]

DJANGO_PROSE_EDITOR_EXTENSIONS = [
    {
        "js": [static_lazy("causes/editor.js")],
        "extensions": {"NoInlineStyle": html_tags([])},
    }
]

FIXTURE_DIRS = [BASE_DIR / "fixtures"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TAGGIT_CASE_INSENSITIVE = True
# NIST SP 800-63B: length and known passwords; nothing about kinds of characters.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
    )
]

# --- Signing in: `causes.people` ----------------------------------------------------------

AUTHENTICATION_BACKENDS = [
    "causes.people.throttle.ThrottleBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL, LOGIN_REDIRECT_URL = "account_login", "admin:index"
SESSION_COOKIE_AGE = SESSION_IDLE * 60  # `causes.people.sessions` does the rest

ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_ADAPTER = "causes.people.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]  # nobody signs up
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_REAUTHENTICATION_METHODS = ("password", "mfa")
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False  # those count in each process by itself
ACCOUNT_FORMS = {
    "login": "causes.people.forms.SignInForm",
    "change_password": "causes.people.forms.ChangePasswordForm",
    "reauthenticate": "causes.people.forms.ConfirmForm",
}
MFA_ADAPTER = "causes.people.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an administrator gave the address
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = 1  # RFC 6238, 5.2: one step for slow clocks and fingers
MFA_FORMS = {
    "authenticate": "causes.people.forms.CodeForm",
    "reauthenticate": "causes.people.forms.ConfirmByCodeForm",
    "activate_totp": "causes.people.forms.ActivateForm",
    "add_webauthn": "causes.people.forms.AddPasskeyForm",
    "authenticate_webauthn": "causes.people.forms.PasskeyForm",
    "login_webauthn": "causes.people.forms.SignInByPasskeyForm",
    "reauthenticate_webauthn": "causes.people.forms.ConfirmByPasskeyForm",
}

AXES_HANDLER = "causes.people.throttle.Throttle"
AXES_LOCKOUT_CALLABLE = "causes.people.screens.locked"
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]  # `throttle.py` says how they are counted
AXES_USERNAME_FORM_FIELD = "username"
AXES_ENABLE_ADMIN = AXES_VERBOSE = False

# The form of a page with many rows has thousands of fields; Django's own limit is a thousand.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000  # bytes

USE_I18N = USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_FINDERS = [
    "causes.public.brand_files.BrandFinder",  # before the files that it stands in for
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# Source maps are for developers; compressing them takes most of the time.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

LOGGING = logs.configuration(LOG_FORMAT, LOG_LEVEL.upper())
logs.keep_out(
    [
        SECRET_KEY,
        logs.password_of(env.str("DATABASE_URL", "")),
        logs.password_of(env.str("EMAIL_URL", "")),
    ]
)
