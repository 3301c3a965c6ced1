"""What the record of acts holds of somebody without an account; read as the sealer reads it."""

from typing import Any

from django.db import connection
from django.urls import reverse

from tests.sharing.guest_drill import ask, follow, send_code
from tests.world import make_world


def test_each_act_of_a_guest_is_written_with_the_request_and_no_post(texts: list[Any], clock: Any, own_database: Any) -> None:
    world = make_world()
    asked = ask(world)
    client = follow(asked)
    code = send_code(client, texts)
    for typed in ("000000" if code != "000000" else "111111", code):
        client.post(reverse("prove_guest"), {"code": typed})
    client.get(reverse("answer_guest"))
    client.post(reverse("answer_guest"), {"kind": "ring_back", "words": "Ring 020 7946 0200 after 2 pm", "key": "one"})
    follow("A" * 43).post(reverse("prove_guest"), {"code": code})
    own_database("sealer")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT command, outcome, decision, guest, child_id, post_id, signed_in FROM gate_act WHERE event = 'guest' ORDER BY id"
        )
        rows = cursor.fetchall()
    assert [row[:3] for row in rows] == [
        ("ask_code", "done", "allowed"), ("send_guest_code", "done", "allowed"), ("prove_guest", "refused", "wrong code"),
        ("prove_guest", "done", "allowed"), ("open_guest_request", "done", "allowed"), ("answer_guest", "done", "allowed"),
        ("prove_guest", "refused", "unknown link"),
    ]  # fmt: skip
    assert {row[3:] for row in rows[1:-1]} == {(asked.pk, world.child.pk, None, None)}
    assert {row[3:] for row in (rows[0], rows[-1])} == {(None, None, None, None)}
