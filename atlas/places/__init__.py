"""Places where children are harmed, or where those gather who harm them: what a place is, why it is looked at, who controls it, which partner answers.

Screens: the places, one place. No private dwelling is named outside the agencies that answer for it; a business, to those alone who may act (real-life.md
point 24). A place names no child (practice.md 4.14).
"""
