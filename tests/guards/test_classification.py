"""Every field of every table of ours has one privacy class, named by hand; what is special or personal stands behind the gate."""

from django.db.models import CharField, JSONField, TextField

from atlas.config.classification import CLASSES, LINKS, NOT_ABOUT_A_CHILD, privacy_class
from atlas.config.data_dictionary import is_link, our_fields, our_models
from atlas.config.privacy import PrivacyClass
from atlas.gate.install import gated_models

FREE = ("words", "reason", "because")  # what a field of free words is called
# Sentences that Atlas or an administrator writes, not a worker about a child.
OURS = {
    "feeds.Delivery.reason",
    "gate.Relationship.because",
    "gate.Relationship.ended_because",
    "tasks.Notice.to_words",
    "clocks.Clock.why",
    "guidance.ThresholdDocument.levels",
}


def test_every_field_is_classified_once_and_none_that_is_not_there() -> None:
    for model in our_models():
        for field in our_fields(model):
            assert privacy_class(model._meta.label, field.name, is_link=is_link(field)), field
    there = {model._meta.label: {field.name for field in our_fields(model)} for model in our_models()}
    assert set(CLASSES) == set(there)
    for label, classes in CLASSES.items():
        assert set(" ".join(classes.values()).split()) <= there[label], label
    links = {field.name for model in our_models() for field in our_fields(model) if is_link(field)}
    assert links >= set(LINKS.split()), set(LINKS.split()) - links


def test_what_is_special_or_personal_stands_behind_the_gate() -> None:
    outside = set()
    for model in our_models():
        classes = {privacy_class(model._meta.label, field.name, is_link=is_link(field)) for field in our_fields(model)}
        if model not in gated_models() and classes & {PrivacyClass.SPECIAL, PrivacyClass.PERSONAL}:
            assert PrivacyClass.SPECIAL not in classes, model
            outside.add(model._meta.label)
    assert outside == set(NOT_ABOUT_A_CHILD), "Gate the table, or say in NOT_ABOUT_A_CHILD why it need not be."


def test_free_words_about_a_child_are_special() -> None:
    seen = 0
    for model in our_models():
        for field in our_fields(model):
            is_free = isinstance(field, TextField | JSONField) or (
                isinstance(field, CharField) and not field.choices and field.name.endswith(FREE) and (field.max_length or 0) > 60
            )
            if is_free and f"{model._meta.label}.{field.name}" not in OURS:
                seen += 1
                assert privacy_class(model._meta.label, field.name, is_link=False) is PrivacyClass.SPECIAL, field
    assert seen > 30
