"""The trigger plan: what is known and agreed before a child goes missing, for whoever looks for the child. It moves with the child."""

from django.db import models

from atlas.missing.codes import KeptBy, MadeWith, PlanWritten
from atlas.missing.models.episode import AboutMissing
from atlas.missing.words import PLAN


class TriggerPlan(AboutMissing):
    """Part 1 of what those who look for the child need, made in advance and kept current; part 2 is the episode's own clothing and last sighting.

    One for each child, so that it goes with the child to the next carer, who then keeps it (practice.md 3.4).
    """

    child = models.OneToOneField("children.Child", on_delete=models.PROTECT, related_name="trigger_plan")
    kept_by = models.CharField(max_length=12, choices=KeptBy.choices)
    keeper_words = models.CharField(max_length=200, help_text="who keeps it current: name and number, day and night")
    made_with = models.CharField(max_length=8, choices=MadeWith.choices)
    known_as_words = models.CharField(max_length=200, blank=True)
    looks_words = models.TextField(blank=True)
    communication_words = models.TextField(blank=True)
    health_words = models.TextField(blank=True)
    worry_words = models.TextField(blank=True)
    telephone_words = models.TextField(blank=True)
    online_words = models.TextField(blank=True)
    transport_words = models.TextField(blank=True)
    people_words = models.TextField(blank=True)
    places_words = models.TextField(blank=True)
    safe_people_words = models.TextField(blank=True, help_text="whom the child would go to, or answer")
    safe_places_words = models.TextField(blank=True)
    reach_words = models.TextField(blank=True, help_text="what the child says helps while missing: who rings, what to say")
    return_words = models.TextField(blank=True, help_text="what the child says helps on coming back")
    confirmed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")


class TriggerAction(AboutMissing):
    """One step agreed in advance: when it begins, who does it, what, and within how many minutes."""

    plan = models.ForeignKey(TriggerPlan, on_delete=models.PROTECT, related_name="actions")
    place = models.PositiveSmallIntegerField(help_text="its place in the order")
    trigger_words = models.CharField(max_length=200)
    actor_words = models.CharField(max_length=200)
    action_words = models.TextField()
    within_minutes = models.PositiveIntegerField(null=True)
    is_withdrawn = models.BooleanField(default=False)

    class Meta:
        indexes = (models.Index(fields=["plan", "place"], name="trigger_action_plan"),)


class TriggerPlanVersion(AboutMissing):
    """What a trigger plan said when it was written, changed or confirmed. Appended; where the child is, and how reached, is not copied."""

    append_only = True
    version = None  # never altered

    plan = models.ForeignKey(TriggerPlan, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    why = models.CharField(max_length=9, choices=PlanWritten.choices)
    changed = models.CharField(max_length=300, blank=True, help_text="the fields that changed")
    content = models.JSONField()
    written_at = models.DateTimeField()
    written_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["plan", "number"], name="trigger_plan_version_once"),)

    @property
    def lines(self) -> list[tuple[str, str]]:
        """What it said, (name, words)."""
        chosen = {"kept_by": KeptBy, "made_with": MadeWith}
        return [(PLAN[name], chosen[name](text).label if name in chosen else text) for name, text in self.content.items()]
