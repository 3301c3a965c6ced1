"""Invented people in the records of several agencies, with what goes wrong there, and who is who: for the tests and the benchmark of linkage.

Names are those of Faker's lists (MIT) for a London borough, with our own of Somali, Bengali, Tamil, Albanian and Caribbean families; nobody is real. How often
what goes wrong is that of performance.md section 5 (plausible, of no real agency). Traps are planted so that a wrong merge is possible: siblings and twins at one
address, twins with names that are nearly one, namesakes born on one day, a twin's number typed on the wrong record, a children's home's telephone, 1 January as birthday.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from importlib import import_module
from itertools import accumulate

import pyarrow as pa

from atlas_analysis.matching.nicknames import FAMILIES

AT = date(2026, 11, 1)
LOCALES = {  # share of families, as in a London borough
    "en_GB": 46, "en_IE": 4, "en_IN": 7, "en_PK": 6, "yo_NG": 5, "ig_NG": 3, "ha_NG": 1, "tw_GH": 3, "pl_PL": 5, "ro_RO": 3, "tr_TR": 3, "pt_PT": 2, "es_CO": 2,
    "it_IT": 1, "lt_LT": 1, "fr_FR": 1,
}  # fmt: skip
OWN = {
    "somali": (
        7,
        "Abdirahman Mohamed Ahmed Abdi Hassan Ibrahim Yusuf Ali Omar Liban Guled",
        "Hodan Ayaan Fadumo Khadija Sahra Ifrah Hawa Amina Nimo Ubah",
        "Abdi Ali Mohamed Hassan Ahmed Omar Farah Warsame Yusuf Nur Jama Aden Hussein Osman",
    ),
    "bengali": (
        4,
        "Mohammed Tanvir Rahim Shahid Abdul Imran Mahdi Rayhan Sajid Tahmid",
        "Nusrat Fatima Tasnim Sumaiya Ayesha Rukhsana Nazia Farhana Jannat",
        "Begum Uddin Miah Khatun Rahman Islam Ahmed Ali Hussain Khan Choudhury Haque",
    ),
    "tamil": (
        2,
        "Arun Kavin Pranav Vishnu Karthik Nithin Sanjay",
        "Anjali Kavitha Meena Priya Thara Nila Abirami",
        "Sivakumar Selvarajah Nadarajah Balasubramaniam Ramanathan Thurairajah",
    ),
    "albanian": (
        2,
        "Arben Dritan Ilir Luan Ardit Erion Besnik",
        "Elira Arta Drita Besa Luljeta Mimoza Teuta",
        "Hoxha Shehu Gashi Krasniqi Berisha Kelmendi Prifti Dervishi",
    ),
    "caribbean": (
        4,
        "Jayden Tyrell Malachi Kemar Dwayne Tyrese Jermaine Kyron",
        "Shanice Tanisha Aaliyah Kezia Renee Shanelle Chantelle",
        "Campbell Brown Williams Grant Francis Reid Gordon Clarke Thompson Lewis",
    ),
}
TWINS = (
    ("Jaden", "Kaden"), ("Aisha", "Aishah"), ("Mia", "Maia"), ("Ella", "Bella"), ("Hassan", "Hussain"), ("Marcel", "Marcell"), ("Tyler", "Taylor"),
    ("Alexander", "Alexandra"), ("Mohammed Hamza", "Mohammed Bilal"), ("Mohammed Yusuf", "Muhammad Isa"), ("Maria Clara", "Maria Lucia"), ("Ali", "Alia"),
)  # fmt: skip


@dataclass(frozen=True)
class Agency:
    """How an agency keeps records: which columns it has (share filled), how often what goes wrong (times the usual), how many are there twice."""

    name: str
    filled: dict[str, float]
    faults: float = 1.0
    twice: float = 0.0


COUNCIL = Agency("council", {"sex": 0.99, "postcode": 0.97, "telephone": 0.6, "upn": 0.7, "nhs_number": 0.4}, 0.4)
POLICE = Agency("police", {"sex": 0.97, "postcode": 0.88, "telephone": 0.45}, 1.0)
HEALTH = Agency("health", {"sex": 0.99, "postcode": 0.98, "telephone": 0.7, "nhs_number": 0.97}, 0.5)
SCHOOLS = Agency("schools", {"sex": 0.99, "postcode": 0.95, "telephone": 0.7, "upn": 0.95}, 0.5)
HOUSING = Agency("housing", {"postcode": 0.99, "telephone": 0.5}, 1.2)
CHARITY = Agency("charity", {"postcode": 0.6, "telephone": 0.6}, 1.6, 0.04)
ALL = (COUNCIL, POLICE, HEALTH, SCHOOLS, HOUSING, CHARITY)


@dataclass
class Body:
    """One invented person."""

    forenames: str
    surname: str
    born: date
    sex: str
    postcode: str
    telephone: str
    nhs_number: str
    upn: str
    twin: "Body | None" = field(default=None, repr=False)


def _lists() -> list[tuple[int, list[str], list[str], list[str]]]:
    found = []
    for locale, share in LOCALES.items():
        provider = import_module(f"faker.providers.person.{locale}").Provider
        male, female = (list(getattr(provider, f"first_names_{sex}", None) or provider.first_names) for sex in ("male", "female"))
        last = list(getattr(provider, "last_names", None) or provider.last_names_male)
        found.append((share, [str(one) for one in male], [str(one) for one in female], [str(one) for one in last]))
    return found + [(share, male.split(), female.split(), last.split()) for share, male, female, last in OWN.values()]


class Town:
    """Invented people, family by family."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.lists = []
        for share, male, female, last in _lists():
            for names in (male, female, last):
                self.chance.shuffle(names)
            weights = [list(accumulate(1 / (place + 3) ** 0.8 for place in range(len(names)))) for names in (male, female, last)]
            self.lists.append((share, tuple(zip((male, female, last), weights, strict=True))))
        self.shares = list(accumulate(share for share, _ in self.lists))
        self.homes = [self.postcode() for _ in range(12)]
        self.home_phones = [self.phone() for _ in range(12)]
        self.made = 0

    def one_of(self, names: tuple[list[str], list[float]]) -> str:
        """A name, common ones more often."""
        return self.chance.choices(names[0], cum_weights=names[1])[0]

    def postcode(self) -> str:
        """A postcode of a made-up town (QX is nowhere)."""
        chance = self.chance
        return f"QX{chance.randint(1, 24)} {chance.randint(1, 9)}{chance.choice('ABDEFGHJLN')}{chance.choice('ABDEFGHJLNPQRSTUWXYZ')}"

    def phone(self) -> str:
        """Ofcom gives drama a thousand numbers; more are needed, so they begin with 07000, which nobody has."""
        return f"07000 {self.chance.randint(100000, 999999)}{self.chance.randint(0, 9)}"[:12]

    def numbers(self) -> tuple[str, str]:
        """An NHS number of the test range (999), and a pupil number of no authority (990): both with their check."""
        self.made += 1
        nine = f"999{(self.made * 7919) % 1_000_000:06d}"
        check = 11 - sum(int(digit) * (10 - place) for place, digit in enumerate(nine)) % 11
        nhs_number = f"{nine}{check % 11}" if check != 10 and self.made < 1_000_000 else ""
        twelve = f"990{self.made:09d}"
        letter = "ABCDEFGHJKLMNPQRTUVWXYZ"[sum(int(digit) * (place + 2) for place, digit in enumerate(twelve)) % 23]
        return nhs_number, f"{letter}{twelve}"

    def body(self, lists: tuple[tuple[list[str], list[float]], ...], surname: str, postcode: str, telephone: str) -> Body:
        """One child of a family."""
        chance = self.chance
        male = chance.random() < 0.5
        names = [self.one_of(lists[0 if male else 1])]
        if chance.random() < 0.35:
            names.append(self.one_of(lists[0 if male else 1]))
        text = ("-" if chance.random() < 0.06 else " ").join(names)
        born = AT - timedelta(days=chance.randint(365, 18 * 365))
        if chance.random() < 0.02:
            born = born.replace(month=1, day=1)
        return Body(text, surname, born, "M" if male else "F", postcode, telephone, *self.numbers())

    def family(self) -> list[Body]:
        """One child, or siblings, or twins, at one address with one telephone; or a child of a children's home."""
        chance = self.chance
        lists = self.lists[
            next(place for place, share in enumerate(self.shares) if chance.random() * self.shares[-1] <= share or share == self.shares[-1])
        ][1]
        surname = self.one_of(lists[2])
        if chance.random() < 0.08:
            surname = f"{surname}{chance.choice('- ')}{self.one_of(lists[2])}"
        home = chance.random() < 0.01
        place = chance.randrange(12)
        postcode, telephone = (self.homes[place], self.home_phones[place]) if home else (self.postcode(), self.phone())
        bodies = [self.body(lists, surname, postcode, telephone)]
        if chance.random() < 0.12:
            bodies.append(self.body(lists, surname, postcode, telephone))
            if chance.random() < 0.25:
                self.make_twins(*bodies)
        elif chance.random() < 0.002:
            bodies.append(self.namesake(bodies[0]))
        return bodies

    def make_twins(self, first: Body, second: Body) -> None:
        """Born on one day; a third of them with names nearly one; some with turned names."""
        second.born, first.twin, second.twin = first.born, second, first
        if self.chance.random() < 0.35 or first.forenames.split()[0] == second.forenames.split()[0]:
            first.forenames, second.forenames = self.chance.choice(TWINS)
            second.sex = first.sex = self.chance.choice("MF")

    def namesake(self, body: Body) -> Body:
        """Somebody else with the same name, born on the same day, who lives elsewhere."""
        return Body(body.forenames, body.surname, body.born, body.sex, self.postcode(), self.phone(), *self.numbers())

    def people(self, count: int) -> list[Body]:
        """So many people."""
        bodies: list[Body] = []
        while len(bodies) < count:
            bodies += self.family()
        return bodies[:count]


