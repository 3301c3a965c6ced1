"""What the boxes of a trigger plan are called: on its page, in its form, on paper. In the order in which somebody who looks reads them."""

PLAN: dict[str, str] = {
    "kept_by": "Kept current by",
    "keeper_words": "Who that is, and their number",
    "made_with": "The child's part in it",
    "known_as_words": "Known as",
    "looks_words": "How the child looks",
    "communication_words": "How the child communicates",
    "health_words": "Health, medication, treatment",
    "worry_words": "Why people would be worried",
    "telephone_words": "Telephones",
    "online_words": "Online accounts",
    "transport_words": "Money and getting about",
    "people_words": "Whom the child may be with",
    "places_words": "Where the child may be",
    "safe_people_words": "People the child trusts",
    "safe_places_words": "Places where the child feels safe",
    "reach_words": "What helps while I am missing",
    "return_words": "What helps when I come back",
}
HINTS: dict[str, str] = {
    "keeper_words": "Name and number, day and night. When the child moves, the next carer keeps the plan.",
    "looks_words": "Height, build, hair, skin, marks, glasses, what the child mostly wears",
    "communication_words": "Languages, interpreter, signs, what frightens or calms the child",
    "health_words": "What is needed, by when, and what happens without it",
    "worry_words": "What has happened before, who or what could harm the child",
    "telephone_words": "Number, make, network, IMEI if known; who pays the bill",
    "online_words": "Names used, and on which app or site",
    "transport_words": "Bank card, travel card, bicycle, car of a friend",
    "places_words": "Where the child was found before, and places visited",
    "reach_words": "In the child's words: who should ring, what to say, what not to do",
    "return_words": "In the child's words: who should be there, food, sleep, quiet, no questions at once",
}
