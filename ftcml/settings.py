"""Every knob of the server, each from the environment, with a default that works on a laptop."""

import os
import re
import secrets
import ssl
import sys
from collections import ChainMap
from contextlib import suppress
from pathlib import Path
from typing import Any

import environ
from django.core.checks.security.base import SECRET_KEY_MIN_LENGTH

from ftcml.core import far_hosts
from ftcml.core.files import data_folder, secret_files
from ftcml.core.logging import logs
from ftcml.core.requests import client_limits

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
try:
    env.ENVIRON = ChainMap(secret_files.given(os.environ), os.environ)
except secret_files.SecretRefused as refusal:
    sys.exit(str(refusal))

# Everything the server writes lies under this one folder.
DATA_DIR = data_folder.private(Path(env("FTCML_DATA", default=str(BASE_DIR / "var"))).expanduser().resolve())


def _kept_secret(path: Path) -> str:
    """The secret in `path`; made on first use, and by one process only when several start at once."""
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(50))
        with suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text().strip()


def _secret_key() -> str:
    """SECRET_KEY, or the one that this server made for itself. Ends the program where the first is easy to guess."""
    given = env("SECRET_KEY", default="")
    if given and len(given) < SECRET_KEY_MIN_LENGTH:
        sys.exit(
            f"SECRET_KEY has {len(given)} characters, but needs {SECRET_KEY_MIN_LENGTH} to keep sign-ins safe. Make a "
            "new one with  openssl rand -hex 32  and start again. Everyone then signs in again."
        )
    return given or _kept_secret(DATA_DIR / "secret_key")


def _broker_url() -> str:
    """REDIS_URL, or the address that `make run` wrote down when it started the embedded broker."""
    kept = "redis://127.0.0.1:6379/0"
    with suppress(OSError, UnicodeError):
        kept = (DATA_DIR / "broker" / "url").read_text().strip() or kept
    return env("REDIS_URL", default="") or kept


def _team_files() -> dict[str, Any]:
    """The storage of what teams own: the bucket that FTCML_S3_BUCKET names, else a folder of DATA_DIR."""
    bucket = env("FTCML_S3_BUCKET", default="")
    if not bucket:
        options = {"location": str(DATA_DIR / "files"), "base_url": None, "allow_overwrite": True}
        return {"BACKEND": "ftcml.core.files.folder.Folder", "OPTIONS": options}
    options = {
        "bucket_name": bucket,
        "location": env("FTCML_S3_PREFIX", default="").strip("/"),
        "endpoint_url": env("FTCML_S3_ENDPOINT_URL", default="") or None,
        "region_name": env("FTCML_S3_REGION", default="") or None,
        "access_key": env("FTCML_S3_ACCESS_KEY_ID", default="") or None,
        "secret_key": env("FTCML_S3_SECRET_ACCESS_KEY", default="") or None,
    }
    return {"BACKEND": "ftcml.core.files.bucket.Bucket", "OPTIONS": options}


# Whether `make run` starts a broker of its own.
BROKER_IS_EMBEDDED = not env("REDIS_URL", default="")


def _issuer() -> str:
    """FTCML_OIDC_ISSUER. Ends the program where others on the network could read what it sends."""
    issuer = env("FTCML_OIDC_ISSUER", default="").rstrip("/")
    if issuer and not issuer.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
        sys.exit("FTCML_OIDC_ISSUER must begin with https://. Correct the setting and start again.")
    return issuer


def _team_pattern() -> re.Pattern[str]:
    """FTCML_OIDC_TEAM_PATTERN. Ends the program where it isn't a pattern that names a team."""
    pattern = env("FTCML_OIDC_TEAM_PATTERN", default=r"team-(?P<number>\d+)(?P<coach>-coach)?")
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        sys.exit(f"FTCML_OIDC_TEAM_PATTERN isn't a regular expression: {error}. Correct it and start again.")
    if "number" not in compiled.groupindex:
        sys.exit("FTCML_OIDC_TEAM_PATTERN needs a group (?P<number>…). Correct the setting and start again.")
    return compiled