NICKNAMES: dict[str, list[str]] = {}
for _line in FAMILIES.strip().splitlines():
    for _name in (_line.split()[0],):
        NICKNAMES[_name] = _line.split()[1:]


class Clerk:
    """Writes people down as an agency would."""

    def __init__(self, agency: Agency, town: Town, seed: int) -> None:
        self.agency, self.town, self.chance = agency, town, random.Random(f"{seed} {agency.name}")

    def goes_wrong(self, share: float) -> bool:
        """Whether something that happens so often happens here."""
        return self.chance.random() < share * self.agency.faults

    def slip(self, text: str) -> str:
        """A typing error: a letter lost, doubled, other, or two transposed."""
        if len(text) < 3:
            return text
        place = self.chance.randrange(1, len(text) - 1)
        return self.chance.choice((
            text[:place] + text[place + 1 :], text[:place] + text[place] + text[place:], text[:place] + self.chance.choice("aeioustrnl") + text[place + 1 :],
            text[:place] + text[place + 1] + text[place] + text[place + 2 :],
        ))  # fmt: skip

    def names(self, body: Body) -> tuple[str, str]:
        """Forenames and surname as written."""
        forenames, surname = body.forenames, body.surname
        first, *others = forenames.replace("-", " ").split()
        if self.goes_wrong(0.08) and first.lower() in NICKNAMES:
            forenames = self.chance.choice(NICKNAMES[first.lower()]).capitalize()
        elif others and self.goes_wrong(0.5):
            forenames = first
        elif others and self.goes_wrong(0.03):
            forenames = others[0]
        if self.goes_wrong(0.05):
            forenames = self.slip(forenames)
        if self.goes_wrong(0.06):
            surname = self.slip(surname)
        if self.goes_wrong(0.02):
            surname = self.town.one_of(self.chance.choice(self.town.lists)[1][2])
        elif ("-" in surname or " " in surname) and self.goes_wrong(0.4):
            surname = self.chance.choice((surname.replace("-", " "), *surname.replace("-", " ").split()))
        if self.goes_wrong(0.007):
            forenames, surname = surname, forenames
        if self.goes_wrong(0.01):
            forenames = self.chance.choice(("NK", "Unknown", "", forenames[0]))
        return (forenames.upper(), surname.upper()) if self.chance.random() < 0.3 else (forenames, surname)

    def born(self, body: Body) -> str:
        """A date of birth as written."""
        born = body.born
        if self.goes_wrong(0.04):
            return ""
        if self.goes_wrong(0.015) and born.day <= 12:
            born = born.replace(month=born.day, day=born.month)
        if self.goes_wrong(0.03):
            born = born + timedelta(days=self.chance.choice((1, -1, 10, -10, 3, 20)))
        if self.goes_wrong(0.02):
            born = born.replace(month=1, day=1)
        return born.isoformat() if self.chance.random() < 0.5 else f"{born:%d/%m/%Y}"

    def record(self, body: Body) -> dict[str, str | None]:
        """One record."""
        has = {name: self.chance.random() < share for name, share in self.agency.filled.items()}
        forenames, surname = self.names(body)
        other = body.twin if body.twin and self.goes_wrong(0.03) else body  # the twin's number
        postcode = self.town.postcode() if self.goes_wrong(0.18) else body.postcode
        telephone = self.town.phone() if self.goes_wrong(0.25) else body.telephone
        sex = {"M": "F", "F": "M"}[body.sex] if self.goes_wrong(0.004) else body.sex
        held = {"sex": sex, "postcode": postcode, "telephone": telephone, "nhs_number": other.nhs_number, "upn": other.upn}
        return {
            "forenames": forenames,
            "surname": surname,
            "date_of_birth": self.born(body),
            **{name: value if has.get(name) else None for name, value in held.items()},
        }


