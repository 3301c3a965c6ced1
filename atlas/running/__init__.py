"""Running Atlas: what it does beside the pages (tick, the workers, the sealer), whose beat is late, and jobs that failed and wait for a person.

Screens: running the service, a job tried again (a failure kept by its kind: a job failure), a job given up.
Guidance: shared/reference/protection.md section 6 (queue: a stuck job may be an alert that was not sent).
"""
