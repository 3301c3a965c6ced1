"""Who is at work in the authority that a benchmark uses: everybody signed in, with what they read, and the children whom they may report missing."""

from collections import defaultdict

from django.conf import settings
from django.test import Client
from django.utils import timezone

from atlas.agencies.models import Post
from atlas.agencies.queries import posts_standing
from atlas.config.launcher import Cluster
from atlas.gate.days import day_of
from atlas.gate.policy import ROLE, Permission
from bench.crowd import FORM, Person
from tests.factories import begin_session

OURS, BARE = "allauth.account.auth_backends.AuthenticationBackend", "django.contrib.auth.backends.ModelBackend"
THEIRS = """SELECT DISTINCT ON (md5(r.child_id::text)) r.holder_post_id, r.child_id FROM gate_relationship r
 WHERE r.kind = 'allocated' AND r.from_at <= now() AND (r.until_at IS NULL OR r.until_at > now()) AND r.holder_post_id IS NOT NULL
 AND NOT EXISTS (SELECT 1 FROM gate_restriction g WHERE g.child_id = r.child_id) AND NOT EXISTS (SELECT 1 FROM gate_block b WHERE b.child_id = r.child_id)
 AND NOT EXISTS (SELECT 1 FROM missing_episode e WHERE e.child_id = r.child_id AND e.state IN ('missing', 'found')) ORDER BY md5(r.child_id::text), r.from_at, r.id"""


def at_work(cluster: Cluster, name: str, users: int, reads: int = 12) -> tuple[list[Person], list[Person]]:
    """So many people, whoever works with children first, signed in to ours; and the same signed in to the bare pages, which know fewer addresses.

    `reads`: how many children's pages each reads; the other children of theirs may be reported missing, by one of those who work with a child alone.
    """
    theirs: dict[str, list[str]] = defaultdict(list)
    for line in cluster.sql(name, THEIRS).split("\n"):
        if "|" in line:
            holder, child = line.split("|")
            theirs[holder].append(child)
    working = [role for role, held in ROLE.items() if Permission.VIEW_MY_WORK in held.permissions]
    posts = posts_standing(day_of(timezone.now())).filter(is_service=False, role__in=working).select_related("user", "team")
    chosen = sorted(posts, key=lambda post: (str(post.pk) not in theirs, post.pk))[:users]
    people, bare = [], []
    for post in chosen:
        children = theirs[str(post.pk)]
        may = ROLE[post.role].permissions
        pages = [f"/child/{child}/" for child in children[:reads]]
        shared = ["/", *pages, *(["/missing/"] if Permission.VIEW_MISSING_NOW in may else [])]
        team = ["/oversight/team_work/"] if Permission.VIEW_TEAM_WORK in may else []
        people.append(
            Person(
                cookie(post, OURS),
                [*shared, *team],
                children[reads:] if Permission.REPORT_MISSING in may else [],
                Permission.RAISE_CONTACT in may,
            )
        )
        bare.append(Person(cookie(post, BARE), shared))
    return people, bare


def cookie(post: Post, backend: str) -> str:
    """The cookie of a session that has passed the second factor."""
    client = Client(HTTP_HOST="127.0.0.1")
    begin_session(client, post, timezone.now(), backend)
    return f"{settings.SESSION_COOKIE_NAME}={client.session.session_key}; {settings.CSRF_COOKIE_NAME}={FORM}"
