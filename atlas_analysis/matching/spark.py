"""The same model on a distributed engine, for a region or the nation: Splink on Spark."""

from tempfile import mkdtemp
from typing import Any


def spark_session(master: str = "local[2]", partitions: int = 8, folder: str | None = None) -> Any:
    """A Spark session with what Splink needs (stack.md, trap 17). `master`: `local[2]`, or `spark://address:port` of a cluster that stands. `folder`: where Spark
    keeps what it has worked out between steps, seen by all its workers; a new one of this machine where none is given. It holds names: whoever gives it, deletes it.

    Raises ModuleNotFoundError with what to install where PySpark is missing.
    """
    try:
        from pyspark.sql import SparkSession
    except ModuleNotFoundError:
        raise ModuleNotFoundError(
            'engine="spark" needs PySpark and Java 17, which are not installed: pip install "pyspark>=4.1,<5", apt-get install openjdk-17-jre-headless.'
        ) from None
    from splink.backends.spark import similarity_jar_location

    builder = SparkSession.builder.master(master).appName("atlas matching")
    for name, value in {
        "spark.jars": similarity_jar_location(), "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1", "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false", "spark.sql.shuffle.partitions": str(partitions), "spark.default.parallelism": str(partitions),
    }.items():  # fmt: skip
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setCheckpointDir(folder or mkdtemp(prefix="atlas-matching-"))
    return session


def spark_engine(session: Any | None) -> Any:
    """Splink's door to a Spark session: the one given, whose checkpoint folder is set, or one on this machine."""
    session = session or spark_session()
    import splink

    door: Any = splink.SparkAPI
    return door(spark_session=session, break_lineage_method="parquet", num_partitions_on_repartition=8)
