"""Design: GOV.UK and Ministry of Justice components as form fields, macros and pages. Knows no domain."""
