"""Settings, read from the environment. One address per login; the service never holds the owner's.

ATLAS_AS says as whom this process works: `service` (web and jobs), `tick`, `sealer` (seals the audit), `unsealer` (opens sealed sets), or
`owner` (migrations and the gate). The default connection is then that login's, so that every command of Django's works as it is.
"""

import os
import sys
from base64 import urlsafe_b64encode
from hmac import new as new_hmac
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from atlas.config.logs import AsLines, WithoutWords, without_arguments
from atlas.gate.pool import handed_back, try_again
from atlas.running.failing import note_failure

ROOT = Path(__file__).resolve().parents[2]
ATLAS_AS = os.environ.get("ATLAS_AS", "service")
IS_DEMO = os.environ.get("ATLAS_DEMO") == "1"
IS_TEST = os.environ.get("ATLAS_TEST") == "1"

SECRET_KEY = os.environ["ATLAS_SECRET_KEY"]
ATLAS_CONTEXT_KEY = os.environ["ATLAS_CONTEXT_KEY"]
# Encrypt the secrets of second factors: Fernet keys, the newest first, with commas between. Where none is given, one follows from the secret key.
ATLAS_FACTOR_KEYS = [key for key in os.environ.get("ATLAS_FACTOR_KEYS", "").split(",") if key] or [
    urlsafe_b64encode(new_hmac(SECRET_KEY.encode(), b"second factors", "sha256").digest()).decode()
]
ATLAS_ADDRESS = os.environ.get("ATLAS_ADDRESS", "http://127.0.0.1:8000/")
# Who may fetch the figures from elsewhere (`/metrics`): whoever sends this. Without it, this machine alone.
ATLAS_METRICS_TOKEN = os.environ.get("ATLAS_METRICS_TOKEN", "")
# Where looks go while the database takes no writes: a folder of this machine that survives a restart. Without it nothing is shown then.
ATLAS_LOOKS_FOLDER = os.environ.get("ATLAS_LOOKS_FOLDER", str(ROOT / ".atlas/looks") if IS_DEMO else "")
ATLAS_READ_ONLY_ASKED = None if IS_TEST else 5.0  # seconds for which each process keeps whether Atlas only shows
# clamd, through which every file goes before anything of it is read: "host:port", or the path of its socket. Without it none is scanned.
ATLAS_CLAMD = os.environ.get("ATLAS_CLAMD", "")
ATLAS_TEXT_HOOK = os.environ.get("ATLAS_TEXT_HOOK", "")
# The sealer's alone: the file with the signing key, outside the database; and the folders that partner agencies hold.
ATLAS_SEAL_KEY = os.environ.get("ATLAS_SEAL_KEY", "")
ATLAS_ANCHORS = [folder for folder in os.environ.get("ATLAS_ANCHORS", "").split(os.pathsep) if folder]
# What is sealed is locked with the public key, here for everybody; the file with the private one is given to the unsealer alone.
ATLAS_SEALING_KEY = os.environ.get("ATLAS_SEALING_KEY", "")
ATLAS_UNSEALING_KEY = os.environ.get("ATLAS_UNSEALING_KEY", "")
ATLAS_UNSEALER = os.environ.get("ATLAS_UNSEALER", "")  # the Unix socket at which the unsealer answers
# The archive of the backups is locked with the public key, on the backup machine; the file with the private one is fetched for a restore.
ATLAS_BACKUP_KEY = os.environ.get("ATLAS_BACKUP_KEY", "")
ATLAS_BACKUP_PRIVATE_KEY = os.environ.get("ATLAS_BACKUP_PRIVATE_KEY", "")
# Of what makes the emergency packs alone: the file with the key that signs them.
ATLAS_PACK_KEY = os.environ.get("ATLAS_PACK_KEY", "")
ATLAS_DISTRICTS = os.environ.get("ATLAS_DISTRICTS", "")
# Where copies for the main case system are laid (a folder for each authority's code inside it), and the address of each main system that takes
# them over HTTP ("CODE=https://…", with commas between). Said here, never in a form: children's records go there.
ATLAS_COPIES_FOLDER = os.environ.get("ATLAS_COPIES_FOLDER", str(ROOT / ".atlas/copies") if IS_DEMO else "")
ATLAS_COPIES_API = dict(one.split("=", 1) for one in os.environ.get("ATLAS_COPIES_API", "").split(",") if "=" in one)
# Link out to the main case system: an opaque id goes into it, never a name.
ATLAS_MAIN_SYSTEM_LINK = os.environ.get("ATLAS_MAIN_SYSTEM_LINK", "")
DEBUG = False
ALLOWED_HOSTS = os.environ.get("ATLAS_HOSTS", "127.0.0.1,localhost").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("ATLAS_ORIGINS", "").split(",") if origin]


