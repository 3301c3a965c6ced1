"""Fernleigh's agencies, teams, posts and rota."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from django.contrib.auth.hashers import make_password
from django.db import transaction

from atlas.agencies.codes import SkillKind
from atlas.agencies.models import Agency, AgencyKind, Authority, Post, Shift, Skill, Team, TeamPurpose, User
from atlas.gate.context import acting_as
from atlas.gate.days import day_of
from atlas.gate.models import Relationship
from atlas.gate.policy import Kind
from atlas.oversight.commands import name_contact_point
from demo.calibration import Calibration
from demo.intelligence import OFFICER, SECOND, vet
from demo.people import DRAMA_MOBILE, People

PASSWORD = "fernleigh-is-fictional"  # for a place that does not exist; the second factor stays
SINCE = date(2015, 1, 1)

# The people whom README and journeys sign in as: user name, display name, role, team, title.
NAMED = (
    ("social.worker", "Priya Okonkwo", "practitioner", "Safeguarding 1", "Social worker"),
    ("team.manager", "Colm Hartnoll", "manager", "Safeguarding 1", "Team manager"),
    ("head.of.service", "Ruth Adeyemi", "head_of_service", "Leadership", "Head of service"),
    ("front.door", "Tomasz Whitlock", "front_door", "Front door", "Front door screener"),
    ("missing.coordinator", "Amara Lindqvist", "missing_coordinator", "Missing response", "Missing coordinator"),
    ("night.worker", "Gwen Abiola", "emergency_duty", "Emergency duty", "Emergency duty worker"),
    ("interviewer", "Joss Kamara", "return_interviewer", "Return interviews", "Return interviewer"),
    ("police.missing", "Dele Farrow", "police_missing", "Missing persons unit", "Missing persons officer"),
    ("school.lead", "Nadia Brightwell", "school", "Safeguarding lead, Larkfield", "Designated safeguarding lead"),
    ("health.nurse", "Owen Tshabalala", "health", "Safeguarding nurses", "Named nurse"),
    ("data.officer", "Ines Calloway", "data_officer", "Data", "Data officer"),
    ("privacy.officer", "Hamish Ruiz", "privacy_officer", "Information governance", "Privacy officer"),
    ("information.rights", "Ottoline Varga", "information_rights", "Information governance", "Information rights officer"),
    ("custodian", "Leonie Marchetti", "practitioner", "Information governance", "Custodian of sealed sets"),
    ("administrator", "Lena Oyelaran", "system_administrator", "Systems", "System administrator"),
    ("intelligence.officer", "Marek Solberg", "intelligence_officer", "Intelligence unit", "Intelligence officer"),
    ("intelligence.second", "Yvette Castellane", "intelligence_officer", "Intelligence unit", "Intelligence officer"),
    ("designated.officer", "Bram Ekwueme", "designated_officer", "Designated officers", "Designated officer"),
    ("stowbridge.manager", "Beatrix Ferrow", "manager", "Stowbridge families", "Team manager, Stowbridge"),
    ("stowbridge.worker", "Ines Calder", "practitioner", "Stowbridge families", "Social worker, Stowbridge"),
    ("stowbridge.coordinator", "Femi Castellan", "missing_coordinator", "Stowbridge missing", "Missing coordinator, Stowbridge"),
    ("stowbridge.interviewer", "Maren Oduya", "return_interviewer", "Stowbridge interviews", "Return interviewer, Stowbridge"),
    ("stowbridge.data", "Sunniva Marlow", "data_officer", "Stowbridge data", "Data officer, Stowbridge"),
    ("director", "Imogen Achterberg", "director", "Leadership", "Director of children’s services"),
    ("chair", "Wendell Osei", "chair", "Leadership", "Specialist manager and chair"),
    ("minute.taker", "Carys Delacroix", "business_support", "Leadership", "Business support officer"),
    ("housing.officer", "Tunde Marchbank", "housing", "Tenancy support", "Tenancy support officer"),
    ("housing.manager", "Rosalind Quaye", "housing", "Tenancy support", "Tenancy support manager"),
    ("police.exploitation", "Kit Vandermeer", "police_officer", "Exploitation unit", "Detective sergeant, exploitation"),
)
# By what number the main system of their council knows a worker.
NUMBERED = {"social.worker": "W0001", "stowbridge.worker": "S0001"}


@dataclass
class Fernleigh:
    """What was made."""

    authority: Authority
    neighbour: Authority
    teams: dict[str, Team] = field(default_factory=dict)
    named: dict[str, Post] = field(default_factory=dict)
    workers: list[Post] = field(default_factory=list)
    services: dict[str, Post] = field(default_factory=dict)


def make_authority(calibration: Calibration, random: Random, people: People, start: datetime, now: datetime) -> Fernleigh:
    """Make agencies, teams, posts, duties and the rota. Returns them."""
    with transaction.atomic():
        fernleigh = _agencies(calibration)
        _named(fernleigh)
        _workers(fernleigh, calibration, people)
        _services(fernleigh)
        _duties(fernleigh, start)
        vet(fernleigh.named, now)
        _rota(fernleigh, start, now)
        _trained(fernleigh, now)
    return fernleigh


def _agencies(calibration: Calibration) -> Fernleigh:
    authority = Authority.objects.create(code="XFERN", name="Fernleigh", staffed_number="020 7946 0100", front_door_number="020 7946 0101")
    neighbour = Authority.objects.create(code="XSTOW", name="Stowbridge", staffed_number="020 7946 0200", front_door_number="020 7946 0201")
    fernleigh = Fernleigh(authority, neighbour)
    purpose = TeamPurpose
    plan = {
        ("Fernleigh Council", AgencyKind.COUNCIL): [
            ("Front door", purpose.FRONT_DOOR), ("Missing response", purpose.MISSING), ("Emergency duty", purpose.EMERGENCY_DUTY), ("Leadership", purpose.OTHER),
            ("Data", purpose.OTHER), ("Information governance", purpose.OTHER), ("Systems", purpose.OTHER),
            *((f"Safeguarding {number}", purpose.CASEWORK) for number in range(1, calibration.teams + 1)),
            ("Designated officers", purpose.OTHER),
        ],
        ("Northmarch Police", AgencyKind.POLICE): [("Missing persons unit", purpose.MISSING), ("Intelligence unit", purpose.OTHER), ("Exploitation unit", purpose.OTHER)],
        ("Lantern Trust", AgencyKind.VOLUNTARY): [("Return interviews", purpose.RETURN_INTERVIEWS)],
        ("Larkfield Academy", AgencyKind.SCHOOL): [("Safeguarding lead, Larkfield", purpose.OTHER)],
        ("Fernleigh Community Health", AgencyKind.HEALTH): [("Safeguarding nurses", purpose.OTHER)],
        ("Fernleigh Homes", AgencyKind.HOUSING): [("Tenancy support", purpose.OTHER)],
    }  # fmt: skip
    for (name, kind), teams in plan.items():
        agency = Agency.objects.create(name=name, kind=kind)
        agency.authorities.add(authority)
        for number, (team, does) in enumerate(teams):
            reference = f"T{number:03}" if kind == AgencyKind.COUNCIL else ""
            fernleigh.teams[team] = Team.objects.create(
                agency=agency, name=team, purpose=does, reference=reference, telephone="020 7946 0300"
            )
    council = Agency.objects.create(name="Stowbridge Council", kind=AgencyKind.COUNCIL)
    council.authorities.add(neighbour)
    fernleigh.teams["Stowbridge front door"] = Team.objects.create(agency=council, name="Front door", purpose=purpose.FRONT_DOOR)
    fernleigh.teams["Stowbridge families"] = Team.objects.create(agency=council, name="Families", telephone="020 7946 0220")
    for key, name, does in (
        ("Stowbridge missing", "Missing children", purpose.MISSING), ("Stowbridge interviews", "Return interviews", purpose.RETURN_INTERVIEWS),
        ("Stowbridge data", "Data", purpose.OTHER),
    ):  # fmt: skip
        fernleigh.teams[key] = Team.objects.create(agency=council, name=name, purpose=does, telephone="020 7946 0221")
    police = Agency.objects.create(name="Eastmoor Constabulary", kind=AgencyKind.POLICE)
    police.authorities.add(neighbour)
    return fernleigh


def _named(fernleigh: Fernleigh) -> None:
    password = make_password(PASSWORD)  # made once: it is nobody's secret, and each takes a fifth of a second
    for number, (username, name, role, team, title) in enumerate(NAMED):
        forename, surname = name.split(" ", 1)
        user = User(
            username=username,
            password=password,
            first_name=forename,
            last_name=surname,
            email=f"{username}@fernleigh.example.org",
            telephone=DRAMA_MOBILE.format(number),
        )
        user.save()
        fernleigh.named[username] = Post.objects.create(
            user=user,
            team=fernleigh.teams[team],
            role=role,
            title=title,
            from_on=SINCE,
            reference=NUMBERED.get(username, ""),
        )
    named = fernleigh.named
    named["social.worker"].line_manager, named["team.manager"].line_manager = named["team.manager"], named["head.of.service"]
    named["stowbridge.worker"].line_manager = named["stowbridge.manager"]
    for username in ("missing.coordinator", "night.worker", "front.door", "chair", "minute.taker"):
        named[username].line_manager = named["head.of.service"]
    named["head.of.service"].line_manager, named["housing.officer"].line_manager = named["director"], named["housing.manager"]
    for username in ("head.of.service", "chair", "minute.taker", "housing.officer"):
        named[username].save()
    for username in ("social.worker", "team.manager", "missing.coordinator", "night.worker", "front.door", "stowbridge.worker"):
        named[username].save()
    fernleigh.workers.append(named["social.worker"])


def _workers(fernleigh: Fernleigh, calibration: Calibration, people: People) -> None:
    """Social workers in teams of thirteen or so, each with a manager; users without a password cannot sign in."""
    managers = {"Safeguarding 1": fernleigh.named["team.manager"]}
    users: list[User] = []
    posts: list[Post] = []

    def post(number: int, team: Team, role: str, title: str, manager: Post, reference: str) -> Post:
        forename, surname = people.name("F" if number % 3 else "M")
        user = User(
            username=f"w{number:04}", first_name=forename, last_name=surname, password="!", email=f"w{number:04}@fernleigh.example.org"
        )
        users.append(user)
        posts.append(Post(user=user, team=team, role=role, title=title, line_manager=manager, from_on=SINCE, reference=reference))
        return posts[-1]

    head = fernleigh.named["head.of.service"]
    for number in range(2, calibration.teams + 1):
        name = f"Safeguarding {number}"
        managers[name] = post(number, fernleigh.teams[name], "manager", "Team manager", head, "")
    for number in range(2, calibration.social_workers + 1):
        name = f"Safeguarding {number % calibration.teams + 1}"
        fernleigh.workers.append(
            post(1000 + number, fernleigh.teams[name], "practitioner", "Social worker", managers[name], f"W{number:04}")
        )
    User.objects.bulk_create(users)
    Post.objects.bulk_create(posts)


def _services(fernleigh: Fernleigh) -> None:
    posts = (
        ("service.feed", "feed", "Feeds of Fernleigh", "Systems"), ("service.feed.stowbridge", "feed", "Feeds of Stowbridge", "Stowbridge data"),
        ("service.tick", "tick", "Tick", "Systems"),
    )  # fmt: skip
    for username, role, title, team in posts:
        user = User.objects.create(username=username, first_name="Service", last_name=title, password="!")
        fernleigh.services[username] = Post.objects.create(
            user=user, team=fernleigh.teams[team], role=role, title=title, from_on=SINCE, is_service=True
        )


def _duties(fernleigh: Fernleigh, start: datetime) -> None:
    """What an administrator gives: the duties that hold an authority's children."""
    teams, named, services, admin = fernleigh.teams, fernleigh.named, fernleigh.services, fernleigh.named["administrator"]
    held: tuple[tuple[Kind, Post | None, Team | None], ...] = (
        (Kind.MISSING_DUTY, None, teams["Missing response"]), (Kind.MISSING_DUTY, None, teams["Missing persons unit"]),
        (Kind.MISSING_DUTY, None, teams["Front door"]), (Kind.EMERGENCY_DUTY, None, teams["Emergency duty"]),
        (Kind.MISSING_COORDINATOR, named["missing.coordinator"], None), (Kind.PRIVACY, named["privacy.officer"], None),
        (Kind.FEED, services["service.feed"], None), (Kind.INTELLIGENCE_DESK, named[OFFICER], None), (Kind.INTELLIGENCE_DESK, named[SECOND], None),
    )  # fmt: skip
    there: tuple[tuple[Kind, Post | None, Team | None], ...] = (
        (Kind.MISSING_COORDINATOR, named["stowbridge.coordinator"], None), (Kind.FEED, services["service.feed.stowbridge"], None),
    )  # fmt: skip
    both = ((fernleigh.authority, held), (fernleigh.neighbour, there))
    with acting_as(admin, start):
        for authority, (kind, post, team) in ((authority, one) for authority, duties in both for one in duties):
            relationship = Relationship(
                kind=kind, authority=authority, holder_post=post, holder_team=team, from_at=start - timedelta(days=1), because="duty",
                source_label="agencies.Post", granted_by=admin,
            )  # fmt: skip
            relationship.save(force_insert=True)


