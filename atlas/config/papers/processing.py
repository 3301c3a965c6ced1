"""The record of processing activities (UK GDPR Article 30, recalled), written from the policy, the models and the settings that run."""

import ast
from collections import Counter
from pathlib import Path

from atlas.config.classification import privacy_class
from atlas.config.data_dictionary import front_page, is_link, our_fields, our_models
from atlas.config.keeping import rows_kept
from atlas.config.privacy import PrivacyClass
from atlas.gate.policy import OPENINGS, PURPOSE_WORDS, REGIME_WORDS, ROLES, Purpose, regime_of

WHOM = (
    ("Children", "who are missing, at risk of exploitation, or known to a partner agency; before birth and until the record ends"),
    ("Families, carers and friends", "as ties of a child, as people whom one can reach, as carers who answer by a link"),
    ("Adults of concern", "on grounds that are written down, looked at again, and end"),
    ("Workers", "posts of agencies, their acts and looks, declarations that they know a family, allegations about them"),
    ("Members of the public", "who raise a contact; they may leave out their name"),
)
# Settings that name somebody outside to whom something leaves, and what leaves: a guard holds that each setting that names an address is here.
LEAVES = {
    "ATLAS_EMAIL_HOST": "the council's mail: a reference and a link, never a name",
    "ATLAS_TEXT_HOOK": "the council's text messages: a reference or a code, to a number that was confirmed",
    "ATLAS_COPIES_FOLDER": "the main case system: copies of interviews, plans and assessments of a child whom it holds too",
    "ATLAS_COPIES_API": "the same, over HTTPS",
    "ATLAS_MAIN_SYSTEM_LINK": "nothing but an opaque id, in a link that a worker follows",
    "ATLAS_SSO_URL": "the council's own sign-in: who signs in; it answers who somebody is",
    "ATLAS_CLAMD": "the council's own virus scanner: a file that somebody sends, before it is taken",
    "ATLAS_LOOKS_FOLDER": "a disk of this machine: looks made while the database takes no writes, until they are entered",
    "ATLAS_ANCHORS": "partner agencies: digests of what was done and looked at, from which nothing is read back",
}


def record_of_processing(root: Path) -> str:
    """The record, as Markdown. Raises ValueError for a field without a class."""
    parts = [
        "# Record of processing",
        "Article 30 of the UK GDPR asks it of each controller (recalled, not read for this page). Made from what runs by `manage docs`; the names of "
        "the controllers, their representatives and their data "
        "protection officers are the partnership's to put above it. Field by field: the data dictionary. How it is protected: threats, safety case, and SECURITY.md.",
        "## Purposes, and the law they fall under",
        _table(("Purpose", "Regime", "Roles that may act for it"), [_purpose(one) for one in Purpose]),
        "## Whom it is about",
        _table(("", ""), WHOM),
        "## What is held",
        _table(("Part", "What it is", "Tables", "Special fields", "Personal fields", "Other fields"), _held()),
        "## Who reads, and for how long",
        "No role opens a child: one of these does, and each look is written down.",
        _table(
            ("What opens a child", "For how long", "Kinds of record that are read"),
            [(o.kind.replace("_", " "), o.life, ", ".join(sorted(k.replace("_", " ") for k in o.reads))) for o in OPENINGS],
        ),
        "## How long it is kept",
        "A child's record: by the class that is decided for it, with the law or the local decision that it rests on (*What goes, and what went*); nothing goes "
        "without two people. Everything that hangs on a child goes with it. What does not:",
        _table(("What", "How long", "What takes it away", "Tables"), rows_kept()),
        "## Roles",
        _table(("Role", "What it is for"), [(role.name, role.purpose) for role in ROLES]),
        "## What leaves, and to whom",
        "Nothing leaves but to whom a setting names, to a recipient of a disclosure or an export whom a person chose, to a guest by a link, and to a "
        "connected system through the API. Nothing goes outside "
        "the United Kingdom unless one of these addresses lies there.",
        _table(("Setting", "What leaves to it"), list(LEAVES.items())),
    ]
    return "\n\n".join(parts) + "\n"


def settings_that_name_somebody(root: Path) -> set[str]:
    """The settings by their look: names of the environment that hold an address, a host or a folder to which something may be written."""
    tree = ast.parse((root / "atlas/config/settings.py").read_text(encoding="utf-8"))
    read = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("ATLAS_")
    }
    return {name for name in read if name.endswith(("_URL", "_HOST", "_HOOK", "_API", "_FOLDER", "_LINK", "_ANCHORS", "_CLAMD"))}


def _purpose(one: Purpose) -> tuple[str, str, str]:
    roles = [role.name for role in ROLES if one in role.purposes]
    return PURPOSE_WORDS[one], REGIME_WORDS[regime_of(one)], ", ".join(roles) or "service posts alone"


def _held() -> list[tuple[str, ...]]:
    rows: dict[str, Counter[PrivacyClass]] = {}
    tables: Counter[str] = Counter()
    for model in our_models():
        folder = model._meta.app_label
        tables[folder] += 1
        for field in our_fields(model):
            rows.setdefault(folder, Counter())[privacy_class(model._meta.label, field.name, is_link=is_link(field))] += 1
    special, personal = PrivacyClass.SPECIAL, PrivacyClass.PERSONAL
    return [
        (
            folder,
            front_page(folder),
            str(tables[folder]),
            str(held[special]),
            str(held[personal]),
            str(held.total() - held[special] - held[personal]),
        )
        for folder, held in rows.items()
    ]


def _table(columns: tuple[str, ...], rows: "list[tuple[str, ...]] | tuple[tuple[str, ...], ...]") -> str:
    lines = [f"| {' | '.join(columns)} |", f"|{' --- |' * len(columns)}", *(f"| {' | '.join(row)} |" for row in rows)]
    return "\n".join(lines)