# What it calls itself to the database, so that whoever waits for it can say for whom: `atlas service procrastinate`, `atlas tick tick`; the pages have no more words.
WORK = " ".join(["atlas", ATLAS_AS, *(sys.argv[1:2] if sys.argv[0].endswith("django/__main__.py") else [])])
# The longest that the database may work on one statement of a page, in seconds (0: as long as it takes). Set by the web's own way in (wsgi.py): a page that takes
# longer keeps others from theirs. Jobs, tick and the owner's work may take what they need.
STATEMENT_SECONDS = int(os.environ.get("ATLAS_STATEMENT_SECONDS", "0"))
# Of each process. Its pauses between tries to reach a database that is away double, and begin anew after three seconds.
POOL = {"min_size": 1, "max_size": 8, "timeout": 20, "reset": handed_back, "reconnect_timeout": 3, "reconnect_failed": try_again}


def database(url: str) -> dict[str, Any]:
    """A database setting from an address: postgresql://login:secret@host:port/name?sslmode=…"""
    parts = urlsplit(url)
    options = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or 5432),
        "CONN_HEALTH_CHECKS": False,
        "OPTIONS": {
            "server_side_binding": True,
            "prepare_threshold": 4,
            "application_name": WORK,
            **({"options": f"-c statement_timeout={STATEMENT_SECONDS}s"} if STATEMENT_SECONDS else {}),
            **options,
            **({} if IS_TEST else {"pool": POOL}),
        },
        "TEST": {"NAME": f"test_atlas{os.environ.get('ATLAS_TEST_SUFFIX', '')}", "TEMPLATE": "template1"},
    }


_ADDRESS = {
    "service": "DATABASE_URL", "tick": "DATABASE_TICK_URL", "sealer": "DATABASE_SEALER_URL", "unsealer": "DATABASE_UNSEALER_URL", "owner": "DATABASE_OWNER_URL",
}[ATLAS_AS]  # fmt: skip
DATABASES = {"default": database(os.environ[_ADDRESS])}

# What every page asks and few change (how old the main system's delivery is) is kept for a minute in each process.
CACHES = {"default": {"BACKEND": f"django.core.cache.backends.{'dummy.DummyCache' if IS_TEST else 'locmem.LocMemCache'}"}}

