"""Break-glass: a child's core record opened in an emergency by somebody who has no relationship with the child: rare, loud, reviewed.

Offered from a match card alone. Screens: the form, the core record, and the list that privacy officers and guardians review.
Source: shared/reference/protection.md 4.6.
"""
