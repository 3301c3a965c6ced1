"""The values that the columns of Annex A may hold, and how a local spelling of one is known. Pure.

Source: values of the layout of January 2024 (see `lists.py`), the codes of the returns from which authorities fill them (SSDA903, census of
children in need), and the commonest words for them. Real local codes are chaos: what is not known here is asked, and never guessed.
"""

import re

from atlas.returns.annex_a.lists import plain

# value: the codes and the words by which it is known, beside its own. A code is followed by nothing, or by words about it.
VALUES: dict[str, dict[str, str]] = {
    "gender": {
        "a) Male": "m; 1", "b) Female": "f; 2",
        "c) Not stated/recorded": "0; 9; i; u; not known; unknown; unborn; indeterminate; not stated; not recorded; not specified; unspecified",
        "d) Neither": "indeterminate gender; non binary; non-binary; transgender; unable to classify",
    },
    "ethnicity": {
        "a) White": "wbri; wiri; woth; wirt; wrom; a1; a2; a3; a4; a5; white british; white - british; white irish; gypsy/roma",
        "b) Mixed": "mwbc; mwba; mwas; moth; b1; b2; b3; b4; mixed",
        "c) Asian or Asian British": "aind; apkn; aban; aoth; c1; c2; c3; c4; asian; indian; pakistani; bangladeshi",
        "d) Black or black British": "bcrb; bafr; both; d1; d2; d3; black; black caribbean; black african; caribbean; african",
        "e) Other ethnic group": "chne; ooth; e1; e2; chinese; other; any other ethnic group; arab",
        "f) Not stated": "refu; nobt; unknown; not known; refused; information not yet obtained; not obtained; not recorded",
    },
    "source": {
        "a) Individual": "1a; 1b; 1c; 1d", "b) Schools": "2a; school", "c) Education services": "2b", "d) Health services": "3a; 3b; 3c; 3d; 3e; 3f",
        "e) Housing": "4", "f) LA services": "5a; 5b; 5c; 5d", "g) Police": "6", "h) Other legal agency": "7", "i) Other": "8",
        "j) Anonymous": "9", "k) Unknown": "10; not known",
    },
    "yes_no": {
        "a) Yes": "y; 1; true; offered and accepted; offered and accepted (cyp not present/refused on arrival)",
        "b) No": "n; 0; false; not offered (missing again); not offered (other); not offered (unable to make contact)",
    },
    "yes_no_unknown": {"a) Yes": "y; 1; true", "b) No": "n; 0; false; none; no disability", "c) Unknown": "nobt; refu; not known; not obtained; refused"},
    "no_further_action": {"a) Yes": "y; 1; true; nfa; no further action", "b) No": "n; 0; false; fa; further action"},
    "need": {
        "a) Abuse or neglect": "n1", "b) Child's disability": "n2; childs disability or illness; disability",
        "c) Parents illness or disability": "n3; parental disability or illness; parental illness or disability", "d) Family in acute stress": "n4",
        "e) Family dysfunction": "n5", "f) Socially unacceptable behaviour": "n6", "g) Low income": "n7", "h) Absent parenting": "n8",
        "i) Not CIN": "n9; cases other than children in need; not children in need", "j) Not stated": "n0",
    },
    "closure": {
        "a) Adopted": "rc1", "b) Died": "rc2; death; deceased", "c) Residence Order": "rc3; child arrangements order",
        "d) Special Guardianship Order": "rc4; special guardianship", "e) Transfer to another LA": "rc5; transferred to services of another la",
        "f) Transfer to Adult Social Services": "rc6; transferred to adult social services",
        "g) 'Other' incl. Child no longer in need": "rc7; other; child no longer in need",
        "h) Child not in need after assessment": "rc8; rc9; case closed after assessment", "i) Not Stated": "unknown",
    },
    "case_status": {
        "a) Looked after child": "lac; cla; looked after", "b) Child Protection plan": "cp; cpp; child protection",
        "c) Child in need plan": "cin; child in need", "d) Open assessment": "open asmt; assessment", "e) Closed episode": "closed; closed case",
    },
    "abuse": {
        "a) Neglect": "neg", "b) Physical Abuse": "pa; phy; physical", "c) Sexual Abuse": "sab; sa; sexual", "d) Emotional Abuse": "emo; ea; emotional",
        "e) Multiple": "mul; multiple/not recommended",
    },
    "legal_status": {
        "a) Interim care orders": "c1; interim care order; ico", "b) Full care orders": "c2; full care order; care order; fco",
        "c) Freed for Adoption": "d1; freeing order; freeing order granted", "d) Placement order granted": "e1; placement order",
        "e) Accommodated under S20": "v2; section 20; s20; single period of accommodation under section 20",
        "f) Detained on child protection grounds in LA accommodation": "l1; l2; l3; epo; police protection; emergency protection order",
        "g) Youth justice legal Statuses": "j1; j2; j3; remand", "h) Short breaks": "v3; v4; v1",
    },
    "permanence": {
        "a) Return to family": "return to birth parents", "b) Adoption": "", "c) SGO/CAO": "sgo; cao; special guardianship order; child arrangements order",
        "d) Supported living in the community": "supported living", "e) Long-term residential placement": "long term residential; residential",
        "f) Long-term fostering": "fostering; long term fostering; lt fostering", "g) Other": "",
    },
    "ceased": {
        "a) Adopted": "e11; e12; e1", "b) Died": "e2; child died", "c) Care taken by another LA": "e3; care taken over by another la in the uk",
        "d) Returned home to live with parents or relatives": "e4; e4a; e4b; returned home",
        "e) Left care to live with parents, relatives or other person with no parental responsibility": "e13; e17",
        "f) Residence order granted": "e41; residence order; child arrangements order; child arrangement order",
        "g) Special Guardianship Orders": "e43; e44; e45; e46; e47; e48; special guardianship order",
        "h) Moved into independent living": "e5; e6; independent living",
        "i) Transferred to residential care funded by adult social services": "e7", "j) Sentenced to custody": "e9",
        "k) Accommodation on remand ended": "e14", "l) Age assessment determined child was 18 or over": "e15", "m) Child moved abroad": "e16; moved abroad",
        "n) Care ceased for any other reason": "e8; any other reason; x1",
    },
    "placement": {
        "a) Foster placement": "u1; u2; u3; u4; u5; u6; fostering", "b) Placed for adoption": "a3; a4; a5; a6", "c) Placed with parents": "p1",
        "d) Independent living": "p2", "e) Residential employment": "p3", "f) Residential accommodation": "h5; k3",
        "g) Secure Children’s Homes": "k1; secure unit", "h) Children’s Homes": "k2; childrens home", "i) Residential Care Home": "r1",
        "j) NHS/Health Trust": "r2", "k) Family Centre or Mother and Baby Unit": "r3", "l) Young Offender Institution": "r5; young offender institution or prison",
        "m) Residential school": "s1", "n) Other placements": "z1; z11; z12; z13; z14; other placement",
        "o) Temporary placement": "t0; t1; t2; t3; t4",
    },
    "provider": {
        "a) Own LA": "pr1; own provision", "b) Private": "pr4; private provision",
        "c) Other": "pr0; pr2; pr3; pr5; parents; other la; other la provision; voluntary; voluntary/third sector; other public provision",
    },
    "location": {"a) In": "y; yes; in la; in borough", "b) Out": "n; no; out of la; out of borough"},
    "eligibility": {
        "a) Relevant": "r; relevant child", "b) Former relevant": "fr; former relevant child", "c) Qualifying": "q; qualifying care leaver",
        "d) Eligible": "el; eligible child", "e) Other": "",
    },
    "in_touch": {
        "a) In touch": "y; yes; 1", "b) Not in touch": "n; no; refu; nreq; refused; no longer required", "c) Not recorded": "unknown",
        "d) Exclude": "died; rhom; returned home",
    },
    "accommodation": {
        "a) With parents or relatives": "b; parents/relatives", "b) Community home": "c", "c) Semi-independent transitional accommodation": "d",
        "d) Supported lodgings": "e", "e) Gone abroad": "g; abroad", "f) Deported": "h", "g) Ordinary lodgings": "k",
        "h) Residence not known": "r; not known", "i) No fixed abode / homeless": "s; nfa; homeless; no fixed abode/homeless", "j) Foyers": "t; foyer",
        "k) Independent living": "u", "l) Emergency accommodation": "v", "m) Bed and breakfast": "w", "n) In custody": "x; custody",
        "o) With Former Foster Carer": "z; with former foster carers", "p) Other accommodation": "y; other",
    },
    "suitability": {
        "a) Suitable": "1", "b) Not suitable": "2; unsuitable", "c) Not in touch or not recorded": "unknown; not recorded", "d) Exclude": "",
    },
    "activity": {
        "F1: Full time in higher education": "f1", "P1: Part time in higher education": "p1", "F2: Full time in education other than higher": "f2",
        "P2: Part time in education other than higher": "p2", "F3: Full time in training or employment": "f3",
        "P3: Part time in training or employment": "p3", "F4: Young person engaged full time in an apprenticeship": "f4",
        "P4: Young person engaged part time in an apprenticeship": "p4",
        "F5: Young person engaged full time in training or employment (not apprenticeship)": "f5",
        "P5: Young person engaged part time in training or employment (not apprenticeship)": "p5",
        "G4: Not in education, employment or training - illness or disability": "g4",
        "G5: Not in education, employment or training - other": "g5",
        "G6: Not in education, employment or training - pregnancy or parenting": "g6",
    },
    "no_longer": {
        "a) Child’s needs changed": "rd1; childs needs changed subsequent to decision", "b) Court did not make a PO": "rd2; court did not make placement order",
        "c) Prospective adopters cannot be found": "rd3; prospective adopters could not be found; no adopters found", "d) Any other reason": "rd4; other reason",
    },
    "leaving": {
        "a) Withdrew": "1; adopter withdrew from process", "b) Process on hold": "2; process put on hold; on hold", "c) Application refused": "3; refused",
    },
}  # fmt: skip
LETTER = re.compile(r"^[a-z]{1,2}\d?\)\s*")
INSIDE = re.compile(r"[\[(]\s*([a-z0-9]{2,4})\s*[\])]")
MARKS = {":", "-", "[", "("}
CODE = re.compile(r"([a-z0-9]*)(.*)", re.DOTALL)


