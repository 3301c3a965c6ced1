"""A return is checked before anybody else checks it."""

import gzip
import tempfile
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from atlas.gate.act import Invalid, command
from atlas.gate.policy import Permission
from atlas.returns.checking.check import check
from atlas.returns.checking.staging import Given, Problem
from atlas.returns.models import ReturnCheck
from atlas.sharing.exports.store import locked

if TYPE_CHECKING:
    from atlas.agencies.models import Post

KEPT_FOR = timedelta(days=14)  # product default, not law: long enough to put a return right


@command(needs=Permission.CHECK_RETURN)
def check_return(*, files: Sequence[Given], year: int, by: "Post", at: datetime) -> ReturnCheck:
    """Check the files of one return, in a process that can harm nobody, and keep what was found for whoever gave them; the files are not kept.

    Raises Invalid, in the user's words, where a file cannot be taken; then nothing is kept.
    """
    with tempfile.TemporaryDirectory(prefix="atlas-return-") as work:
        try:
            checked = check(files, year, Path(work))
        except Problem as problem:
            raise Invalid(str(problem), "missing") from problem
        made = ReturnCheck(
            id=uuid.uuid4(), year=year, tables=checked.tables, counts=checked.counts, questions=checked.questions, skipped=checked.skipped,
            findings_counted=checked.total, made_by=by, checked_at=at, until_at=at + KEPT_FOR,
        )  # fmt: skip
        made.content, made.secret = locked(gzip.compress(checked.findings.read_bytes(), 6), made.pk)
    made.save(force_insert=True)
    return made
