"""Invented people: names by family from many languages, numbers that cannot be real. No public figure, no pair twice."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from faker import Faker

from atlas.people.rules import UPN_LETTERS

# Latin-script lists of Faker 40 that hold names of their own (calibration.md 3g), weighted to a London borough.
LISTS = {
    "en_GB": 55,
    "en_IE": 3,
    "en_IN": 6,
    "en_PK": 4,
    "yo_NG": 5,
    "ig_NG": 2,
    "tw_GH": 3,
    "en_KE": 2,
    "pl_PL": 5,
    "ro_RO": 3,
    "tr_TR": 3,
    "pt_PT": 3,
    "it_IT": 2,
    "lt_LT": 2,
}
# By hand, where Faker has none: Caribbean, Somali, Albanian, Bengali, Tamil.
BY_HAND = (
    (("Keisha", "Devonte", "Shanice", "Tyrell"), ("Braithwaite", "Cumberbatch", "Lashley")),
    (("Hodan", "Abdirahman", "Ifrah", "Liban"), ("Warsame", "Jama", "Farah")),
    (("Arta", "Besnik", "Drita", "Ilir"), ("Hoxha", "Krasniqi", "Berisha")),
    (("Nusrat", "Tanvir", "Sadia", "Rakib"), ("Chowdhury", "Talukder", "Miah")),
    (("Kavitha", "Prakash", "Anjali", "Suren"), ("Sivakumar", "Rajaratnam", "Selvan")),
)
REFUSED = {"John Smith"}
DRAMA_MOBILE = "07700 900{:03}"
DOUBLED_FROM = 500_000  # the numbers of second records


@dataclass(frozen=True)
class Invented:
    """A child who does not exist."""

    number: int
    forename: str
    surname: str
    born_on: date
    sex: str
    nhs: str
    upn: str
    police: str

    @property
    def council(self) -> str:
        """The number in the main case system."""
        return f"FX{100000 + self.number}"


HOW_DOUBLED = ("short first name", "names swapped", "birth date transposed")


def doubled(child: Invented, share: float) -> tuple[str, Invented] | None:
    """The second record that some children have in the main system, and how it differs; one child in 1 / `share`."""
    every = round(1 / share)
    if child.number % every:
        return None
    how = HOW_DOUBLED[child.number // every % len(HOW_DOUBLED)]
    day, month = child.born_on.day, child.born_on.month
    other = {
        "short first name": {"forename": child.forename[: max(3, len(child.forename) - 3)]},
        "names swapped": {"forename": child.surname, "surname": child.forename},
        "birth date transposed": {"born_on": child.born_on.replace(day=month, month=day) if day <= 12 and day != month else child.born_on + timedelta(days=9)},
    }  # fmt: skip
    return how, replace(child, number=child.number + DOUBLED_FROM, **other[how])  # type: ignore[arg-type]


class People:
    """Makes people from a seed, each once."""

    def __init__(self, random: Random) -> None:
        self.random, self.made = random, set[tuple[str, date]]()
        self.names = _names(random)

    def name(self, sex: str) -> tuple[str, str]:
        """First name and surname of one family's language; some are double-barrelled, some have one word only."""
        first, surnames = self.random.choices(self.names, [weight for *_, weight in self.names])[0][:2]
        forename = self.random.choice(first[sex])
        surname = self.random.choice(surnames)
        if self.random.random() < 0.05:
            surname = f"{surname}-{self.random.choice(surnames)}"
        return forename, surname

    def child(self, number: int, born_on: date) -> Invented:
        """A child born on about that day."""
        sex = "M" if self.random.random() < 0.514 else "F"
        while True:
            forename, surname = self.name(sex)
            key = (f"{forename} {surname}".lower(), born_on)
            if key not in self.made and f"{forename} {surname}" not in REFUSED:
                self.made.add(key)
                break
            born_on += timedelta(days=1)
        return Invented(number, forename, surname, born_on, sex, nhs_of(number), upn_of(number), f"ZZ/{number:06}X")


def _names(random: Random) -> list[tuple[dict[str, list[str]], list[str], int]]:
    found = []
    for locale, weight in LISTS.items():
        fake = Faker(locale)
        fake.seed_instance(random.randrange(1 << 30))
        men = [fake.first_name_male().split()[0] for _ in range(120)]
        women = [fake.first_name_female().split()[0] for _ in range(120)]
        found.append(({"M": men, "F": women}, [fake.last_name() for _ in range(200)], weight))
    found += [({"M": list(first), "F": list(first)}, list(surnames), 1) for first, surnames in BY_HAND]
    return found


def nhs_of(number: int) -> str:
    """An NHS number of the test range 999, with its check digit."""
    number += 1
    while True:
        nine = f"999{number:06}"
        check = 11 - sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            return f"{nine}{check % 11}"
        number += 500_000


def upn_of(number: int) -> str:
    """A unique pupil number of an authority code (000) that was never given."""
    rest = f"000{number:09}"
    return UPN_LETTERS[sum(int(digit) * weight for digit, weight in zip(rest, range(2, 14), strict=True)) % 23] + rest
