"""How the safety plans of the fictional authority moved with the children's lives in its year: from event to decision, in time or not, versions against
events (the snapshot measure, practice.md LP-11), and how much a worker is asked. `bench living_plan` prints it, for the authority that is made:
`python3 run.py demo --once`, or with `--before` as it was.

There is no peer: no system that could be read reopens a plan (peers.md 7.2). The peer is the same authority before.
"""

from atlas.config.launcher import Cluster
from atlas.flow import EVENTS, PLAN_LIMITS

ASKING = ", ".join(f"'{event.code}'" for event in EVENTS if event.asks)
LIMITS = ", ".join(f"'{limit.key}'" for limit in PLAN_LIMITS)
# Of children with a plan: what happened since it was begun, and when it was answered; what nobody has answered counts with the age that it has.
ANSWERED = f"""
    SELECT extract(epoch FROM coalesce(a.answered_at, (SELECT max(recorded_at) FROM chronology_entry)) - e.recorded_at) / 3600 AS hours, a.id IS NULL AS waits
    FROM plans_safetyplan p JOIN chronology_entry e ON e.child_id = p.child_id AND e.recorded_at > p.began_at AND e.event IN ({ASKING})
    LEFT JOIN plans_eventanswered a ON a.entry_id = e.id"""
QUESTIONS = {
    "plans": "SELECT count(*) FROM plans_safetyplan",
    "events": f"SELECT count(*) FROM ({ANSWERED}) e",
    "median_hours": f"SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY hours) FROM ({ANSWERED}) e",
    "unanswered_share": f"SELECT avg(waits::int) FROM ({ANSWERED}) e",
    "in_time_share": f"""SELECT avg((c.outcome = 'in_time')::int) FROM clocks_clock c JOIN plans_safetyplan p ON p.child_id = c.child_id AND c.started_at > p.began_at
        WHERE c."limit" IN ({LIMITS}) AND (c.outcome IN ('in_time', 'late') OR c.due_at < (SELECT max(recorded_at) FROM chronology_entry))""",
    # versions and events of each plan per 90 days of its life, over plans of 30 days or more
    "versions_per_90_days": """SELECT avg(p.number * 90 / d.days) FROM plans_safetyplan p CROSS JOIN LATERAL (
        SELECT extract(epoch FROM (SELECT max(recorded_at) FROM chronology_entry) - p.began_at) / 86400 AS days) d WHERE d.days >= 30""",
    "events_per_90_days": f"""SELECT avg(n.many * 90 / d.days) FROM plans_safetyplan p CROSS JOIN LATERAL (
        SELECT extract(epoch FROM (SELECT max(recorded_at) FROM chronology_entry) - p.began_at) / 86400 AS days) d CROSS JOIN LATERAL (
        SELECT count(*) AS many FROM chronology_entry e WHERE e.child_id = p.child_id AND e.recorded_at > p.began_at AND e.event IN ({ASKING})) n WHERE d.days >= 30""",
    # every weekday of the year of every worker who was asked at all
    **{
        name: f"""WITH asked AS (SELECT t.owner_post_id AS post, (e.recorded_at AT TIME ZONE 'Europe/London')::date AS day, count(*) AS many
            FROM tasks_task t JOIN clocks_clock c ON c.id = t.clock_id AND c."limit" IN ({LIMITS}) JOIN chronology_entry e ON e.id = t.entry_id
            WHERE t.owner_post_id IS NOT NULL GROUP BY 1, 2),
        days AS (SELECT d::date AS day FROM generate_series((SELECT min(day) FROM asked), (SELECT max(day) FROM asked), interval '1 day') d
            WHERE extract(isodow FROM d) < 6)
        SELECT percentile_cont({share}) WITHIN GROUP (ORDER BY coalesce(a.many, 0)) FROM days CROSS JOIN (SELECT DISTINCT post FROM asked) w
        LEFT JOIN asked a ON a.day = days.day AND a.post = w.post"""
        for name, share in (("questions_median", 0.5), ("questions_p95", 0.95), ("questions_most", 1.0))
    },
    "confirms_under_60_s": "SELECT coalesce(avg((seconds < 60)::int), 0) FROM plans_plandecision WHERE kind = 'confirmed'",
}  # fmt: skip


def is_made(cluster: Cluster) -> bool:
    """Whether the fictional authority is there, with plans."""
    has_atlas = "atlas" in cluster.sql("postgres", "SELECT datname FROM pg_database").split()
    return has_atlas and cluster.sql("atlas", "SELECT to_regclass('plans_safetyplan')").strip() != ""


def figures(cluster: Cluster) -> dict[str, float]:
    """Each figure of the year by its name."""
    return {name: float(cluster.sql("atlas", question).strip() or 0) for name, question in QUESTIONS.items()}
