"""What OWASP ASVS asks to have written down, beside the policy itself: keys, ways in, sessions, files in, connections out, logs, limits, packages, browsers.

The words stand in inventory.txt; the figures come from the code that holds to them, so that none is older.
"""

import re
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth.password_validation import MinimumLengthValidator, get_default_password_validators

from atlas.accounts import passwords, rules
from atlas.config.middleware import MOST_FILES, MOST_SENT
from atlas.config.settings import POOL
from atlas.design.pictures import MOST_BYTES as MOST_PICTURE
from atlas.design.pictures import MOST_PIXELS
from atlas.feeds.views import MOST_BYTES as MOST_DELIVERY
from atlas.gate.page import STEP_UP
from atlas.returns.views import MOST_BYTES as MOST_RETURN
from atlas.sharing import rules as sharing
from atlas.systems import rules as systems
from atlas.systems.jobs import TIMEOUT_SECONDS as SYSTEM_SECONDS
from atlas.tasks.jobs import TIMEOUT_SECONDS as HOOK_SECONDS

WORDS = Path(__file__).with_name("inventory.txt")
# What is cryptography in a file of ours (ASVS 11.1.3): each must stand below, with what for.
CRYPTOGRAPHIC = re.compile(
    r"^\s*(?:from|import) (?:hashlib|hmac|secrets|jwt|cryptography|pyrage|ssl)\b|\b(?:sha\d+|md5|crypt|hmac|digest|gen_random_bytes)\(",
    re.MULTILINE,
)
USES = {
    "SHA-256, plain": (
        "what is known again by its hash and could not be guessed: links, codes of 256 bits, keys of a repeat, versions of a policy, a file or a copy",
        "accounts/record.py feeds/commands/delivery.py feeds/layouts.py gate/api.py gate/policy.py gate/proposing.py gate/writes.py missing/rules/quality.py "
        "network/together.py profile/commands.py profile/papers.py sharing/compile.py sharing/commands/export.py sharing/copy.py copies/making.py "
        "subject_access/record.py subject_access/answer.py "
        "gate/install.py gate/installing.py gate/install.sql gate/together.sql gate/profile.sql packs/making.py running/commands.py retention/erase.sql "
        "backups/archive.py backups/copying.py backups/receiving.py",
    ),
    "HMAC-SHA-256": (
        "who acts, signed for one transaction (context key); sessions and searched names in the record; keys of typed words on a telephone; the mark of an export; "
        "the key of second factors and of hooks, made of the service's secret",
        "gate/context.py gate/install.sql gate/guests.sql gate/odd_looks.sql gate/door.py design/phone.py profile/facts.py sharing/exports/wording.py config/settings.py "
        "systems/hooks.py gate/aside.py config/probes.py",
    ),
    "random bytes": (
        "links, codes, references, nonces",
        "accounts/commands.py accounts/council.py config/launcher.py design/typed.py missing/commands/report.py sharing/guest.py sharing/commands/copies.py "
        "sharing/commands/disclosure.py sharing/commands/export.py sealed/shares.py",
    ),
    "AES-256-GCM, HPKE (X25519, HKDF-SHA-256)": ("sealed sets, and files of exports", "sealed/boxes.py sharing/exports/store.py"),
    "X25519, HKDF-SHA-256, ChaCha20-Poly1305": ("emergency packs, locked to a team's key", "packs/management/commands/pack.py"),
    "age: X25519, HKDF-SHA-256, ChaCha20-Poly1305": ("the archive of the backups, locked to a key in a safe", "backups/locks.py"),
    "Fernet: AES-128-CBC with HMAC-SHA-256": ("secrets of authenticator apps at rest", "accounts/secrets.py"),
    "Ed25519": (
        "seals over acts and looks; calls of connected systems; words that go out to systems; emergency packs",
        "packs/making.py packs/management/commands/pack.py audit/sealing.py systems/signing.py systems/commands.py systems/hooks.py",
    ),
    "RS256, PS256, ES256 (checked, never made)": ("tokens of the council's sign-on", "accounts/council.py"),
    "SHA-1": ("to ask the published list of stolen passwords; nothing is kept by it", "accounts/passwords.py"),
    "shares of a secret (Shamir, over GF(256))": ("the unsealing key on three papers, any two of which give it back", "sealed/shares.py"),
}


def security_inventory(root: Path) -> str:
    """The inventory, as a paper."""
    return WORDS.read_text(encoding="utf-8").format(**_figures(), algorithms=_algorithms())


def _figures() -> dict[str, object]:
    lengths = [one.min_length for one in get_default_password_validators() if isinstance(one, MinimumLengthValidator)]
    return {
        "password": lengths[0], "own_words": ", ".join(passwords.OWN_WORDS), "code_seconds": rules.CODE_SECONDS, "enrolment": _hours(rules.ENROLMENT_LIFE),
        "digits": sharing.CODE_DIGITS, "code_life": _minutes(sharing.CODE_LIFE), "tries": sharing.MOST_TRIES, "call_life": systems.CALL_LIFE.seconds,
        "grant": _hours(systems.GRANT_LIFE), "failures": settings.AXES_FAILURE_LIMIT, "cooloff": round(settings.AXES_COOLOFF_TIME * 60),
        "wrong_codes": rules.MOST_WRONG_CODES, "wrong_within": _minutes(rules.WRONG_CODES_WITHIN), "suspended": rules.SUSPENDED_AFTER.days,
        "closed": rules.CLOSED_AFTER.days, "idle": _minutes(rules.IDLE), "absolute": _hours(rules.ABSOLUTE), "step_up": _minutes(STEP_UP),
        "delivery": _megabytes(MOST_DELIVERY), "returned": _megabytes(MOST_RETURN), "picture": _megabytes(MOST_PICTURE), "pixels": MOST_PIXELS // 1_000_000,
        "sent": _megabytes(MOST_SENT), "files": _megabytes(MOST_FILES), "pool": POOL["max_size"], "pool_waits": POOL["timeout"], "mail": settings.EMAIL_TIMEOUT,
        "hook": HOOK_SECONDS, "system": SYSTEM_SECONDS, "export": sharing.MOST_CHILDREN, "together": f"{sharing.MOST_TOGETHER:,}", "calls": systems.MOST_CALLS,
        "call_size": systems.MOST_BODY // 1024,
    }  # fmt: skip


def _algorithms() -> str:
    rows = [f"| {name} | {what} | {files.replace(' ', ', ')} |" for name, (what, files) in USES.items()]
    return "\n".join(["| Algorithm | What for | Files under `atlas/` |", "| --- | --- | --- |", *rows])


def _minutes(span: timedelta) -> int:
    return round(span.total_seconds() / 60)


def _hours(span: timedelta) -> int:
    return round(span.total_seconds() / 3600)


def _megabytes(size: int) -> int:
    return size // (1024 * 1024)


def uses_listed() -> set[str]:
    """The files that the inventory lists."""
    return {path for _, files in USES.values() for path in files.split()}


def uses_found(root: Path) -> set[str]:
    """The files of ours that import cryptography, or call it in the database."""
    atlas = root / "atlas"
    paths = [path for kind in ("*.py", "*.sql") for path in atlas.rglob(kind) if not {"migrations", "papers", "static"} & {*path.parts}]
    return {path.relative_to(atlas).as_posix() for path in paths if CRYPTOGRAPHIC.search(path.read_text(encoding="utf-8"))}
