"""A form as a browser sends it: opened by its page, with what stood in its boxes, its key and its base."""

import re
from html import unescape
from typing import Any

from django.test import Client

BOX = re.compile(r"<(input)\b([^>]*)>()|<(textarea|select)\b([^>]*)>(.*?)</(?:textarea|select)>", re.DOTALL)


def opened(client: Client, address: str) -> dict[str, Any]:
    """What the page's own form holds when it is opened."""
    text = client.get(address).content.decode()
    return boxes_of(text[text.index("<main") :])


def boxes_of(text: str) -> dict[str, Any]:
    """The boxes of a form with what stands in them."""
    found: dict[str, Any] = {}
    for one in BOX.finditer(text):
        kind, attributes, inner = (part or other or "" for part, other in zip(one.groups()[:3], one.groups()[3:], strict=True))
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', attributes))
        name = given.get("name", "")
        if not name or name in {"csrfmiddlewaretoken", "draft"}:
            continue
        if given.get("type") in {"radio", "checkbox"}:
            if re.search(r"\bchecked\b", attributes):
                found[name] = unescape(given["value"])
        elif kind == "select":
            chosen = re.search(r'value="([^"]*)"\s+selected', inner)
            found[name] = chosen[1] if chosen else ""
        else:
            found[name] = unescape(inner.strip() if kind == "textarea" else given.get("value", ""))
    return found