FOLDERS = [
    "gate", "agencies", "running", "people", "children", "sealed", "connections", "places", "audit", "feeds", "linkage", "chronology", "clocks", "tasks", "allocation",
    "statuses", "intelligence", "advice", "sharing", "allegations", "copies", "guidance", "contacts", "missing", "exploitation", "network", "plans", "directwork",
    "meetings", "transfers", "oversight", "profile", "retention", "subject_access", "returns", "break_glass", "desk", "packs", "accounts", "systems", "backups",
]  # fmt: skip
INSTALLED_APPS = [
    "atlas.config",  # first, so that its `procrastinate` is found before the package's
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "csp",
    "crispy_forms",
    "crispy_forms_gds",
    "atlas.design",
    *(f"atlas.{folder}" for folder in FOLDERS),
    *(["demo"] if IS_DEMO or IS_TEST else []),
]
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_WORKER_DEFAULTS = {"task_middleware": [note_failure]}
GATE_INSTALLS = ["atlas.sealed.install", "atlas.retention.install", "atlas.running.install"]
TIME_LIMITS = [
    "atlas.flow",
    "atlas.linkage.rules",
    "atlas.advice.rules",
    "atlas.contacts.rules.clocks",
    "atlas.sharing.rules",
    "atlas.missing.rules.interview",
    "atlas.missing.rules.steps",
    "atlas.exploitation.rules.reviews",
    "atlas.exploitation.rules.nrm",
    "atlas.transfers.rules",
    "atlas.plans.rules.reviews",
    "atlas.meetings.rules.challenge",
    "atlas.meetings.rules.clocks",
    "atlas.statuses.conferences",
    "atlas.meetings.rules.step_down",
]
PRIVACY_CLASS = "atlas.config.classification.privacy_class"  # for impact assessments, which stand below
EXPORT_LISTS = ["atlas.missing.exports", "atlas.oversight.exports", "atlas.sharing.exports.disclosures"]
COPIED = ["atlas.missing.copies", "atlas.exploitation.copies", "atlas.plans.copies"]
STATUTORY_FILES = ["atlas.returns.exports"]
FEED_TAKERS = ["atlas.allocation.feeds", "atlas.statuses.feeds", "atlas.missing.feeds", "atlas.transfers.feeds", "atlas.contacts.feeds"]
MIDDLEWARE = [
    "atlas.config.measuring.measure",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",  # before the files that are the same for everybody, so that they carry it too
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "atlas.config.middleware.refuse_method",
    "atlas.config.middleware.refuse_plain_api",
    "atlas.config.middleware.stay_apart",
    "atlas.config.middleware.refuse_too_long",
    "atlas.config.middleware.keep_nowhere",
    "atlas.config.middleware.refuse_nul",
    "atlas.config.middleware.ReadOnlyAnswers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "atlas.accounts.middleware.leave_newer_cookie",
    "atlas.gate.door.note_door",
    "atlas.gate.unasked.refuse_without_context",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "atlas.accounts.middleware.guard_session",
    "atlas.agencies.middleware.ActivePost",
    "atlas.accounts.middleware.require_post",
]
ROOT_URLCONF = "atlas.config.urls"
WSGI_APPLICATION = "atlas.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "NAME": "jinja2",
        "DIRS": [ROOT / "atlas" / folder / "templates" for folder in ["design", *FOLDERS]],
        "OPTIONS": {
            "environment": "atlas.design.jinja.environment",
            "context_processors": ["django.contrib.messages.context_processors.messages", "atlas.desk.context.everywhere"],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "atlas/design/templates_django"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

AUTH_USER_MODEL = "agencies.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "atlas.accounts.passwords.NotTheServicesOwn"},
    {"NAME": "atlas.accounts.passwords.NotKnownToBeStolen"},
]
if IS_TEST:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Hashes of passwords that were stolen elsewhere, one on a line, in order (the form in which Have I Been Pwned gives them): a file that the council fetches.
ATLAS_STOLEN_PASSWORDS = os.environ.get("ATLAS_STOLEN_PASSWORDS", "")
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # what is said once, of a child too, stands in no cookie
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_ADAPTER = "atlas.accounts.adapters.Accounts"
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "reauthenticate": "30/m/user"}  # a whole office signs in from one address at nine
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
MFA_ADAPTER = "atlas.accounts.adapters.Factors"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
MFA_TOTP_ISSUER = "Atlas"
MFA_FORMS = {
    "authenticate": "atlas.accounts.forms.CodeForm",
    "reauthenticate": "atlas.accounts.forms.ConfirmCodeForm",
    "add_webauthn": "atlas.accounts.forms.AddPasskeyForm",
}
USERSESSIONS_ADAPTER = "atlas.accounts.adapters.Sessions"
SOCIALACCOUNT_ADAPTER = "atlas.accounts.council.CouncilAccounts"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_AUTO_SIGNUP = False
# Single sign-on: the council's own provider, by OpenID Connect, where its address is given.
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "APPS": [
            {
                "provider_id": "council",
                "name": os.environ.get("ATLAS_SSO_NAME", "Council sign-in"),
                "client_id": os.environ["ATLAS_SSO_CLIENT"],
                "secret": os.environ["ATLAS_SSO_SECRET"],
                "settings": {
                    "server_url": os.environ["ATLAS_SSO_URL"],
                    "oauth_pkce_enabled": True,
                    "fetch_userinfo": False,
                    "scope": ["openid"],
                },
            }
        ]
        if "ATLAS_SSO_URL" in os.environ
        else []
    }
}
# What a token of the council's sign-on must say (amr, or acr) for its second factor to stand in place of ours; see RFC 8176.
ATLAS_SSO_MFA_AMR = os.environ.get("ATLAS_SSO_MFA_AMR", "mfa").split(",")
ATLAS_SSO_MFA_ACR = [value for value in os.environ.get("ATLAS_SSO_MFA_ACR", "").split(",") if value]
ATLAS_PROXIES = int(os.environ.get("ATLAS_PROXIES", "0"))
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "atlas.gate.door.address_of"
SILENCED_SYSTEM_CHECKS = ["axes.W002"]  # its middleware would say who is locked; locked and wrong have one answer here
AXES_VERBOSE = False

