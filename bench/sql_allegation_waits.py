"""What tick passes on, by hand: the last of each line of sendings that nobody who is still there has received (bench/sql_allegation_probes.py)."""

from typing import TYPE_CHECKING, Any

from atlas.agencies.models import Post
from atlas.allegations.models import Allegation, AllegationStep
from tests import factories
from tests.gate.matrix import AT, HOUR

if TYPE_CHECKING:
    from bench.sql_allegation_probes import Allegations


def add_waits(world: "Allegations") -> None:
    """Ask, as tick, which sendings wait; and, of receivers, whether what they have is still in good hands."""
    of = factories.agency("Alleged waiting", of=factories.authority("Alleged waiting"))
    one, head, gone = world._post("designated_officer", of), world._post("head_of_service", of), world._post("designated_officer", of)
    worker, near = world._post("practitioner", of), world._post("designated_officer", of)
    Post.objects.filter(pk=worker.pk).update(line_manager=near)
    Post.objects.filter(pk=gone.pk).update(until_on=AT.date() - 24 * HOUR)
    standards, plain = world._post("professional_standards", of), world._post("practitioner", of)
    for post, holds in ((one, True), (head, True), (standards, True), (gone, False), (plain, False), (near, True), (None, False)):
        made = world._alleged(world.third_child, None, by=world.stranger)
        world._says(f"holds: {post and post.role}", holds, "gate_still_receives(%s, %s, %s)", post and post.pk, made.pk, AT)
    of_worker = world._alleged(world.third_child, worker, by=world.stranger)
    for post, holds in ((one, True), (near, False)):
        world._says(f"holds of a worker: {post.role}", holds, "gate_still_receives(%s, %s, %s)", post.pk, of_worker.pk, AT)
    early, late = AT, AT - HOUR
    # (to whom in a line, each with its deadline; who received; whether it is closed) -> whether the last of the line waits.
    lines: tuple[tuple[list[tuple[Post | None, object]], list[Post], bool, bool], ...] = (
        ([(one, early)], [], False, False), ([(one, late)], [], False, True), ([(one, late)], [one], False, False), ([(one, late)], [head], False, True),
        ([(None, early)], [], False, True), ([(gone, early)], [], False, True), ([(gone, early)], [gone], False, True), ([(gone, early)], [], True, False),
        ([(one, late)], [], True, False), ([(one, late), (head, early)], [], False, False), ([(one, late), (head, late)], [], False, True),
        ([(one, late), (head, late)], [one], False, False), ([(one, late), (head, late)], [head], False, False), ([(gone, late), (head, late)], [gone], False, True),
        ([(gone, late), (head, early)], [gone], False, False), ([(one, late), (head, late), (standards, late)], [one], False, False),
        ([(one, late), (gone, early)], [one], False, False), ([(one, late), (gone, early)], [], False, True), ([(None, early), (head, early)], [], False, False),
        ([(None, early), (head, late)], [], False, True),
    )  # fmt: skip
    ours, waits = [], []
    for line, received, is_closed, is_waiting in lines:
        made, last = world._alleged(world.third_child, None, by=world.stranger), None
        for post, due_at in line:
            last = world._sent(made, post, last)
            AllegationStep.objects.filter(pk=last.pk).update(due_at=due_at)
        for post in received:
            world._step(made, "received", post)
        if is_closed:
            world._step(made, "closed", one)
        assert last is not None
        ours += list(made.steps.values_list("pk", flat=True))
        waits += [last.pk] if is_waiting else []
    _two_lines(world, one, head, ours, waits)
    sql = "array(SELECT w FROM unnest(gate_allegations_waiting()) w WHERE w = ANY (%s) ORDER BY w)"
    world._says("waiting", [sorted(waits)], sql, ours, by=world.tick)
    for by in (one, world.recorder, None):
        world._says("waiting, not for tick", [[]], "gate_allegations_waiting()", by=by)


def _two_lines(world: "Allegations", one: Post, head: Post, ours: list[Any], waits: list[Any]) -> None:
    """Of two lines of one allegation, a receipt in one says nothing of the other."""
    made: Allegation = world._alleged(world.third_child, None, by=world.stranger)
    first, second = world._sent(made, one), world._sent(made, head)
    AllegationStep.objects.filter(pk__in=[first.pk, second.pk]).update(due_at=AT - HOUR)
    world._step(made, "received", one)
    ours += [first.pk, second.pk]
    waits.append(second.pk)