def _rota(fernleigh: Fernleigh, start: datetime, now: datetime) -> None:
    """Every day of the year and a month beyond: duty by day, emergency duty by night."""
    named, shifts = fernleigh.named, []
    day = start.replace(hour=0, minute=0, second=0, microsecond=0)
    while day < now + timedelta(days=30):
        for username in ("missing.coordinator", "front.door", "police.missing", "interviewer"):
            post = named[username]
            shifts.append(Shift(post=post, team=post.team, from_at=day + timedelta(hours=8), until_at=day + timedelta(hours=20)))
        night = named["night.worker"]
        shifts.append(Shift(post=night, team=night.team, from_at=day + timedelta(hours=17), until_at=day + timedelta(hours=33)))
        day += timedelta(days=1)
    Shift.objects.bulk_create(shifts, batch_size=1000)


def _trained(fernleigh: Fernleigh, now: datetime) -> None:
    """Who talks with children on their return is trained, one of them no longer in everything; and two agencies say whom one asks."""
    named, far, over = fernleigh.named, day_of(now + timedelta(days=300)), day_of(now - timedelta(days=20))
    trained = (
        ("interviewer", SkillKind.MISSING, far), ("interviewer", SkillKind.EXPLOITATION, far), ("interviewer", SkillKind.YOUTH_VIOLENCE, over),
        ("missing.coordinator", SkillKind.MISSING, far), ("missing.coordinator", SkillKind.EXPLOITATION, far),
    )  # fmt: skip
    at, head = now - timedelta(days=60), named["head.of.service"]
    for username, kind, until_on in trained:
        Skill.objects.create(post=named[username], kind=kind, until_on=until_on, recorded_at=at, recorded_by=head)
    Skill.objects.create(post=named["interviewer"], kind=SkillKind.LANGUAGE, words="Romanian", recorded_at=at, recorded_by=head)
    name_contact_point(
        agency=named["team.manager"].team.agency, post=named["missing.coordinator"], deputy=named["team.manager"], by=head, at=at
    )
