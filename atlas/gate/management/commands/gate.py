"""`manage gate install`: make the gate in the database from the policy. `check`: is it there, whole? `explain`: why may somebody, or not?"""

import csv
import uuid
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from atlas.gate.act import Invalid, Refused
from atlas.gate.catalogue import findings
from atlas.gate.commands import Question, explain
from atlas.gate.days import day_of
from atlas.gate.giving_way import GivingWay, NobodyLetGo
from atlas.gate.installing import install
from atlas.gate.policy import ROLE, Permission

ASKED = ("who", "child", "permission", "at", "post")
COLUMNS = (*ASKED, "step", "passed")


class Command(BaseCommand):
    help = "Make the gate from the policy (install), check that it stands (check), or say step by step why somebody may do something (explain)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=["install", "check", "explain"])
        parser.add_argument("--database", default="default")
        parser.add_argument("--as", dest="officer", help="the privacy officer who asks: a user name")
        parser.add_argument("--as-post", dest="officer_post", help="in which post the officer asks, where several are held: its id")
        parser.add_argument("--who", help="whom it is about: a user name")
        parser.add_argument("--post", help="which of that person's posts, where several are held: its id")
        parser.add_argument("--child", help="the child's id, as the page's address has it")
        parser.add_argument("--permission", choices=[permission.value for permission in Permission])
        parser.add_argument("--at", help="the moment, 2026-11-25T14:00+00:00; now, if not given")
        parser.add_argument(
            "--csv",
            nargs=2,
            metavar=("IN", "OUT"),
            help="many questions: a file with the columns who, child, permission, at, and post where somebody holds several",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Install as the owner of the tables; check as anyone; explain as the service, for a privacy officer."""
        if options["verb"] == "explain":
            self._explain(options)
            return
        if options["verb"] == "install":
            self._install(connections[options["database"]])
        problems = findings(connections[options["database"]])
        if problems:
            raise CommandError("The gate does not stand:\n" + "\n".join(f"  {problem}" for problem in problems))
        self.stdout.write("The gate stands.")

    def _install(self, connection: BaseDatabaseWrapper) -> None:
        try:
            with GivingWay(connection, self.stdout.write) as way:
                way.trying(lambda: install(connection, self.stdout.write))
        except NobodyLetGo as problem:
            raise CommandError(f"The gate is as it was: {problem}") from None

    def _explain(self, options: dict[str, Any]) -> None:
        now = timezone.now()
        officer = _post(options["officer"], options["officer_post"], now, "--as-post", _asks)
        if not options["csv"]:
            for words, passed in _answer(officer, options, now):
                self.stdout.write(f"{'yes' if passed else 'NO ':3}  {words}")
            return
        taken, given = map(Path, options["csv"])
        with taken.open(encoding="utf-8", newline="") as asked, given.open("w", encoding="utf-8", newline="") as answers:
            out = csv.writer(answers)
            out.writerow(COLUMNS)
            for row in csv.DictReader(asked):
                asked_for = [row.get(name) or "" for name in ASKED]
                try:
                    steps = _answer(officer, row, now)
                except CommandError as problem:
                    out.writerow([*asked_for, str(problem), "not told"])
                    continue
                out.writerows([*asked_for, words, "yes" if passed else "no"] for words, passed in steps)


def _asks(post: Any) -> bool:
    return Permission.EXPLAIN in ROLE[post.role].permissions


def _post(username: str | None, post_id: str | None, at: Any, option: str, fits: Any = lambda post: True) -> Any:
    """The post that is named; or the only one that is held at that moment (or, where none is, was ever held). Never a guess between two."""
    posts = apps.get_model("agencies.Post").objects.filter(user__username=username or "").select_related("user", "team__agency")
    every = list(posts.order_by(F("until_on").desc(nulls_first=True), "-from_on", "pk"))
    if not every:
        raise CommandError(f"Nobody called {username or '(give a user name)'} holds a post.")
    if post_id:
        named = [post for post in every if str(post.pk) == post_id.strip().lower()]
        if not named:
            raise CommandError(f"{username} does not hold that post. These are theirs:\n{_listed(every)}")
        return named[0]
    held = [post for post in every if post.stands_on(day_of(at))] or every
    fitting = [post for post in held if fits(post)] or held
    if len(fitting) > 1:
        raise CommandError(f"{username} holds several posts. Say which one, with {option} and its id:\n{_listed(fitting)}")
    return fitting[0]


def _listed(posts: list[Any]) -> str:
    return "\n".join(
        f"  {post.pk}  {post.title} ({ROLE[post.role].name}), {post.team.name}, {post.team.agency.name}, from {post.from_on}"
        + (f" until {post.until_on}" if post.until_on else "")
        for post in posts
    )


def _answer(officer: Any, asked: dict[str, Any], now: Any) -> list[tuple[str, bool]]:
    try:
        at = parse_datetime(asked.get("at") or "") or now
        at = at if timezone.is_aware(at) else timezone.make_aware(at)  # as staff write it, in London
        who = _post(asked.get("who"), asked.get("post"), at, "--post")
        question = Question(who, uuid.UUID(asked.get("child") or ""), Permission(asked.get("permission") or ""), at)
        return explain(question=question, by=officer, at=now)
    except ValueError as problem:
        raise CommandError(
            "Give --who, --child (an id), --permission (a word of the policy) and, if you like, --at (2026-11-25T14:00)."
        ) from problem
    except (Invalid, Refused) as problem:
        raise CommandError(
            "Only a privacy officer of the child's authority is told, and not about a child who is shut to them, nor about themself or somebody of "
            "their own line, team or (outside the council) agency. Ask another privacy officer."
        ) from problem
