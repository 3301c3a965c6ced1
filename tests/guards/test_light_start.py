"""No process of the service carries the analysis engine: a page needs none of it, and every start would wait for it, in every worker's memory."""

import os
import subprocess
import sys

ENGINE = ("scipy", "numba", "pyarrow", "duckdb", "splink", "sknetwork", "polars", "pandas")
LOADED = "import sys, django; django.setup(); import atlas.config.urls; print(*(name for name in sys.argv[1:] if name in sys.modules))"


def test_the_service_starts_without_the_analysis_engine() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED, *ENGINE], env=dict(os.environ), capture_output=True, text=True, check=True)
    assert done.stdout.split() == [], "Import it inside the job that needs it."