def table_of(rows: Sequence[dict[str, str | None]]) -> pa.Table:
    """Records as a table."""
    names = ("id", "source", "forenames", "surname", "date_of_birth", "sex", "postcode", "telephone", "nhs_number", "upn")
    return pa.table({name: pa.array([row[name] for row in rows], pa.string()) for name in names})


def records(count: int, seed: int, agencies: Sequence[Agency] = ALL, known: float = 0.5) -> tuple[pa.Table, list[int]]:
    """What agencies hold of so many people, each knowing each with that chance; and who each record is, in the same order."""
    town = Town(seed)
    bodies = town.people(count)
    rows: list[dict[str, str | None]] = []
    truth: list[int] = []
    for agency in agencies:
        clerk, chance = Clerk(agency, town, seed), random.Random(f"who {seed} {agency.name}")
        for who, body in enumerate(bodies):
            times = (chance.random() < known) * (1 + (chance.random() < agency.twice))
            for _ in range(times):
                rows.append({**clerk.record(body), "source": agency.name, "id": f"{agency.name[0]}{len(rows)}"})
                truth.append(who)
    return table_of(rows), truth


def two_sides(side: int, seed: int) -> tuple[pa.Table, list[int]]:
    """The council's records and the police's, so many each, half of them of the same people, without numbers, as police have none."""
    town = Town(seed)
    bodies = town.people(side + side // 2)
    rows: list[dict[str, str | None]] = []
    truth: list[int] = []
    plain = Agency("council", {name: share for name, share in COUNCIL.filled.items() if name in POLICE.filled}, COUNCIL.faults)
    for agency, held in ((plain, range(side)), (POLICE, range(side // 2, side // 2 + side))):
        clerk = Clerk(agency, town, seed)
        for who in held:
            rows.append({**clerk.record(bodies[who]), "source": agency.name, "id": f"{agency.name[0]}{who}"})
            truth.append(who)
    return table_of(rows), truth