def _mail() -> dict[str, Any]:
    """How mail is sent: by EMAIL_URL, else by EMAIL_HOST and its companions. An empty EMAIL_HOST: not at all."""
    if url := env("EMAIL_URL", default=""):
        given = env.email_url_config(url)
    else:
        given = {
            "EMAIL_HOST": env("EMAIL_HOST", default=""),
            "EMAIL_PORT": env.int("EMAIL_PORT", default=0),
            "EMAIL_HOST_USER": env("EMAIL_HOST_USER", default=""),
            "EMAIL_HOST_PASSWORD": env("EMAIL_HOST_PASSWORD", default=""),
            "EMAIL_USE_TLS": env.bool("EMAIL_USE_TLS", default=False),
            "EMAIL_USE_SSL": env.bool("EMAIL_USE_SSL", default=False),
        }
    usual = 465 if given.get("EMAIL_USE_SSL") else 587 if given.get("EMAIL_USE_TLS") else 25
    return {**given, "EMAIL_PORT": given.get("EMAIL_PORT") or usual}


# Whether the first run of a new server makes demo accounts and a sample dataset.
DEMO = env.bool("FTCML_DEMO", default=True)
SECRET_KEY = _secret_key()
DEBUG = env.bool("DEBUG", default=False)
HOST = env("FTCML_HOST", default="127.0.0.1")
PORT = env.int("FTCML_PORT", default=8000)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", HOST])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    # Of allauth, what signing in through a provider and in two steps stands on. No page of it has an address.
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
    "ftcml.audit",
    "ftcml.accounts",
    "ftcml.installation",
    "ftcml.integrations",
    "videos",
    "datasets",
    "training",
    "ftcml.privacy",
    "ftcml.console",
    "ftcml.backups",
    "ftcml.launcher",
]

MIDDLEWARE = [
    "ftcml.core.logging.request_logs.RequestLogMiddleware",
    "ftcml.core.requests.readable_text.ReadableMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "ftcml.core.requests.security_headers.HeadersMiddleware",
    "ftcml.launcher.room.plain_door.PlainDoorMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    # Before the next one, which reads all of an upload.
    "ftcml.accounts.pages.page_owner.PageOwnerMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "ftcml.accounts.pages.middleware.PrivatePagesMiddleware",
    "ftcml.accounts.pages.middleware.ActiveTeamMiddleware",
    "ftcml.accounts.pages.signing_in.two_steps.OperatorsMiddleware",
    # By now it is known who sends a large request, and none of it has been read.
    "ftcml.serving.gate.Gate",
    "ftcml.console.pages.maintenance.MaintenanceMiddleware",
    "ftcml.audit.in_admin.AdminLooksMiddleware",
    "ftcml.accounts.pages.middleware.NotNowMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "ftcml.urls"
WSGI_APPLICATION = "ftcml.wsgi.application"

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
                "ftcml.accounts.pages.page_context.header",
                "ftcml.console.pages.banner.banner",
            ],
            "builtins": ["ftcml.core.page_parts", "django.contrib.humanize.templatetags.humanize"],
        },
    }
]

# --- database -------------------------------------------------------------------------------------

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # A writer that must wait for another waits at its BEGIN, where SQLite honors the busy timeout.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    # A connection is kept for a minute, and replaced at its next use when the database was restarted meanwhile.
    DATABASES["default"] = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, **DATABASES["default"]}
    DATABASES["default"]["OPTIONS"] = {**far_hosts.POSTGRES, **DATABASES["default"].get("OPTIONS", {})}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- people ---------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTHENTICATION_BACKENDS = ["ftcml.accounts.backends.OpenAccounts"]
# Accounts that nobody may sign in with though they exist.
CLOSED_ACCOUNTS = env.list("FTCML_CLOSED_ACCOUNTS", default=[])
PASSWORD_HASHERS = ["ftcml.accounts.services.hashing.FewAtATime"]
# Wrong passwords for one name at one address, and from one address, behind which a whole school may stand.
SIGN_IN_RATE = env("FTCML_SIGN_IN_RATE", default="10/min")
SIGN_IN_ADDRESS_RATE = env("FTCML_SIGN_IN_ADDRESS_RATE", default="120/min")
# After how long without use a program's token ends.
TOKEN_DAYS = env.int("FTCML_TOKEN_DAYS", default=90)
# How long the access log keeps who did what.
ACCESS_LOG_DAYS = env.int("FTCML_ACCESS_LOG_DAYS", default=365)
TEAM_SECONDS_ALLOWED = 60 * env.int("FTCML_TEAM_MINUTES", default=600)

