"""What a machine asks of Atlas, what it counts and what it logs: is it there, may it be sent people, how does it go; and never who anybody is."""

import io
import json
import logging
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import get_commands, load_command_class
from django.db import OperationalError
from django.shortcuts import render
from django.test import Client
from django.urls import reverse
from prometheus_client.openmetrics.parser import text_string_to_metric_families

import run
from atlas.config import probes
from atlas.config.logs import AsLines, without_arguments
from tests.guards.reading import ROOT
from tests.world import make_world

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-")
DEPLOY = ROOT / "deploy"
OF_RUN = {"tick": run.TICK, "procrastinate": ("procrastinate", "worker", "--queues", "%i")}


@pytest.mark.django_db
def test_ready_says_whether_people_may_be_sent_and_why_only_to_who_runs_it(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/health").content == b"ok"
    told = client.get("/ready")
    assert told.status_code == 200 and told.json() | {"late": []} == {
        "ready": True, "database": True, "migrations": True, "gate": True, "late": [], "read_only": "", "another_version": False,
    }  # fmt: skip
    assert client.get("/ready", HTTP_X_FORWARDED_FOR="192.0.2.7").json() == {"ready": True}
    monkeypatch.setattr(probes, "findings", lambda connection: ["a hole"])
    assert (client.get("/ready").status_code, client.get("/ready").json()["gate"]) == (503, False)

    def is_away() -> object:
        raise OperationalError

    monkeypatch.setattr(probes, "_shape", is_away)
    assert (client.get("/ready").status_code, client.get("/ready").json()["database"]) == (503, False)
    assert client.get("/health").status_code == 200


@pytest.mark.django_db
def test_the_figures_are_open_metrics_for_who_runs_it_and_name_nobody(signed_in: Any, settings: Any) -> None:
    world = make_world()
    client = signed_in(world.worker)
    assert client.get(reverse("desk:view_child", args=[world.child.pk])).status_code == 200
    client.get("/no-such/Rowan/")
    text = client.get("/metrics").content.decode()
    found = {family.name: family for family in text_string_to_metric_families(text)}  # type: ignore[no-untyped-call]
    assert {"atlas_requests", "atlas_request_seconds", "atlas_jobs", "atlas_shelved_jobs", "atlas_database_answers"} <= set(found)
    routes = {sample.labels["route"] for sample in found["atlas_requests"].samples}
    assert {"desk:view_child", "none"} <= routes
    assert not ID.search(text) and world.child.name.split()[0] not in text and "Rowan" not in text
    assert client.get("/metrics", HTTP_X_FORWARDED_FOR="127.0.0.1").status_code == 404  # through a proxy that is not ours
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 404
    settings.ATLAS_METRICS_TOKEN = "invented"
    with_token = {"REMOTE_ADDR": "192.0.2.7", "HTTP_AUTHORIZATION": "Bearer invented"}
    assert client.get("/metrics", **with_token).status_code == 200
    assert client.get("/metrics", **{**with_token, "HTTP_AUTHORIZATION": "Bearer other"}).status_code == 404


@pytest.mark.django_db
def test_a_page_that_fails_over_a_child_s_name_logs_its_kind_and_no_name(signed_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    world = make_world()
    client = signed_in(world.worker)
    client.raise_request_exception = False
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(AsLines())
    handler.addFilter(without_arguments)
    monkeypatch.setattr("atlas.desk.views.render", lambda *given, **named: render(*given, **named) if named else int(world.child.name))
    requests = logging.getLogger("atlas.requests")
    requests.setLevel(logging.INFO)
    logging.getLogger().addHandler(handler)
    try:
        assert client.get(reverse("desk:view_child", args=[world.child.pk])).status_code == 500
        logging.getLogger("atlas.anything").warning("rang %s", world.child.name)
        logging.getLogger("a.package").warning(f"could not send to 'Mx {world.child.name}' at sample@example.org")
    finally:
        logging.getLogger().removeHandler(handler)
        requests.setLevel(logging.NOTSET)
    text = written.getvalue()
    assert all(part not in text for part in (*world.child.name.split(), str(world.child.pk), "sample@"))
    lines = [json.loads(line) for line in text.splitlines()]
    (failed,) = [line for line in lines if "error" in line]
    (request,) = [line for line in lines if line["logger"] == "atlas.requests"]
    assert failed["error"][0] == "builtins.ValueError" and failed["route"] == "desk:view_child"
    assert request | {"ms": 0, "at": ""} == {
        "at": "", "level": "INFO", "logger": "atlas.requests", "event": "request", "request": failed["request"], "route": "desk:view_child",
        "method": "GET", "status": 500, "ms": 0,
    }  # fmt: skip


@pytest.mark.django_db
def test_a_form_with_wrong_input_leaves_the_names_of_its_fields_in_the_log(signed_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """OWASP ASVS 5.0.0, 16.3.3: what tries to get round the checks of input can be seen, and what was typed cannot."""
    lines: list[dict[str, Any]] = []
    monkeypatch.setattr("atlas.config.measuring.log.info", lambda event, extra: lines.append(extra["answered"]))
    world = make_world()
    client, page = signed_in(world.worker), reverse("missing:report_missing", args=[world.child.pk])
    client.get(page)
    assert client.post(page, {"reported_at_0": "<script>", "worry": ""}).status_code == 422
    assert client.post(page, {"reported_at_0": "<script>", "worry": "", "draft": "autosave"}).status_code == 200
    shown, sent, kept = lines
    assert "refused" not in shown and "refused" not in kept  # a draft is not looked through
    assert sent["status"] == 422 and "worry" in sent["refused"] and "<script>" not in str(sent)


def test_every_unit_starts_a_command_that_is_there() -> None:
    started = set()
    for path in sorted(DEPLOY.glob("*.service")):
        text = path.read_text()
        for command in re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE):
            program, *words = command.split()
            if program.endswith("granian"):
                assert command.split("granian ")[1] == " ".join(run.web(8000)[1:]), path.name
                continue
            assert words[:2] == ["-m", "django"], path.name
            name, *rest = words[2:]
            assert name in get_commands(), path.name
            parser = load_command_class(get_commands()[name], name).create_parser("manage", name)
            parser.parse_args([word.replace("%i", "urgent") for word in rest])
            assert (name, *rest) == OF_RUN.get(name, (name, *rest)), path.name
            started.add(name)
        assert "NoNewPrivileges=yes" in text and "User=atlas" in text, path.name
    assert {"tick", "procrastinate", "audit", "sealed", "backup"} <= started
    for timer in DEPLOY.glob("*.timer"):
        assert timer.with_suffix(".service").exists(), timer.name


def test_the_page_for_the_engineer_names_every_unit_and_every_figure() -> None:
    text = Path(ROOT / "docs/running.md").read_text()
    for path in [*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")]:
        assert path.stem in text, path.name
    source = (ROOT / "atlas/config/measuring.py").read_text()
    for name in re.findall(r'"(atlas_\w+)"', source):
        assert name in text, name
