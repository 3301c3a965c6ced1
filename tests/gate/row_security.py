"""`run.py check`: pgrls, somebody else's linter of row security, reads a database with the gate installed (docs/adr/0019).

Each of its findings is mended, or accepted here with the reason; what nobody accepted fails, and so does a reason that nothing needs any more.
The tables are made again where a migration changed; the gate is installed each time.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

from atlas.config.launcher import Cluster
from atlas.gate.policy_rows import OWN_TABLES

ROOT = Path(__file__).resolve().parents[2]
NAME = f"check_gate{os.environ.get('ATLAS_TEST_SUFFIX', '')}"
SITE = Path(next(path for path in sys.path if path.endswith("site-packages")))

# (rules, what they found, why it stands). A table that is about no child is named: a new one is put behind the gate, or named here.
ACCEPTED: tuple[tuple[str, str, str], ...] = (
    ("SEC001", r"(account|mfa|socialaccount|usersessions|axes|auth|django|procrastinate)_\w+",
     "tables of packages: accounts, sign-ins, jobs by number; none holds a row about a child (tests/guards/test_gate.py), and the jobs are for posts by id"),
    ("SEC001", r"agencies_(agency|agency_authorities|authority|post|shift|team|user|user_groups|user_user_permissions)",
     "who works where is read by everybody who works with a child; written by the administrator's commands alone"),
    ("SEC001", r"accounts_(enrolment|signin)", "sign-in, before any post acts: there is no context yet to judge by"),
    ("SEC001", r"audit_(lookschecked|seal)", "days and hashes, about no child; the service's login may not write either (tests/gate/test_catalogue.py)"),
    ("SEC001", r"clocks_(bankholidaychange|locallimit)", "rules for everybody, only added to; the head of service sets them"),
    ("SEC001", r"feeds_(codemapping|delivery|master)", "a delivery's name and counts, about no child; its rows (feeds_row) have row security"),
    ("SEC001", "|".join(OWN_TABLES),
     "the policy itself: the service's login has no right to read it, all but the fingerprint"),
    ("SEC005 SEC008 SEC038", r"\w+\.(gate_select|sealer_select)",
     "the gate's own role, which nobody can sign in as, and the sealer, which reads what it seals: both see every row, by design"),
    ("SEC005 SEC008 SEC028 SEC038", r"\w+\.gate_(insert|update|sealing)",
     "the gate's own role again (the catalogue holds each policy to the login in its name): its functions judge who acts before they write, each in its own tests"),
    ("SEC005", r"\w+\.tick_\w+", "tick does what follows with time for every child, under its own login; granted on its few tables only"),
    ("SEC005", r"feeds_row\.app_\w+", "a row of a delivery is not yet about anybody: open to the data officer and the feed by their role"),
    ("SEC005", r"people_person\.app_insert", "a person comes before the child: whoever brings children into being may add one, and reads it only as a child"),
    ("SEC007", r"(feeds_row|gate_act|gate_look|gate_block|connections_declaration|desk_frontdoorquestion|sharing_export|sharing_exportfile)",
     "somebody's own more than a child's: exactly one permissive policy each, held by the catalogue"),
    ("SEC007", r"break_glass_breakglass(notice|review)",
     "follow a break-glass whose child may be closed to whoever reviews it: one permissive policy each"),
    ("SEC013", r"\w+\.(gate_version|stamp|only_own|never_altered)", "triggers of the gate that change or refuse the row at hand and read no other"),
    ("SEC013", r"(gate_proposal\.two_persons|people_contactdetail\.sealed_refuses|statuses_placement\.sealed_blanks|sealed_seallift\.sealed_lifting)",
     "they read more than the row, under a role that sees it whole: what a second person said, and that a place is sealed (tests/gate/test_proposals.py, tests/sealed)"),
    ("SEC013", r"sharing_export(file)?\.by_two",
     "they read what two people approved, and how many children the export may hold, and only refuse (tests/sharing/test_export_many.py)"),
    ("SEC014", r"gate_\w+", "the gate: run as atlas_gate, which owns no table; path pinned, never for PUBLIC, never leakproof (atlas/gate/catalogue.py)"),
    ("PERF003", r"\w+\.app_\w+", "a second test on rows that the child's or the agency's index has already found"),
    ("PERF003", r"\w+\.(gate_insert|tick_\w+)", "a test of the row that is written, or on the few rows that tick may read"),
    ("PERF004", r"\w+\.app_\w+", "gate_in_authority is asked only where the post holds an authority; the index serves the array of children beside it"),
    ("PERF004", r"allegations_allegationstep\.tick_insert", "a test of the one row that tick writes: no row is looked for"),
)  # fmt: skip


def made(cluster: Cluster) -> str:
    """A database with every table and the gate, for reading; its address for the owner's login."""
    migrations = b"".join(path.read_bytes() for path in sorted((ROOT / "atlas").rglob("migrations/*.py")))
    state, migrated = hashlib.sha256(migrations).hexdigest(), f"{NAME}_migrated"
    held = cluster.sql("postgres", f"SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '{migrated}'").strip()
    if held != state:
        _empty(cluster, migrated, "template1")
        _django(cluster, migrated, "migrate", "-v0")
        cluster.sql("postgres", f"COMMENT ON DATABASE {migrated} IS '{state}'")
    _empty(cluster, NAME, migrated)
    _django(cluster, NAME, "gate", "install")
    return cluster.url("atlas_owner", NAME)


