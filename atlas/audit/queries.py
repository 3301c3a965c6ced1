"""Who looked at a child, in which post, at which page, through which relationship, when."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connections

from atlas.agencies.models import Post
from atlas.children.models import Child
from atlas.gate.policy import Kind


@dataclass(frozen=True)
class Looked:
    """One look."""

    post: Post
    page: str
    through: str
    looked_at: datetime


WORDS = {kind: kind.value.replace("_", " ") for kind in Kind}


def looks_at(child: Child) -> list[Looked]:
    """The looks at a child that the acting post may know of, latest first: all for the privacy officer; for the line, its own
    agency's. The database decides (`gate_looks`), since a look names several children.
    """
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT page, post, through, looked_at FROM gate_looks(%s)", [child.pk])
        rows = cursor.fetchall()
    posts = Post.objects.select_related("user", "team__agency").in_bulk({row[1] for row in rows})
    return [
        Looked(posts[post], page.replace("_", " "), ", ".join(WORDS[Kind(kind)] for kind in through) or "no relationship", looked_at)
        for page, post, through, looked_at in rows
    ]
