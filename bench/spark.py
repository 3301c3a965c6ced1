"""The distributed engine: a standalone Spark cluster of two workers on loopback, started here, links the same people by the same model as DuckDB in this process.

`python3 run.py bench spark [RECORDS A SIDE]` (3,000; `--quick`: 450). Wanted: the same pairs, decisions and order, weights equal to 1e-9. Needs Java 17 and
PySpark 4, which are not among the project's packages (400 MB); without them it says so and ends. The seconds are of a cluster that is larger than its work: they show
what it costs, and no gain.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from atlas_analysis.matching.linking import link
from atlas_analysis.matching.model import learn
from atlas_analysis.matching.spark import spark_session
from atlas_analysis.matching.standard import put_in_one_form
from bench.invented import AT, two_sides
from bench.measuring import last_line, table
from run import free_port, is_free

SIDE = 450 if "--quick" in sys.argv else next((int(part) for part in sys.argv[1:] if part.isdigit()), 3_000)
ONCE = ("council", "police")
WORKERS = 2


@contextmanager
def standing(folder: Path) -> Iterator[str]:
    """A master and two workers of one core and 1 GB each; gives the master's address, and ends them."""
    import pyspark

    home, port = Path(pyspark.__file__).parent, free_port()
    address = f"spark://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_SCALA_VERSION": "2.13",
        "SPARK_LOCAL_DIRS": str(folder),
        "PYSPARK_PYTHON": sys.executable,
    }
    java = ["java", "-cp", f"{home}/jars/*", "-Xmx512m"]
    role = "org.apache.spark.deploy"
    words = [[*java, f"{role}.master.Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", str(free_port())]]
    words += [
        [*java, f"{role}.worker.Worker", "--host", "127.0.0.1", "-c", "1", "-m", "1g", "-d", str(folder / f"worker{number}"),
         "--webui-port", str(free_port()), address] for number in range(WORKERS)
    ]  # fmt: skip
    running = []
    with (folder / "log").open("w") as log:
        try:
            for one in words:
                running.append(subprocess.Popen(one, env=environment, stdout=log, stderr=log))
                until = time.monotonic() + 60
                while is_free(port) and time.monotonic() < until:
                    time.sleep(0.2)
            while (folder / "log").read_text().count("Successfully registered with master") < WORKERS:
                if any(one.poll() is not None for one in running):
                    raise SystemExit(f"The cluster did not come up:\n{(folder / 'log').read_text()[-2000:]}")
                time.sleep(0.2)
            yield address
        finally:
            for process in reversed(running):
                process.terminate()
                process.wait()


def timed(people: Any, model: Any, **engine: Any) -> tuple[Any, float]:
    """The pairs, and how long they took."""
    start = time.perf_counter()
    found = link(people, model, once=ONCE, **engine)
    return found.pairs, time.perf_counter() - start


def main() -> None:
    """Link on both engines, and compare."""
    try:
        import pyspark
    except ModuleNotFoundError:
        raise SystemExit(
            "PySpark is not installed: .atlas/tools/bin/uv pip install --python .atlas/venv/bin/python 'pyspark>=4.1,<5'"
        ) from None
    if not shutil.which("java"):
        raise SystemExit("Java is not installed: apt-get install openjdk-17-jre-headless")
    people = put_in_one_form(two_sides(SIDE, 101)[0], AT)
    model = learn(people, seed=1)
    ours, here = timed(people, model)
    with TemporaryDirectory() as place, standing(Path(place)) as address:
        session = spark_session(address, folder=f"{place}/checkpoints")
        workers = int(session.sparkContext._jsc.sc().getExecutorMemoryStatus().size()) - 1
        theirs, first = timed(people, model, engine="spark", session=session)
        again, second = timed(people, model, engine="spark", session=session)
        session.stop()
    apart = [name for name in ours.column_names if name not in ("weight", "probability")]
    same = theirs.select(apart).equals(ours.select(apart)) and again.select(apart).equals(ours.select(apart))
    off = float(np.abs(theirs["weight"].to_numpy() - ours["weight"].to_numpy()).max()) if same else float("nan")
    table(
        ("records", "pairs", "workers", "same pairs, decisions, order", "weights apart", "DuckDB s", "Spark s", "again s"),
        [(people.table.num_rows, ours.num_rows, workers, same, f"{off:.1e}", f"{here:.1f}", f"{first:.1f}", f"{second:.1f}")],
    )
    last_line(
        records=people.table.num_rows,
        pairs=ours.num_rows,
        workers=workers,
        same=float(same),
        weights_apart=off,
        duckdb_s=here,
        spark_s=first,
    )
    print(f"PySpark {pyspark.__version__}")
    if not same:
        raise SystemExit("The engines differ.")


main()