def _empty(cluster: Cluster, name: str, template: str) -> None:
    cluster.sql("postgres", f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    cluster.sql("postgres", f"CREATE DATABASE {name} OWNER atlas_owner TEMPLATE {template}")


def _django(cluster: Cluster, name: str, *words: str) -> None:
    addresses = {"DATABASE_OWNER_URL": cluster.url("atlas_owner", name), "DATABASE_URL": cluster.url("atlas_app", name)}
    environment = {**os.environ, "ATLAS_AS": "owner", **addresses}
    subprocess.run([sys.executable, "-m", "django", *words], check=True, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)


def found(address: str) -> list[dict[str, str]]:
    """What the linter says of it."""
    program = Path(sys.executable).parent / "pgrls"
    said = subprocess.run(
        [program, "lint", "--database-url", address, "--format", "json"], cwd="/", capture_output=True, text=True, check=False
    )
    try:
        return list(json.loads(said.stdout)["violations"])
    except (ValueError, KeyError):
        raise SystemExit(f"pgrls did not answer: {said.stdout[-500:]}{said.stderr[-500:]}") from None


def judged(findings: list[dict[str, str]]) -> list[str]:
    """What must be mended: findings that nobody accepted, and reasons that nothing needs."""
    needed: set[int] = set()
    problems = []
    for one in findings:
        place = one["location"].removeprefix("public.")
        fitting = [
            number for number, (rules, what, _) in enumerate(ACCEPTED) if one["rule_id"] in rules.split() and re.fullmatch(what, place)
        ]
        needed |= {*fitting}
        if not fitting:
            problems.append(
                f"{one['rule_id']} {place}: {one['message']}\n  Mend it, or say in tests/gate/row_security.py why it may stand."
            )
    problems += [
        f"Nothing needs this any more, so take it out: {ACCEPTED[number][:2]}" for number in range(len(ACCEPTED)) if number not in needed
    ]
    return problems


def main() -> None:
    """Make, read, judge."""
    cluster = Cluster(SITE, ROOT / ".atlas/postgres-test", False)
    cluster.start()
    findings = found(made(cluster))
    if problems := judged(findings):
        raise SystemExit("\n".join([*problems, f"{len(problems)} of {len(findings)} findings of pgrls are neither mended nor accepted."]))


if __name__ == "__main__":
    main()
