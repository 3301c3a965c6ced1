"""Returns: the statutory files of the year: read in any year's layout, checked before anybody else checks them, and made again.

The return of looked-after children (SSDA903, Department for Education): its header, its episodes of care, and its Missing table.
"""
