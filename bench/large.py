"""The fictional authority, copied, and made many times as large; and served as the service is."""

import os
import subprocess
import sys
from pathlib import Path

from atlas.config.launcher import Cluster
from bench.measuring import use
from run import free_port, web

LARGE = (
    "agencies.User", "agencies.Team", "agencies.Post", "agencies.Shift", "people.Person", "people.Name", "people.Identifier",
    "people.ContactDetail", "children.Child", "gate.Relationship", "gate.Block", "gate.Act", "gate.Look", "chronology.Entry",
    "clocks.Clock", "tasks.Task", "tasks.Alert", "tasks.Notice", "allocation.Allocation", "allocation.ResponsibleTeam", "statuses.Spell",
    "statuses.Placement", "statuses.LegalStatus", "statuses.Conference", "statuses.Disability", "statuses.Family",
    "missing.MissingProfile", "missing.Episode", "missing.ReturnCorrection", "missing.StatusChange", "missing.PoliceGrade",
    "missing.ContactOrSighting", "missing.ReturnInterview", "missing.Offer", "missing.Appointment", "missing.Answer",
    "missing.LocationMention", "missing.AssociateMention", "missing.Part", "exploitation.ExploitationAssessment", "exploitation.AssessmentItem",
    "exploitation.Harm", "exploitation.NrmReferral", "exploitation.NrmDecision", "exploitation.Measure", "plans.SafetyPlan", "plans.PlanVersion",
    "plans.PlanLine", "plans.PlanDecision", "plans.EventAnswered", "contacts.Contact", "contacts.ContactDecision", "contacts.AgencyAsk",
    "contacts.Assessment", "directwork.Programme", "directwork.DirectWorkSession",
)  # fmt: skip


def fictional_authority(cluster: Cluster, bench: str) -> None:
    """Ends with a sentence where it was not made, or not whole."""
    is_there = "atlas" in cluster.sql("postgres", "SELECT datname FROM pg_database").split()
    if (
        not is_there
        or not cluster.sql("atlas", "SELECT to_regclass('children_child')").strip()
        or cluster.sql("atlas", "SELECT count(*) FROM children_child").strip() == "0"
    ):
        raise SystemExit(f"bench {bench} needs the fictional authority. Make it first: python3 run.py demo --once")


def copy_of(cluster: Cluster, source: str, name: str) -> None:
    """A database with the same rows."""
    cluster.copy(source, name)
    cluster.sql(name, "VACUUM ANALYZE")


def own_copy(cluster: Cluster, name: str) -> None:
    """A copy of the fictional authority with the newest migrations and gate, which this process and those that it starts use."""
    copy_of(cluster, "atlas", name)
    use(name, cluster)
    for words in (("migrate", "-v0"), ("gate", "install")):
        subprocess.run(
            [sys.executable, "-m", "django", *words], check=True, env={**os.environ, "ATLAS_AS": "owner"}, stdout=subprocess.DEVNULL
        )
    cluster.sql(name, "INSERT INTO gate_word VALUES ('posts are set up', 'bench')")  # as in tests/factories.py


def serve(cluster: Cluster, application: str, login: str, name: str) -> "tuple[subprocess.Popen[bytes], int]":
    """Start granian as the service does: two workers of two threads. The process, which leads a group of its own, and the port."""
    port = free_port()
    env = {**os.environ, "DATABASE_URL": cluster.url(login, name)}
    return subprocess.Popen(web(port, application), env=env, start_new_session=True), port


def cpu_of(server: "subprocess.Popen[bytes]") -> float:
    """Seconds of CPU that the processes of a server have used (PostgreSQL's apart)."""
    return sum(int(fields[11]) + int(fields[12]) for fields in _group(server)) / os.sysconf("SC_CLK_TCK")


def resident_of(server: "subprocess.Popen[bytes]") -> float:
    """Mebibytes of memory that the processes of a server hold."""
    return sum(int(fields[21]) for fields in _group(server)) * os.sysconf("SC_PAGE_SIZE") / 2**20


def _group(server: "subprocess.Popen[bytes]") -> list[list[str]]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[2]) == server.pid:  # its process group
            found.append(fields)
    return found
