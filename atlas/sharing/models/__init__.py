"""Disclosures: what was shared with whom, why and until when; and what was refused. Exports: lists that left, and their files.
Guests: what was asked of people without an account, and what they answered. Copies of a plan, and what the child said about theirs.
"""

from atlas.sharing.models.copies import ChildWords, CopyGiven
from atlas.sharing.models.disclosures import Disclosure
from atlas.sharing.models.exports import Export, ExportFile
from atlas.sharing.models.guests import OF_TRANSFER, CarerWords, GuestAnswer, GuestRequest

__all__ = ["OF_TRANSFER", "CarerWords", "ChildWords", "CopyGiven", "Disclosure", "Export", "ExportFile", "GuestAnswer", "GuestRequest"]
