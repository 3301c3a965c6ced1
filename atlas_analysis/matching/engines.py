"""Where the library works: DuckDB in this process, or Spark."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pyarrow as pa

from atlas_analysis.matching.spark import spark_engine


@contextmanager
def engine_for(engine: str, session: Any | None, table: pa.Table) -> Iterator[Any]:
    """A table put where the library works on it. Raises ValueError for an engine that is neither `duckdb` nor `spark`."""
    if engine == "spark":
        api = spark_engine(session)
        yield api.register(table)
        return
    if engine != "duckdb":
        raise ValueError(f'There is no engine {engine!r}. Give "duckdb", in this process, or "spark".')
    import duckdb
    from splink import DuckDBAPI

    with duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}) as connection:
        api = DuckDBAPI(connection=connection)
        connection.register("atlas_people", table)
        yield api.register("atlas_people")
