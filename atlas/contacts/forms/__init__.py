"""The forms of contacts, and of child and family assessments: they check what was typed, and write nothing."""
