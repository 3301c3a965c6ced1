"""Ofsted's Annex A: the eleven lists of a workbook, read however they are written, checked, and set beside what Atlas holds. Pure."""