# --- signing in through a provider ------------------------------------------------------------------

# Off while there is no issuer: docs/operators/sign-in.md.
OIDC_ISSUER = _issuer()
OIDC_CLIENT_ID = env("FTCML_OIDC_CLIENT_ID", default="")
OIDC_CLIENT_SECRET = env("FTCML_OIDC_CLIENT_SECRET", default="")
OIDC_NAME = env("FTCML_OIDC_NAME", default="School Account")
OIDC_SCOPES = env("FTCML_OIDC_SCOPES", default="openid profile").split()
# Which claim names a person's teams, and how each of its values names one.
OIDC_TEAMS_CLAIM = env("FTCML_OIDC_TEAMS_CLAIM", default="groups")
OIDC_TEAM_PATTERN = _team_pattern()
OIDC_MAKE_TEAMS = env.bool("FTCML_OIDC_MAKE_TEAMS", default=False)
# The value of that claim that makes an operator; empty: none does.
OIDC_OPERATORS = env("FTCML_OIDC_OPERATORS", default="")

# --- a second step of signing in --------------------------------------------------------------------

MFA_ADAPTER = "ftcml.accounts.services.two_step.sealing.Sealed"
MFA_TOTP_TOLERANCE = 1  # half minutes that a phone's clock may be off
# Whether operators reach the console and the admin only with it.
TWO_STEP_OPERATORS = env.bool("FTCML_TWO_STEP_OPERATORS", default=False)
# --- mail -----------------------------------------------------------------------------------------

