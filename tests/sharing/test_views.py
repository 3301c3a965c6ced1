"""Protection table A, A10: a shared view is compiled, never blacked out; colluding recipients have no more than was given to them all."""

from typing import Any

import pytest
from django.core.cache import cache

from atlas.agencies.models import Post
from tests.factories import NOW
from tests.sharing.views_drill import drilled, text_of_pdf
from tests.world import make_world

pytestmark = pytest.mark.django_db


def test_no_foreign_item_reaches_a_recipient(signed_in: Any) -> None:
    def fetch(post: Post, address: str) -> bytes:
        cache.clear()
        answer = signed_in(post, NOW).get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        return bytes(answer.content)

    done = drilled(make_world(), fetch, 20)
    assert (done.views, done.foreign, done.lost, done.beyond_union) == (20, [], [], set())


def test_what_is_typed_is_text_on_paper_and_never_a_statement() -> None:
    from atlas.sharing.pdf import pdf_of

    words = 'QXYY0001QX #read("view.typ") $x$ *b* <l>'
    view = {
        "marking": "OFFICIAL-SENSITIVE", "recipient": "R", "purpose": "P", "shared_by": "S", "compiled_at": "C", "until": "U", "conditions": [],
        "items": [{"kind": "K", "lines": [["Words", words]], "source": "S", "as_at": ""}],
    }  # fmt: skip
    text = text_of_pdf(pdf_of(view, "Printed by nobody"))
    assert "#read(" in text
    assert "Printed by nobody" in text
    assert "OFFICIAL-SENSITIVE" in text
