"""What is said of each finding: what goes wrong while two versions run, and how it is done instead."""

# Rules of squawk that are not for us, and why.
LEFT_OUT = {
    "require-lock-timeout": "`manage migrate` sets it, and tries again",
    "require-statement-timeout": "the same",
    "prefer-robust-stmts": "a migration is in a transaction, or one step",
    "prefer-text-field": "a longer text touches no row",
    "prefer-bigint-over-int": "counts of a child's things stay small",
    "prefer-bigint-over-smallint": "the same",
    "prefer-identity": "Django says how a key is made",
    "prefer-timestamptz": "Django makes no other",
    "ban-char-field": "Django makes none",
    "ban-drop-column": "ours: it asks what the version before uses",
    "ban-drop-table": "the same",
    "renaming-column": "the same",
    "renaming-table": "the same",
    "changing-column-type": "the same: a text that may be longer is no change",
    "adding-required-field": "the same: it sees what the default is in the end",
    "ban-drop-default": "the same",
    "ban-drop-not-null": "what may be empty refuses nothing",
    "ban-drop-constraint": "what is not asked any more refuses nothing",
}
EXPAND = "expand, backfill, switch, contract (CONTRIBUTING, To change a table)"
INSTEAD = {
    "used-by-the-version-before": (
        "takes away or renames what the version before still uses; its pages would fail",
        f"take it out of the models in this release (SeparateDatabaseAndState), and out of the database in the next; what is renamed is added anew: {EXPAND}.",
    ),
    "changing-column-type": (
        "changes the type of a column: the table is locked while every row is written anew, and the version before reads another type",
        f"add a column of the new type, backfill it, switch, and take the old one away a release later: {EXPAND}.",
    ),
    "the-version-before-adds-rows": (
        "adds a column that must hold something and has no default in the database; the version before adds rows without it, which are refused",
        "give the field db_default=…, or let it be null, and set NOT NULL a release later.",
    ),
    "this-version-adds-rows": (
        "a column leaves the models and stays in the database, where it must hold something; this version adds rows without it, which are refused",
        "beside the state, let it be empty: RunSQL('ALTER TABLE … ALTER COLUMN … DROP NOT NULL', reverse_sql=…), or SET DEFAULT.",
    ),
    "require-concurrent-index-creation": (
        "makes an index while nobody may write to the table",
        "AddIndexConcurrently (django.contrib.postgres.operations), alone in a migration with atomic = False; a new foreign key with db_index=False.",
    ),
    "require-concurrent-index-deletion": (
        "takes an index away while nobody may read the table",
        "RemoveIndexConcurrently, alone in a migration with atomic = False.",
    ),
    "ban-concurrent-index-creation-in-transaction": (
        "makes an index concurrently inside a transaction, which PostgreSQL refuses",
        "atomic = False, and nothing else in the migration.",
    ),
    "adding-foreign-key-constraint": (
        "adds a foreign key that is checked for every row while nobody may write to either table",
        "AddField(…, db_constraint=False), then ADD CONSTRAINT … NOT VALID, then VALIDATE CONSTRAINT: RunSQL, a migration each.",
    ),
    "constraint-missing-not-valid": (
        "adds a constraint that is checked for every row while nobody may read or write the table",
        "AddConstraintNotValid, and ValidateConstraint in a migration of its own (django.contrib.postgres.operations).",
    ),
    "disallowed-unique-constraint": (
        "adds a unique constraint, whose index is made while nobody may read or write the table",
        "CREATE UNIQUE INDEX CONCURRENTLY in a migration with atomic = False, then ADD CONSTRAINT … UNIQUE USING INDEX.",
    ),
    "adding-not-nullable-field": (
        "sets NOT NULL: every row is read while nobody may read or write the table, and the version before may still leave it empty",
        "a release later, when nothing leaves it empty: a CHECK (… IS NOT NULL) as AddConstraintNotValid, ValidateConstraint, then SET NOT NULL.",
    ),
    "adding-field-with-default": (
        "adds a column whose default is another for each row: the table is written anew while nobody may read it",
        "add it empty, and backfill in batches.",
    ),
    "one-step-without-transaction": (
        "has several steps and no transaction: where one fails, those before it stay and are refused when it is begun again",
        "one step to a migration with atomic = False.",
    ),
    "data-apart-from-shape": (
        "changes data and shape in one transaction: the tables stay locked while every row is written",
        "the data in a migration of its own, in batches, with atomic = False.",
    ),
    "rows-in-one-transaction": (
        "changes rows in one transaction: whoever writes one of them waits until all are done",
        "atomic = False, and backfill() of atlas/gate/backfill.py: in batches, which can be ended and go on.",
    ),
    "no-way-back": ("has no way back", "reverse_code or reverse_sql; RunPython.noop where nothing needs to be undone."),
    "no-reason": ("says nowhere why it is needed", "a docstring: of the function that RunPython runs, or of the migration."),
    "not-readable": (
        "cannot be read, so nobody knows what it does to a running service",
        "mend what Django says; name a constraint that is to go.",
    ),
    "released-and-changed": (
        "is released and was changed or deleted; installations that have it will never see that",
        "leave it as it was, and add another migration.",
    ),
    "shape-in-the-gate": (
        "`gate install` runs beside pages in one transaction, and this locks a table all the while, or takes away what the version before calls",
        "tables, columns and indexes belong to a migration; a function that returns something else gets another name, and the old one goes a release later.",
    ),
}
