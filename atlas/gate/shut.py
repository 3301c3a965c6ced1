"""What shuts a row, or keeps it from being added, beside its kind of record: whom and what else it names, who wrote it, papers that are not recorded. As SQL."""

from collections.abc import Iterator

from django.db.models import Model

from atlas.gate.conditions import read_too

Shut = Iterator[tuple[str, str, str]]


def shut(model: type[Model], child: str) -> Shut:
    """(name of a restrictive policy, for which command, its condition) of a table, by what its model says; `child`: the column of its child."""
    yield from _names_children(model)
    yield from _names_person(model, child)
    yield from _sealed_elsewhere(model, child)
    yield from _names_other(model)
    yield from _names_all(model)
    yield from _after_papers(model, child)
    yield from _obeys_author(model)


def _names_children(model: type[Model]) -> Shut:
    """A row that is open by role is shut all the same to whoever is shut out of a child that it is about, or may be about."""
    if named := getattr(model, "names_children", ""):
        blocked = "(SELECT gate_blocked())"
        shut = f"child_id = ANY ({blocked}::uuid[]) OR {named} ?| {blocked}::text[]"
        yield "app_block", "ALL", f"USING (({shut}) IS NOT TRUE)"


def _sealed_elsewhere(model: type[Model], child: str) -> Shut:
    """Where a child has another record, and the location is sealed there, what says it in clear is shut too; the feed goes on keeping what it delivers."""
    if getattr(model, "shut_where_sealed", False):
        yield "app_sealed", "SELECT", f"USING (({child} = ANY ((SELECT gate_sealed_elsewhere())::uuid[])) IS NOT TRUE)"


def _names_person(model: type[Model], child: str) -> Shut:
    """A row that names somebody else beside the child is open to nobody to whom one of the two is shut, by a conflict or by a list of names."""
    if column := getattr(model, "names_person", ""):
        shut = f"({column} = ANY ((SELECT gate_blocked())::uuid[])) IS NOT TRUE"
        named = " AND ".join(f"({one} = ANY ((SELECT gate_guarded())::uuid[])) IS NOT TRUE" for one in (child, column))
        yield "app_named", "ALL", f"USING ({shut} AND {named})"


def _names_other(model: type[Model]) -> Shut:
    """A row that names another child is open to whoever may read such records about both; one that names an entry about no child, while that is open."""
    if other := getattr(model, "names_other_child", ""):
        both = read_too(model.record_kind, other)  # type: ignore[attr-defined]
        if next(field for field in model._meta.fields if field.column == other).null:
            both = f"{other} IS NULL OR ({both})"
        yield "app_both", "ALL", f"USING ({both})"
    if entries := getattr(model, "names_entries", {}):
        # Asked of the entry's own row security, as the same login: what is hidden there is hidden here.
        open_ones = " AND ".join(f"({column} IS NULL OR {column} IN (SELECT e.id FROM {of} e))" for column, of in entries.items())
        yield "app_entries", "ALL", f"USING ({open_ones})"


def _names_all(model: type[Model]) -> Shut:
    """A row about several children is open to whoever may read such records about every one of them: to anybody else it is not there."""
    if column := getattr(model, "names_all", ""):
        kind = model.record_kind  # type: ignore[attr-defined]
        yield "app_all", "ALL", f"USING (gate_open({column}, '{kind}') @> {column})"


def _after_papers(model: type[Model], child: str) -> Shut:
    """No such row about a child before the impact assessments of what it is part of are recorded, and read again in time (ADR 48)."""
    if about := getattr(model, "after_papers", ""):
        yield "app_papers", "INSERT", f"WITH CHECK (gate_papers_missing({child}, '{about}') = '{{}}')"


def _obeys_author(model: type[Model]) -> Shut:
    """The author agency alone writes; others read nothing, or what its handling lets them, until the review date (protection.md 4.7)."""
    obeys = getattr(model, "obeys_author", "")
    if not obeys:
        return
    mine = "author_id = (SELECT gate_agency())"
    today = "(SELECT ((gate_me()).at AT TIME ZONE 'Europe/London')::date)"
    named = "(handling = 'C' AND (SELECT gate_agency()) = ANY (named_agencies))"
    by_handling = f"{mine} OR (state = 'released' AND review_on >= {today} AND (handling = 'P' OR {named}))"
    read = {"alone": mine, "by handling": by_handling}[obeys]
    yield "app_author_select", "SELECT", f"USING ({read})"
    yield "app_author_insert", "INSERT", f"WITH CHECK ({mine})"
    yield "app_author_update", "UPDATE", f"USING ({mine}) WITH CHECK ({mine})"
