"""Whose record is this? Records of people held by police, health, schools, housing, charities and council, and which of them are of the same person.

Names and dates are put into one form (`names`, `standard`), records that could be one person are brought together by narrow keys (`keys`), Splink
learns from all of them how much each agreement says (`model`), and each pair is then joined of itself, shown to a person, or left apart (`deciding`),
with its reasons term by term (`reasons`). A new referral is set beside everybody known in a few milliseconds (`referral`).

Nobody is joined of itself where anything could make it another child: twins, siblings, namesakes, a shared telephone, 1 January as a birthday.
"""
