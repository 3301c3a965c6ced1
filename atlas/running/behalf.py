"""A job on behalf of a person: the right is asked for when it runs and again before it delivers; where it is lost, nothing is delivered.

What a job makes stays in memory until it is delivered, so that a job that stops, or dies, leaves nothing behind that somebody may find.
Source: shared/reference/protection.md section 4.8 (background job) and table A, A8.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from atlas.agencies.models import Post
from atlas.gate.act import Invalid, Refused
from atlas.gate.behalf import Behalf, on_behalf
from atlas.running.queue import give_back

Made = TypeVar("Made")


@dataclass(frozen=True)
class Errand(Generic[Made]):
    """What a job does for a person, as verbs that each judge the person anew (commands do).

    `make`: makes it, in a transaction of its own. `deliver`: hands it over, in another: where this refuses, it was made for nobody.
    `stopped`: says, in the words of the domain, that nothing came of it; given the post and what stood in the way.
    """

    job: str
    make: Callable[[Post, datetime], Made]
    deliver: Callable[[Made, Post, datetime, str], object]
    stopped: Callable[[Post, datetime, Refused | Invalid], object]


def carry(behalf: Behalf, errand: Errand[Made], clock: Callable[[], datetime]) -> bool:
    """Run an errand on somebody's behalf. Returns whether it was delivered; a refusal stands in the record of acts by then."""
    with on_behalf(behalf, errand.job):
        try:
            made = errand.make(_post(behalf), clock())
            errand.deliver(made, _post(behalf), clock(), behalf.key)
        except (Refused, Invalid) as problem:
            errand.stopped(_post(behalf), clock(), problem)
            return False
        finally:
            give_back()
    return True


def _post(behalf: Behalf) -> Post:
    """The post as it stands now: its role, its end and its account may have changed since the job began."""
    return Post.objects.select_related("user", "team__agency").get(pk=behalf.post)
