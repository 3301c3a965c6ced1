"""The data dictionary: every table of Atlas, field by field, with its type, its privacy class and what it means.

Made from the models themselves and from `classification.py`, so that it cannot say what the database does not hold.
"""

import inspect
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.db.models import Field, Model

from atlas.config.classification import NOT_ABOUT_A_CHILD, privacy_class
from atlas.config.privacy import PrivacyClass
from atlas.gate.install import gated_models

OPENING = """# Data dictionary

Every table of Atlas, field by field. Each field has one class:

| Class | Holds |
| --- | --- |
| special | health, ethnicity, sexual life, religion, offences; and whatever was written in free words about a child |
| personal | who somebody is, or something of somebody's life or work |
| operational | what Atlas needs to work: keys, links, states, deadlines |
| public | what may be published as it is |

Every special field stands behind the gate, and the database itself decides who reads its row (row security): a post with a live
relationship to the child or, for the rows of a delivery, the posts that keep deliveries in order. A field of which no meaning is
given means its name. The tables of Django, of sign-in, of jobs and of the gate's own policy are left out.

Made by `python3 run.py manage docs data-dictionary.md` from the models and `atlas/config/classification.py`. Change it there, not here.
"""
TYPES = {
    "ArrayField": "list", "AutoField": "number", "BigAutoField": "number", "BinaryField": "picture", "BooleanField": "yes or no",
    "CharField": "text", "DateField": "date", "DateTimeField": "moment", "EmailField": "e-mail address", "IntegerField": "number",
    "JSONField": "values by name", "PositiveIntegerField": "number", "PositiveSmallIntegerField": "number", "TextField": "long text",
    "UUIDField": "id",
}  # fmt: skip
MOST_CHOICES = 12


def our_models() -> list[type[Model]]:
    """Every table of ours, folder by folder as they stand from the gate up."""
    return [model for config in apps.get_app_configs() if config.name.startswith("atlas.") for model in config.get_models()]


def our_fields(model: type[Model]) -> "list[Field[object, object]]":
    """The columns and links of a table, in the order in which the model names them."""
    return [*model._meta.fields, *model._meta.many_to_many]


def is_link(field: "Field[object, object]") -> bool:
    """Whether a field is the row's own key, or a link to another row."""
    return field.primary_key or field.is_relation


def data_dictionary(_root: Path) -> str:
    """The whole page as Markdown; it reads the models, and no file. Raises ValueError for a field that is not classified."""
    parts, folder = [OPENING], ""
    for model in our_models():
        if model._meta.app_label != folder:
            folder = model._meta.app_label
            parts.append(f"## {folder}\n\n{front_page(folder)}\n")
        parts.append("\n".join(section(model)))
    return "\n".join(parts)


def front_page(folder: str) -> str:
    """What the folder's word means: the first line of its front page."""
    return inspect.cleandoc(apps.get_app_config(folder).module.__doc__ or "").splitlines()[0]


def section(model: type[Model]) -> Iterator[str]:
    """One table: what a row is, how it is guarded, its fields."""
    yield f"### {model._meta.label}\n\n{inspect.cleandoc(model.__doc__ or '')}\n\nRows: {', '.join(guarded(model))}.\n"
    yield "| Field | Type | Class | Meaning |\n| --- | --- | --- | --- |"
    for field in our_fields(model):
        found = privacy_class(model._meta.label, field.name, is_link=is_link(field))
        yield f"| {field.name} | {type_of(field)} | {shown(found)} | {meaning(field)} |"
    yield ""


def guarded(model: type[Model]) -> Iterator[str]:
    """Whether rows are about a child, by which kind of record they are opened, whether they can be altered, who else reads them."""
    label, roles = model._meta.label, getattr(model, "open_to_roles", ())
    if model in gated_models():
        kind = (
            f"of the kind {model.record_kind}"
            if hasattr(model, "record_kind")
            else f"open to {' and '.join(roles)} alone".replace("_", " ")
        )
        yield f"about a child, {kind}, row security"
    else:
        yield "not about a child" + (f" ({NOT_ABOUT_A_CHILD[label]})" if label in NOT_ABOUT_A_CHILD else "")
    if getattr(model, "append_only", False):
        yield "added to and never altered"


def type_of(field: "Field[object, object]") -> str:
    """The type in words: a link by what it leads to, text by its length."""
    if field.related_model:
        target = field.related_model if isinstance(field.related_model, str) else field.related_model._meta.label
        return f"links to {target}" if field.many_to_many else f"link to {target}"
    name = getattr(field, "output_field", field).get_internal_type() if field.generated else field.get_internal_type()
    length = f", at most {field.max_length}" if field.max_length and name == "CharField" else ""
    return f"{TYPES.get(name, name)}{length}{', computed' if field.generated else ''}"


def shown(found: PrivacyClass) -> str:
    """The class; what must be seen at a glance is in bold."""
    return f"**{found}**" if found is PrivacyClass.SPECIAL else str(found)


def meaning(field: "Field[object, object]") -> str:
    """What the field says of itself, or what it may hold; nothing where its name says all."""
    words = str(field.help_text)
    if not words and field.choices and len(list(field.flatchoices)) <= MOST_CHOICES:
        words = "; ".join(dict.fromkeys(str(label) for _, label in field.flatchoices))
    return words.replace("|", "\\|").replace("\n", " ")
