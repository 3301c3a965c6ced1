"""How a child is reached, as a condition of row security in SQL."""

from atlas.gate.policy import ROLES, Mode, Permission, RecordKind

# The authorities that the acting agency serves.
SERVED = "SELECT s.authority_id FROM agencies_agency_authorities s WHERE s.agency_id = (SELECT gate_agency())"


def holds(permission: Permission) -> str:
    """The condition, in SQL, that the acting role holds a permission."""
    roles = ", ".join(sorted(f"'{role.key}'" for role in ROLES if permission in role.permissions))
    return f"(SELECT gate_role()) IN ({roles})"


def reached(kind: RecordKind, mode: Mode, column: str, authority_columns: tuple[str, ...] = ()) -> str:
    """The condition, in SQL, under which records of this kind about the child in this column are open to the acting post.

    `authority_columns`: columns that hold the child's authorities; without them the child is looked up.
    """
    authorities = f"(SELECT gate_authorities('{kind}', '{mode}'))::uuid[]"
    if authority_columns:
        by_authority = " OR ".join(f"{name}_id = ANY ({authorities})" for name in authority_columns)
    else:
        by_authority = f"({authorities} <> '{{}}'::uuid[] AND gate_in_authority({column}, {authorities}))"
    # A guarded child is open through no authority: only to those on its list, which the array of children has seen to.
    unguarded = f"({column} = ANY ((SELECT gate_guarded())::uuid[])) IS NOT TRUE"
    # The child's own relationships first: they are most people's, and whom they open the child to is not asked about authorities.
    return f"{column} = ANY ((SELECT gate_children('{kind}', '{mode}'))::uuid[]) OR (({by_authority}) AND {unguarded})"


def read_too(kind: RecordKind, column: str) -> str:
    """The condition, in SQL, of a row about a child that names another one in this column: such records about that one are open to read too."""
    return f"({column} = ANY ((SELECT gate_blocked())::uuid[])) IS NOT TRUE AND ({reached(kind, Mode.READ, column)})"


def only_recent(kind: RecordKind, mode: Mode, column: str, recent: str) -> str:
    """The condition, in SQL, under which a record of this kind is not shut for its age; `recent`: the one under which it is open or recent."""
    return f"({column} = ANY ((SELECT gate_only_recent('{kind}', '{mode}'))::uuid[])) IS NOT TRUE OR {recent}"