def _known(values: dict[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for value, also in values.items():
        for words in (LETTER.sub("", plain(value)), plain(value), *filter(None, map(plain, also.split(";")))):
            found.setdefault(words, value)
    return found


KNOWN = {name: _known(values) for name, values in VALUES.items()}


def value_of(name: str, text: str) -> str | None:
    """The value that a cell means; None where nobody here knows it.

    A cell is known by the value's own words with or without their letter, by a code, or by a code that stands before or in brackets beside words
    about it; one letter, or one word of yes and no, only before a colon, a dash or a bracket. A bare number before unknown words says nothing.
    """
    known, said = KNOWN[name], plain(text).rstrip(" .")
    bare = LETTER.sub("", said)
    if found := known.get(said) or known.get(bare):
        return found
    code, rest = CODE.match(bare).groups()  # type: ignore[union-attr]
    mark, words = rest.lstrip()[:1], rest.lstrip()[1:].strip()
    if code.isdigit():  # a bare number before words: they are surer
        return known.get(words) if mark in MARKS else None
    has_number = any(sign.isdigit() for sign in code) and rest[:1] != "."
    if code in known and (has_number or (name == "ethnicity" and len(code) == 4) or (mark in MARKS and len(code) < 5)):
        return known[code]
    return next((known[code] for code in INSIDE.findall(bare) if code in known), None)
