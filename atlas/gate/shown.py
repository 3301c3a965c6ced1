"""The queryset of every table about children: its rows leave through the gate alone."""

import uuid
from typing import Any, Self

from django.db import models

from atlas.gate.ageing import recent_rows
from atlas.gate.context import Subject
from atlas.gate.policy import Mode, RecordKind
from atlas.gate.rules import may_touch, reads_only_recent


class GatedQuerySet(models.QuerySet[Any, Any]):
    """Rows about children, which leave only through the gate."""

    def visible_to(self, subject: Subject, record: RecordKind | None = None) -> Self:
        """The rows whose child this subject may read now, by the relationships that open this kind of record.

        `record`: judge by another kind than the table's own (a child's page opens less widely than a child's name).
        The same decision stands in row security; this filter makes the plan short and the intent plain.
        """
        from atlas.gate.queries import released_to, rows_opened_by  # the queryset is made before the models it asks

        opened = rows_opened_by(subject, self.model, record or self.model.record_kind, Mode.READ)
        if asker := getattr(self.model, "own_reads", ""):
            opened |= models.Q(**{asker: subject.post.pk}) & rows_opened_by(subject, self.model, RecordKind.RELATIONSHIP, Mode.READ)
        return self.filter(opened).filter(released_to(subject, self.model))

    def of_child(self, subject: Subject, child_id: uuid.UUID) -> Self:
        """The rows about one child, where the subject may read this kind of record about that child; otherwise none.

        The same as `visible_to`, cut to one child, for a page that asks many tables: how one stands is asked once.
        """
        may = self.may_read(subject, child_id)
        if not may:
            return self.none()
        from atlas.gate.queries import released_to  # as above

        of_child = self.filter(released_to(subject, self.model), **{getattr(self.model, "child_path", "child_id"): child_id})
        return of_child.filter(recent_rows(self.model, subject.at)) if self.only_recent(subject, child_id) else of_child

    def only_recent(self, subject: Subject, child_id: uuid.UUID) -> bool:
        """Whether of these rows about that child the subject may read only what is open or recent."""
        from atlas.gate.queries import standing  # as above

        return reads_only_recent(standing(subject, child_id), self.model.record_kind)

    def may_read(self, subject: Subject, child_id: uuid.UUID) -> bool:
        """Whether the subject may read rows of this kind about that child."""
        from atlas.gate.queries import standing  # as above

        return may_touch(standing(subject, child_id), self.model.record_kind, Mode.READ)
