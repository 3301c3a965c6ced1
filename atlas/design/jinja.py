"""The Jinja environment of every page: GOV.UK components, London times in words, and the one function that shows a form."""

import re
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

from crispy_forms.utils import render_crispy_form
from django.contrib.humanize.templatetags.humanize import intcomma
from django.forms import BaseForm
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, StrictUndefined

from atlas.design.edits import may_be_kept
from atlas.design.forms import Form, new_key
from atlas.design.phone import phone_keys
from atlas.design.words import day, dialled, how_long, how_long_left, plural, when


def environment(**options: Any) -> Environment:
    """The environment that Django's Jinja2 backend uses. A name that a template does not have is an error, not a blank."""
    options["undefined"] = StrictUndefined
    options["trim_blocks"] = options["lstrip_blocks"] = True
    env = Environment(**options)  # noqa: S701  (Django's backend switches escaping on)
    govuk = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    env.loader = ChoiceLoader([loader for loader in (env.loader, govuk) if loader])
    env.globals.update(url=address, static=static, show=show_form, show_in_place=show_in_place, form_errors=form_errors)
    env.filters.update(when=when, day=day, how_long=how_long, how_long_left=how_long_left, plural=plural, number=intcomma, dialled=dialled)
    return env


def address(name: str, *arguments: Any, **named: Any) -> str:
    """The path of a page by its name."""
    if len(arguments) == 1 and isinstance(arguments[0], UUID) and not named:
        return _path_with(name).replace(str(NO_RECORD), str(arguments[0]))
    return reverse(name, args=arguments or None, kwargs=named or None)


NO_RECORD = UUID(int=0)


@lru_cache(maxsize=512)
def _path_with(name: str) -> str:
    """The path of a page about one record. Looked up once: a list asks for it on every line."""
    return reverse(name, args=[NO_RECORD])


def show_form(form: Form, request: HttpRequest, **attributes: str) -> SafeString:
    """Show a form with its fields, hints, errors, its key and its token. `attributes` go on the form's own tag."""
    keeps = form.keeps_drafts and any(may_be_kept(field) for field in form.fields.values())
    keeping = {"data-autosave": str(request.user.pk)} if keeps else {}  # for whom: nobody else's sign-in keeps what they typed
    if keeps and form.keeps_on_phone:
        at: datetime = request.at  # type: ignore[attr-defined]
        keeping["data-phone"] = phone_keys(request.user.pk, attributes.get("action", request.path), at)
    form.helper.attrs = {**form.helper.attrs, **keeping, **attributes, "novalidate": True}
    form.helper.form_class = ""
    path = attributes.get("action", request.path)
    given = {"form": form, "csrf_token": get_token(request), "path": path, "put_back": _with_draft(path), "key": new_key()}
    above, below = (_part(name, **given) for name in ("clashes", "later"))
    form.helper.layout.fields = [above, *form.helper.layout.fields, *([below] if keeps else [])]
    offered = _part("draft", **given).html if form.draft else ""
    return mark_safe(offered + render_crispy_form(form, context={"csrf_token": given["csrf_token"]}))  # noqa: S308  (templates that escape)


def _with_draft(address: str) -> str:
    parts = urlsplit(address)
    return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, "draft=back")))))


NAMED = re.compile(r'\b(id|for|aria-describedby|aria-labelledby|aria-controls)="([^"]+)"')


def show_in_place(form: Form, request: HttpRequest, place: str, action: str) -> SafeString:
    """Show a form at a place of a page that holds others too, with what is wrong above it: every name by which its parts know each other is of this place
    alone. Words that somebody typed are escaped, so that none of them reads as such a name.
    """
    wrong = form_errors(form) if form.errors else ""
    shown = wrong + show_form(form, request, action=action, **{"data-writing": place})
    named = NAMED.sub(lambda one: f'{one[1]}="{" ".join(f"{place}-{name}" for name in one[2].split())}"', shown)
    return mark_safe(named.replace('href="#', f'href="#{place}-'))  # noqa: S308  (the same form)


class Part:
    """A part of a form that is rendered already; as crispy's own parts are, but never read as a template a second time."""

    def __init__(self, html: str) -> None:
        self.html = html

    def render(self, form: Form, context: Any, template_pack: str = "", **options: Any) -> SafeString:
        """The part as it stands."""
        return mark_safe(self.html)  # noqa: S308  (rendered by a template that escapes)


def _part(name: str, **given: Any) -> Part:
    from django.template.loader import render_to_string

    return Part(render_to_string(f"design/{name}.html", given, using="jinja2"))


def form_errors(form: BaseForm) -> SafeString:
    """The summary of what is wrong, on top of the page, each line a link to its field."""
    from django.template.loader import render_to_string

    return mark_safe(render_to_string("gds/layout/error_summary.html", {"form": form}, using="django"))  # noqa: S308
