"""Audit: who has looked at this child, odd looks worked through, and the sealing of the record of acts and looks.

Screens: *Who has looked* for the privacy officer, and within their own agency for the line manager; its version for the child;
*Odd looks*, the privacy officer's weekly work. The sealer is a process of its own (`manage audit seal`); `verify_audit.py` at the
root checks what it left, offline, and shares no code with it. Source: shared/reference/protection.md section 5; real-life.md point 22.
"""
