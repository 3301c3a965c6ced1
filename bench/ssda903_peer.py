"""The sector's own validator on the same files, in an environment of its own (bench/ssda903.py makes it); prints which rows each rule flags.

Its best honest setting: only the rules of the Missing table, and no report made of what they flag. Arguments: the collection's year, the rules,
where to write the flagged rows, and the files; last year's has "last" in its name.
"""

import json
import logging
import sys
from pathlib import Path


def main(year: str, rules: str, flagged: str, *names: str) -> None:
    """Validate, and write the rows of the Missing table by rule, counted as a spreadsheet does."""
    from lac_validator.lac_validator import LacValidator  # type: ignore[import-not-found]
    from lac_validator.rules.lac2025_26 import registry  # type: ignore[import-not-found]

    logging.disable(logging.CRITICAL)
    files = [
        {"name": Path(name).name, "file_content": Path(name).read_bytes(), "description": "Prev year" if "last" in name else "This year"}
        for name in names
    ]
    said = LacValidator(
        metadata={"collectionYear": year, "localAuthority": "E09000006"}, files=files, registry=registry, selected_rules=rules.split(",")
    )
    missing = said.ds_results["Missing"]
    rows = {
        column[4:]: [int(place) + 2 for place in missing.index[missing[column] == True]]  # noqa: E712
        for column in missing.columns if column.startswith("ERR_")
    }  # fmt: skip
    Path(flagged).write_text(json.dumps(rows))
    json.dump({"failed": said.fails, "skipped": said.skips}, sys.stdout)


main(*sys.argv[1:])