_MAIL = _mail()
EMAIL_BACKEND = _MAIL.get("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
EMAIL_HOST, EMAIL_PORT = _MAIL["EMAIL_HOST"] or "", _MAIL["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL["EMAIL_HOST_USER"] or "", _MAIL["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = bool(_MAIL.get("EMAIL_USE_TLS")), bool(_MAIL.get("EMAIL_USE_SSL"))
EMAIL_TIMEOUT = 10
MAIL_IS_SET = bool(EMAIL_HOST)
_sender = EMAIL_HOST_USER if "@" in EMAIL_HOST_USER else f"ftcml@{EMAIL_HOST}"
DEFAULT_FROM_EMAIL = env("FTCML_MAIL_FROM", default=_sender)
# The address that people open, with which links in mails begin; empty: the one that the request came to.
SITE_ADDRESS = env("FTCML_ADDRESS", default="") or next((one for one in CSRF_TRUSTED_ORIGINS if "*" not in one), "")
# How long the link to a new password works.
PASSWORD_RESET_TIMEOUT = 2 * 3600

# --- a room ---------------------------------------------------------------------------------------

# By which names or addresses the room reaches this machine, where it cannot find them itself.
ROOM_HOSTS = env.list("FTCML_ROOM_HOSTS", default=[])
# What the room opens, the best first. `make share` sets it for its children; elsewhere there is no room.
ROOM_ADDRESSES = env.list("FTCML_ROOM_ADDRESSES", default=[])
# The file with the certificate and the key of a room with HTTPS. `make share HTTPS=1` sets it for its children.
ROOM_CERTIFICATE = env("FTCML_ROOM_CERTIFICATE", default="")

# --- security -------------------------------------------------------------------------------------

HTTPS = env.bool("FTCML_HTTPS", default=False)
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS or bool(ROOM_CERTIFICATE)
if ROOM_CERTIFICATE:
    # Names of their own: a page over plain HTTP can't replace a cookie of HTTPS, and the next room may have none.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
# Who watches the server asks it at its own address, behind the proxy.
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$", "^metrics$"]
# Never with a certificate that a room made itself: browsers would then let no one past their warning.
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# HSTS is for our name alone: other servers may be called by names below it, and the browsers' own list is for ever.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
# What a page may load: security_headers.py. Try it compiles WebAssembly, and chosen pictures and videos are blobs.
CONTENT_SECURITY_POLICY = {
    "default-src": "'self'",
    "script-src": "'self' 'wasm-unsafe-eval'",
    "img-src": "'self' data: blob:",
    "media-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
}
# What of the computer a page may use: Try it looks through the camera, and nothing listens or asks where it is.
PERMISSIONS_POLICY = {
    "camera": "(self)",
    **dict.fromkeys(
        ("accelerometer", "geolocation", "gyroscope", "magnetometer", "microphone", "payment", "usb"), "()"
    ),
}
CSRF_FAILURE_VIEW = "ftcml.accounts.pages.failures.stale_form"
# A session ends with the browser, and after a school day where a browser brings back its windows with their cookies.
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = 12 * 3600
# The session of who asks to be kept signed in.
KEPT_SESSION_SECONDS = 14 * 24 * 3600
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

# --- language and time ----------------------------------------------------------------------------

LANGUAGE_CODE = "en-us"
TIME_ZONE = env("TIME_ZONE", default="UTC")
USE_I18N = USE_TZ = True

# --- files ----------------------------------------------------------------------------------------

STATIC_URL = "/static/"
_packages = BASE_DIR / "node_modules"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("bootstrap", _packages / "bootstrap" / "dist"),
    ("bootstrap-icons", _packages / "bootstrap-icons" / "font"),
    ("htmx", _packages / "htmx.org" / "dist"),
    ("idiomorph", _packages / "idiomorph" / "dist"),
    ("uplot", _packages / "uplot" / "dist"),
    ("litert", _packages / "@litertjs"),
    ("tus", _packages / "tus-js-client" / "dist"),
    ("noble-hashes", _packages / "@noble" / "hashes"),
]
WHITENOISE_USE_FINDERS = True

STORAGES = {
    # What teams own: frames, shards, checkpoints, models. Reached through ftcml/core/files/storage.py only.
    "default": _team_files(),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Imports and trainings are refused while less is free on the disk of DATA_DIR.
DISK_RESERVE_BYTES = env.int("FTCML_DISK_RESERVE_BYTES", default=2 * 1000**3)
# How much one team may store, where an operator sets nothing else for it; None: no limit.
TEAM_MAX_STORAGE_BYTES = env.int("FTCML_TEAM_MAX_STORAGE_BYTES", default=0) or None
FILE_UPLOAD_PERMISSIONS = 0o600
# How long a deleted dataset or model stays in its team's trash.
TRASH_DAYS = env.int("FTCML_TRASH_DAYS", default=7)
# How long stored files stay that the database doesn't know: it may be an older copy.
QUARANTINE_DAYS = env.int("FTCML_QUARANTINE_DAYS", default=7)
WORK_DIR = DATA_DIR / "work"
# Copies of shards that a training machine keeps, where they come from S3: so many bytes, those used last.
SHARD_COPIES_DIR = DATA_DIR / "shard-copies"
SHARD_COPIES_BYTES = env.int("FTCML_SHARD_COPIES_BYTES", default=10 * 1000**3)
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "uploads"
FILE_UPLOAD_TEMP_DIR.mkdir(exist_ok=True)
FILE_UPLOAD_HANDLERS = [
    "ftcml.core.files.uploads.SizeGuard",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- limits of an import --------------------------------------------------------------------------

IMPORT_MAX_ARCHIVE_BYTES = env.int("FTCML_IMPORT_MAX_ARCHIVE_BYTES", default=2 * 1024**3)
IMPORT_MAX_UNPACKED_BYTES = env.int("FTCML_IMPORT_MAX_UNPACKED_BYTES", default=8 * 1024**3)
IMPORT_MAX_FILES = env.int("FTCML_IMPORT_MAX_FILES", default=60_000)
IMPORT_MAX_PIXELS = env.int("FTCML_IMPORT_MAX_PIXELS", default=64_000_000)
IMPORT_MAX_PICTURE_BYTES = env.int("FTCML_IMPORT_MAX_PICTURE_BYTES", default=64 * 1024**2)
IMPORT_MAX_ATTEMPTS = 3
# Of an import as a whole, in a process of its own. Large honest sets stay far below each.
IMPORT_MAX_MEMORY_BYTES = env.int("FTCML_IMPORT_MAX_MEMORY_BYTES", default=2 * 1000**3)
IMPORT_MAX_PROCESSOR_SECONDS = env.int("FTCML_IMPORT_MAX_PROCESSOR_SECONDS", default=3600)
IMPORT_MAX_SECONDS = env.int("FTCML_IMPORT_MAX_SECONDS", default=3 * 3600)
# So long a processor may be at one step of it, such as one file. A step that takes longer will hardly end.
IMPORT_MAX_STEP_SECONDS = env.int("FTCML_IMPORT_MAX_STEP_SECONDS", default=120)
TEAM_MAX_DATASETS = env.int("FTCML_TEAM_MAX_DATASETS", default=20)
DATA_UPLOAD_MAX_MEMORY_SIZE = client_limits.SMALL_REQUEST_BYTES

# --- limits of videos -----------------------------------------------------------------------------

TEAM_MAX_VIDEOS = env.int("FTCML_TEAM_MAX_VIDEOS", default=50)
# After how many days without work a video goes to the trash; 0: never.
VIDEO_DAYS = env.int("FTCML_VIDEO_DAYS", default=0)
VIDEO_MAX_BYTES = env.int("FTCML_VIDEO_MAX_BYTES", default=100 * 1000**2)
VIDEO_MAX_SECONDS = env.int("FTCML_VIDEO_MAX_SECONDS", default=120)
VIDEO_MAX_FRAMES = env.int("FTCML_VIDEO_MAX_FRAMES", default=1000)
VIDEO_MAX_PIXELS = env.int("FTCML_VIDEO_MAX_PIXELS", default=3840 * 2160)
FRAME_MAX_BOXES = env.int("FTCML_FRAME_MAX_BOXES", default=100)
# The ONNX file of ViTTrack, which an operator may install (docs/operators/imports.md).
VIT_TRACKER_FILE = env.str("FTCML_VIT_TRACKER_FILE", default="")
# Of taking the frames out of one video, in a process of its own.
EXTRACTION_MAX_MEMORY_BYTES = env.int("FTCML_EXTRACTION_MAX_MEMORY_BYTES", default=2 * 1000**3)
EXTRACTION_MAX_PROCESSOR_SECONDS = env.int("FTCML_EXTRACTION_MAX_PROCESSOR_SECONDS", default=3600)
EXTRACTION_MAX_SECONDS = env.int("FTCML_EXTRACTION_MAX_SECONDS", default=3600)
# So long a processor may be at one step of it, such as one frame.
EXTRACTION_MAX_STEP_SECONDS = env.int("FTCML_EXTRACTION_MAX_STEP_SECONDS", default=120)
EXTRACTION_MAX_ATTEMPTS = 3
# Of one run of a tracker, in a process of its own; and how many of a team's there are at once.
TEAM_MAX_TRACKINGS = env.int("FTCML_TEAM_MAX_TRACKINGS", default=3)
TRACKING_MAX_MEMORY_BYTES = env.int("FTCML_TRACKING_MAX_MEMORY_BYTES", default=2 * 1000**3)
TRACKING_MAX_SECONDS = env.int("FTCML_TRACKING_MAX_SECONDS", default=3600)
TRACKING_MAX_STEP_SECONDS = env.int("FTCML_TRACKING_MAX_STEP_SECONDS", default=60)
TRACKING_MAX_ATTEMPTS = 3
# Files that are on their way, until their last byte has come. On the disk of the web server that receives them.
RECEIVING_DIR = DATA_DIR / "receiving"
# How long an upload that stopped may be continued, and how long a phone's ticket lasts.
UPLOAD_DAYS = env.int("FTCML_UPLOAD_DAYS", default=1)
PHONE_TICKET_SECONDS = 15 * 60

# --- several machines -----------------------------------------------------------------------------

# What this machine's workers are called after their @; Celery puts the machine's own name in place of %h.
WORKER_NAME = env("FTCML_WORKER_NAME", default="") or "%h"
# Programs that `make run` doesn't start here, as other machines run them.
LEFT_OUT = env.list("FTCML_LEAVE_OUT", default=[])

# --- queue ----------------------------------------------------------------------------------------

CELERY_BROKER_URL = _broker_url()
if CELERY_BROKER_URL.startswith("rediss:"):
    # Celery's own default would take any certificate. What the address says of it comes first.
    CELERY_BROKER_USE_SSL = {"ssl_cert_reqs": ssl.CERT_REQUIRED}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 2,
    "socket_timeout": 30,
    "max_retries": 0,
    **far_hosts.REDIS,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_DISABLE_PREFETCH = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_BEAT_SCHEDULER = "ftcml.core.programs.beat:Scheduler"
SWEEP_SECONDS = env.int("FTCML_SWEEP_SECONDS", default=20)
CELERY_BEAT_SCHEDULE = {
    "sweep-training": {"task": "training.tasks.sweep", "schedule": SWEEP_SECONDS},
    "sweep-videos": {"task": "videos.tasks.sweep", "schedule": SWEEP_SECONDS},
    "sweep-imports": {"task": "datasets.tasks.sweep", "schedule": SWEEP_SECONDS},
    "watch-installation": {"task": "ftcml.installation.tasks.watch", "schedule": SWEEP_SECONDS},
    "tidy-videos": {"task": "videos.tasks.tidy", "schedule": 3600},
    "tidy-datasets": {"task": "datasets.tasks.tidy", "schedule": 3600},
    "tidy-training": {"task": "training.tasks.tidy", "schedule": 3600},
    "send-mails": {"task": "ftcml.accounts.tasks.send_mails", "schedule": 60},
    "deliver-messages": {"task": "ftcml.integrations.tasks.deliver", "schedule": SWEEP_SECONDS},
    "tidy-integrations": {"task": "ftcml.integrations.tasks.tidy", "schedule": 3600},
    "tidy-accounts": {"task": "ftcml.accounts.tasks.tidy", "schedule": 3600},
    "tidy-access-log": {"task": "ftcml.audit.tasks.tidy", "schedule": 3600},
    "sweep-privacy": {"task": "ftcml.privacy.tasks.sweep", "schedule": SWEEP_SECONDS},
    "tidy-privacy": {"task": "ftcml.privacy.tasks.tidy", "schedule": 3600},
    "archive-seasons": {"task": "ftcml.console.tasks.archive_seasons", "schedule": SWEEP_SECONDS},
    "measure-storage": {"task": "ftcml.console.tasks.measure_storage", "schedule": 3600},
}
# A message that waits for longer than its sweep has a successor: none pile up while a storage keeps workers waiting.
for _entry in CELERY_BEAT_SCHEDULE.values():
    _entry["options"] = {"expires": _entry["schedule"]}
# Imports and inspections are of the default queue. What is short, or waits for files, never waits for one of them.
CELERY_TASK_ROUTES = {
    "training.tasks.run_next_job": {"queue": "training"},
    # A person waits for these, with the label page open.
    "videos.tasks.track_next": {"queue": "labeling"},
    "training.tasks.run_next_model": {"queue": "labeling"},
    "training.tasks.advance_assistants": {"queue": "sweeps"},
    "ftcml.installation.tasks.remove_deleted": {"queue": "sweeps"},
    "ftcml.console.tasks.measure_full_teams": {"queue": "sweeps"},
    "ftcml.privacy.tasks.erase": {"queue": "sweeps"},
    **{entry["task"]: {"queue": "sweeps"} for entry in CELERY_BEAT_SCHEDULE.values()},
}

# --- models that label ----------------------------------------------------------------------------

# Of one run over frames of a video, in a process of its own.
MODEL_RUN_MAX_MEMORY_BYTES = env.int("FTCML_MODEL_RUN_MAX_MEMORY_BYTES", default=2 * 1000**3)
MODEL_RUN_MAX_PROCESSOR_SECONDS = env.int("FTCML_MODEL_RUN_MAX_PROCESSOR_SECONDS", default=3600)
MODEL_RUN_MAX_SECONDS = env.int("FTCML_MODEL_RUN_MAX_SECONDS", default=3600)
# So long a processor may be at one step of it, such as one frame.
MODEL_RUN_MAX_STEP_SECONDS = env.int("FTCML_MODEL_RUN_MAX_STEP_SECONDS", default=120)
MODEL_RUN_MAX_ATTEMPTS = 3

# --- training -------------------------------------------------------------------------------------

WEIGHTS_DIR = DATA_DIR / "weights"  # starting weights that were installed
TRAINING_DEVICE = env("FTCML_DEVICE", default="auto")  # auto, cpu, gpu or tpu
# Whether a training worker on a new machine measures, once, how fast that trains: half a minute of its processor.
MEASURE_SPEED = env.bool("FTCML_MEASURE_SPEED", default=True)
LEASE_SECONDS = env.int("FTCML_LEASE_SECONDS", default=90)
HEARTBEAT_SECONDS = env.int("FTCML_HEARTBEAT_SECONDS", default=15)
MAX_DEATHS_IN_A_ROW = 3
QUEUE_LIMIT = env.int("FTCML_QUEUE_LIMIT", default=50)  # jobs of all teams that may wait
TEAM_MAX_JOBS = env.int("FTCML_TEAM_MAX_JOBS", default=10)  # jobs of one team that may wait or run
MIN_TRAINING_STEPS, MAX_TRAINING_STEPS = 50, 20_000
MAX_TRAINING_MINUTES = 7 * 24 * 60
SUPPORT_CONTACT = env("FTCML_SUPPORT_CONTACT", default="the operator of this server")

# For how long those who watch the same training have the same answer, while nothing of it changes.
SHARED_ANSWER_SECONDS = 1.0

# --- API ------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "ftcml.accounts.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "ftcml.accounts.services.access.InATeam",
        "ftcml.accounts.services.scopes.HasScope",
    ],
    "DEFAULT_PARSER_CLASSES": [
        "ftcml.core.requests.api_parsers.Json",
        "ftcml.core.requests.api_parsers.Form",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_PAGINATION_CLASS": "ftcml.core.requests.parameters.Pages",
    "PAGE_SIZE": 50,
    "DEFAULT_SCHEMA_CLASS": "ftcml.accounts.api.scoped_schema.ScopedSchema",
    "DEFAULT_THROTTLE_RATES": {
        "import": env("FTCML_IMPORT_RATE", default="60/hour"),
        "upload": env("FTCML_UPLOAD_RATE", default="120/hour"),
        "phone": "60/hour",
        "start": env("FTCML_START_RATE", default="120/hour"),
        "propose": env("FTCML_PROPOSE_RATE", default="600/hour"),
        "people": "60/hour",
        # As with wrong passwords, a whole school may share one address.
        "sign-on": SIGN_IN_ADDRESS_RATE,
        "mail": "20/hour",
        "export": "12/hour",
        "webhook": "60/hour",
    },
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    # Who is not behind a proxy could name any address in X-Forwarded-For, and so have the throttles start afresh.
    "NUM_PROXIES": 1 if HTTPS else 0,
    "NON_FIELD_ERRORS_KEY": "detail",
    "EXCEPTION_HANDLER": "ftcml.core.requests.api_errors.as_json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "ftcml API",
    "DESCRIPTION": "Datasets in, detectors out. Times are ISO 8601; ids are opaque strings.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "ftcml.core.requests.api_description.add_errors",
    ],
    "ENUM_NAME_OVERRIDES": {
        "DatasetState": "datasets.models.Dataset.State",
        "JobState": "training.states.JobState",
    },
}

# --- monitoring -----------------------------------------------------------------------------------

# A file that each worker and beat touch as long as they work: the sign of life of a container.
ALIVE_FILE = env("FTCML_ALIVE_FILE", default="")
METRICS_TOKEN = env("FTCML_METRICS_TOKEN", default="")  # opens /metrics to a program; empty: to operators alone

# --- messages to others ---------------------------------------------------------------------------

# Networks that webhooks may reach though they are private, such as 10.1.0.0/16; with 127.0.0.0/8 also http.
WEBHOOK_NETWORKS = env.list("FTCML_WEBHOOK_NETWORKS", default=[])
# After how many days of failures in a row a webhook is turned off.
WEBHOOK_FAILING_DAYS = env.int("FTCML_WEBHOOK_FAILING_DAYS", default=3)

# --- logs -----------------------------------------------------------------------------------------

LOGGING_CONFIG = "ftcml.core.logging.logs.configure"
LOGGING = logs.configuration(
    sys.stderr, level=env("LOG_LEVEL", default="INFO"), line_format=env("FTCML_LOG_FORMAT", default="text")
)
