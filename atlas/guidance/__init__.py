"""Guidance: what the partnership has agreed and published, with its versions: the threshold document, by which the front door decides.

Screens: the thresholds in force, a new version.
Guidance: Working Together to Safeguard Children (2023) asks partners to publish a threshold document; its levels and words are theirs
(process-and-data.md section 3). A decision keeps the version that was in force on its day.
"""
