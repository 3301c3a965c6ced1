"""The papers of a council's governance, written from what runs, so that none is older than the service: each is made by `manage docs`, and `run.py "
"check` refuses a stale one."""