SESSION_ENGINE = "atlas.accounts.store"
SESSION_COOKIE_AGE = 12 * 3600  # how long it may last at all, and be left alone: accounts/rules.py
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not (IS_DEMO or IS_TEST)
SESSION_COOKIE_NAME = "__Host-atlas" if SESSION_COOKIE_SECURE else "atlas"
CSRF_COOKIE_NAME = "__Host-atlas-form" if CSRF_COOKIE_SECURE else "atlas-form"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 0 if IS_DEMO or IS_TEST else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_SSL_REDIRECT = os.environ.get("ATLAS_TLS") == "1"
SECURE_REDIRECT_EXEMPT = ["^api/"]  # refused, not led on: config/middleware.py
# Behind the council's own proxies, the last of them says whether the browser came over TLS, and takes away what a browser says of it itself.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ATLAS_PROXIES else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
        "report-uri": ["/browser_reports"],
    }
}

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_ROOT = ROOT / "atlas/design/root"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["gds"]
CRISPY_TEMPLATE_PACK = "gds"

USE_TZ = True
TIME_ZONE = "Europe/London"
LANGUAGE_CODE = "en-gb"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = (
    1024 * 1024
)  # of what is typed, files apart: the longest form is a tenth of it; five times as much kept others waiting (bench denial)
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
EMAIL_HOST = os.environ.get("ATLAS_EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = int(os.environ.get("ATLAS_EMAIL_PORT", "25"))
EMAIL_USE_TLS = os.environ.get("ATLAS_EMAIL_TLS") == "1"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("ATLAS_EMAIL_FROM", "atlas@fernleigh.example.org")

LOGS = os.environ.get("ATLAS_LOGS", "plain" if IS_DEMO or IS_TEST else "lines")
# Logs hold no personal data: no statement, no parameter, no request body.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "lines": {"()": AsLines},
        "plain": {"()": WithoutWords, "format": "{asctime}Z {levelname} {name} {message}", "style": "{"},
    },
    "filters": {"without_arguments": {"()": "django.utils.log.CallbackFilter", "callback": without_arguments}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOGS, "filters": ["without_arguments"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "axes": {"level": "ERROR"},
        "procrastinate": {"level": "WARNING"},
        "atlas.requests": {"level": "INFO" if LOGS == "lines" else "WARNING"},
    },
}
