"""Contacts, what was decided and answered, what others were asked; child and family assessments."""

from atlas.contacts.models.assessment import Assessment, AssessmentExtension
from atlas.contacts.models.contact import AgencyAsk, Contact, ContactAnswer, ContactDecision, SecondView

__all__ = ["AgencyAsk", "Assessment", "AssessmentExtension", "Contact", "ContactAnswer", "ContactDecision", "SecondView"]
