"""Subject access: 500 invented files with other people, sources, legal advice, health and police work planted in them (protection.md 7, G2). `--quick`: 40 files.

How much of what was planted the helper marks (floor 90 %, goal 98 %), by kind, and how many marks are of something else. Then each file becomes an answer and a PDF, with
what was planted taken out as a person would who follows the marks and reads the rest; whatever of it is found in the file afterwards (its text, each stream unpacked, its
metadata) is a leak (0). The sentences were written after the helper, by whoever wrote it: how real notes are written they do not say. No peer was found that may be run.
Needs no database.
"""

import io
import random
import re
import sys
import time
import zlib
from collections import Counter
from dataclasses import dataclass, field

from pypdf import PdfReader

from atlas.subject_access.answer import Weighable, view_of
from atlas.subject_access.marks import Known, Mark, common_words, marks, name_words
from atlas.subject_access.pdf import pdf_of_answer
from atlas.subject_access.rules import Asks, Ground
from bench.invented import Town
from bench.measuring import last_line, table

FILES = 40 if "--quick" in sys.argv else next((int(word) for word in sys.argv[1:] if word.isdigit()), 500)
PLAIN = """{child} returned at 22.40 and had something to eat. No injuries seen.
Telephone call to school: attendance 84 % this half term, late twice.
{child} said the bus was late and the phone had no battery. We talked about a curfew that works for everyone.
Visit to the home. Bedroom tidy, enough food, heating on.
Home visit carried out, nobody in. Card left.
Discussed bus routes, money and what helps when the evening gets long. {child} likes drawing and the swimming pool.
Multi-agency meeting held; the plan stays as it is, looked at again in six weeks.
Missing from 19.10 to 23.55, found at the bus station, well.
{child} did not want to talk today and that was fine; another time was agreed.
Supervision: caseload looked at, visits in time.
Mum rang to say that {child} is back and is asleep.
Return interview offered and accepted. {child} says that nothing happened and that the town is boring.
{staff} will take {child} to the appointment on Thursday.""".splitlines()
# (kind, sentence): what stands between « and » was planted and must not be given.
# {o}: a whole name; {f}: a forename; {n}: a nickname; {l}: a forename typed in small letters.
PLANTED = tuple(
    line.split("|", 1)
    for line in """name|{child} was with «{o}» and two others near the arcade.
name|«{o}» answered the door and was rude to staff.
name|Says that «{f}» gives her lifts and buys vapes.
name|Went to the flat of a man known as «{n}», first floor.
name|messaged by «{l}» on snapchat all night
name|{child} is scared of «{o}» since the summer. «{f}» has hit two girls before.
name|The car is «{f}»’s, a grey one.
name|Referral received about «{o}» (15) and {child}.
name|Seen by CCTV with «{o}», «{o2}» and an unknown male.
unnamed|«Her mother’s boyfriend» has moved out after an argument.
unnamed|«The neighbour» at the end hears shouting most evenings.
unnamed|{child} shares a room with «another resident» who goes missing too.
unnamed|«An older friend» drives them to the coast.
unnamed|«His uncle» is back from abroad and is staying.
unnamed|The «woman who runs the shop» lets them sit inside.
reach|They meet at «{street}», above the takeaway.
reach|New number of the other girl: «{phone}».
reach|The car has the plate «{plate}».
reach|Dad now lives at «{street}», «{postcode}».
reach|She emails from «{email}».
source|«The caller asked not to be named» because of the family next door.
source|«Information given in confidence» by a shop worker: the group meets on Fridays.
source|«Anonymous» call: there are adults in the house every weekend.
source|The school says that it was {f2}, a pupil, «who does not want her to know».
legal|«Legal advice»: the threshold is met, but proceedings should wait.
legal|Spoke with the council’s «solicitor» about the next step.
legal|«Counsel» thinks that an order would be refused.
health|Seen by the «psychiatrist»; a trial of tablets was agreed.
health|Was told of «an overdose» last winter.
health|Mum is «pregnant» again and has not told the family.
health|Known to the «sexual health» clinic since March.
police|«Officers plan to arrest» two men on Tuesday.
police|The house is «under surveillance» and nobody must be warned.
police|«Operation Larkspur» is looking at the same hotel.
worker|There is an «allegation against» the night worker.""".splitlines()
)
CUT = re.compile("«([^»]*)»")
FOR_KIND = {"legal": Ground.PRIVILEGE, "health": Ground.HEALTH_HARM, "police": Ground.CRIME, "source": Ground.SERIOUS_HARM}


@dataclass
class File:
    """One invented file: its child, who wrote it, its items as lines, and (item, line, from, to, kind) of what was planted."""

    child: str
    staff: list[str]
    items: list[list[tuple[str, str]]] = field(default_factory=list)
    planted: list[tuple[int, int, int, int, str]] = field(default_factory=list)


def drawn(town: Town) -> tuple[str, str]:
    """A forename and a surname of one family of names."""
    _, (male, female, last) = town.chance.choices(town.lists, cum_weights=town.shares)[0]
    return town.one_of(town.chance.choice((male, female))), town.one_of(last)


def filled(town: Town, sentence: str, file: File) -> str:
    """A sentence with its names, numbers and places drawn."""
    chance, (fore, sur), (fore2, sur2) = town.chance, drawn(town), drawn(town)
    nick = chance.choice(("Big", "Lil", "Uncle", "Young", "DJ")) + " " + chance.choice((fore, fore[0]))
    return sentence.format(
        child=file.child.split()[0], staff=chance.choice(file.staff), o=f"{fore} {sur}", o2=f"{fore2} {sur2}", f=fore, f2=fore2, n=nick, l=fore.lower(),
        street=f"{chance.randint(1, 180)} {sur} {chance.choice(('Road', 'Street', 'Avenue', 'Close'))}", phone=town.phone(), postcode=town.postcode(),
        plate=f"QX{chance.randint(10, 75)} {chance.choice('ABCDEF')}{chance.choice('GHJKL')}{chance.choice('MNOPR')}",
        email=f"{fore.lower()}{chance.randint(1, 99)}@example.org",
    )  # fmt: skip


def made(town: Town) -> File:
    """A file of 30 to 120 items; about one sentence in six has something planted."""
    chance = town.chance
    file = File(" ".join(drawn(town)), [" ".join(drawn(town)) for _ in range(4)])
    for number in range(chance.randint(30, 120)):
        said = []
        for _ in range(chance.randint(1, 4)):
            kind, sentence = chance.choice(PLANTED) if chance.random() < 1 / 6 else ("", chance.choice(PLAIN))
            said.append((kind, filled(town, sentence, file)))
        text = ""
        for kind, sentence in said:
            text += " " * bool(text)
            for piece in re.split("(«[^»]*»)", sentence):
                if hidden := CUT.fullmatch(piece):
                    file.planted.append((number, 0, len(text), len(text) + len(hidden.group(1)), kind))
                    text += hidden.group(1)
                else:
                    text += piece
        file.items.append([("Words", text)])
    return file


def found_by_helper(file: File) -> tuple[list[list[Mark]], Counter[str], Counter[str], int]:
    """The marks of each item; how many of each kind were planted, how many of these are marked over their whole length; and how many marks touch nothing planted."""
    texts = [text for lines in file.items for _, text in lines]
    known = Known(name_words([file.child]), name_words(file.staff), frozenset(), common_words(texts))
    marked = [marks(lines, known) for lines in file.items]
    planted, seen = Counter[str](), Counter[str]()
    for item, line, start, end, kind in file.planted:
        covered = {at for one in marked[item] if one.line == line for at in range(one.start, one.end)}
        wanted = {at for at in range(start, end) if file.items[item][line][1][at].isalnum()}
        planted[kind] += 1
        # A name is to be covered whole; of a sentence, a mark in it is enough for a person to look.
        seen[kind] += wanted <= covered if kind in {"name", "reach"} else bool(wanted & covered)
    beside = sum(
        not any(item == at and one.line == line and one.start < end and start < one.end for at, line, start, end, _ in file.planted)
        for item, every in enumerate(marked)
        for one in every
    )
    return marked, planted, seen, beside


def everything_in(content: bytes) -> str:
    """The file, each stream of it unpacked, what it says to a reader, and its metadata."""
    found = [content]
    for part in content.split(b"stream")[1:]:
        try:
            found.append(zlib.decompressobj().decompress(part.lstrip(b"\r\n")))
        except zlib.error:
            continue
    reader = PdfReader(io.BytesIO(content))
    said = " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
    return b"".join(found).decode("latin-1") + said + str(reader.metadata)


def leaks(file: File) -> tuple[int, int]:
    """How much of what was taken out is in the answer’s PDF all the same, and how many pages it has. What the file says elsewhere too, unplanted, is no leak."""
    cuts: dict[int, list[tuple[int, int, int, Ground]]] = {}
    for item, line, start, end, kind in file.planted:
        cuts.setdefault(item, []).append((line, start, end, FOR_KIND.get(kind, Ground.OTHER_PERSON)))
    weighed = [
        Weighable(
            number,
            "Note",
            tuple(lines),
            "",
            file.staff[0],
            "Council",
            "part" if number in cuts else "give",
            tuple(cuts.get(number, ())),
            "",
            number % 7 == 0,
        )
        for number, lines in enumerate(file.items)
    ]
    view = view_of(
        weighed,
        asks=Asks.CHILD,
        child=file.child,
        name=file.child,
        council="Council",
        asked="All",
        received="1 May",
        made="2 May",
        marking="OFFICIAL",
    )
    content = pdf_of_answer(view, "mark")
    kept = " ".join([file.child, *file.staff, *(_kept(file, item, text) for item, ((_, text),) in enumerate(file.items))])
    whole = everything_in(content)
    out = {file.items[item][line][1][start:end] for item, line, start, end, _ in file.planted}
    return sum(
        bool(re.search(rf"(?<!\w){re.escape(words)}(?!\w)", whole)) for words in out if words not in kept and words not in str(view["says"])
    ), len(PdfReader(io.BytesIO(content)).pages)


def _kept(file: File, item: int, text: str) -> str:
    for at, _, start, end, _ in sorted(file.planted, reverse=True):
        if at == item:
            text = text[:start] + "\n" + text[end:]
    return text


def main() -> None:
    """Make the files, let the helper read them, make the answers, and look into them."""
    town = Town(20261129)
    random.seed(0)
    planted, seen, beside, unmarked, items, leaked, pages, words = Counter[str](), Counter[str](), 0, 0, 0, 0, 0, 0
    helper = 0.0
    for _ in range(FILES):
        file = made(town)
        began = time.perf_counter()
        marked, here, found, other = found_by_helper(file)
        helper += time.perf_counter() - began
        planted, seen, beside = planted + here, seen + found, beside + other
        items, unmarked = items + len(file.items), unmarked + sum(not one for one in marked)
        words += sum(len(text.split()) for lines in file.items for _, text in lines)
        many, long = leaks(file)
        leaked, pages = leaked + many, pages + long
    share = seen.total() / planted.total()
    table(
        ("kind", "planted", "marked", "share"),
        [(kind, f"{planted[kind]:,}", f"{seen[kind]:,}", f"{seen[kind] / planted[kind]:.3f}") for kind in sorted(planted)],
    )
    print(
        f"{FILES} files, {items:,} items, {words:,} words, {pages:,} pages; {unmarked / items:.0%} of the items have no mark; "
        f"{beside / max(1, beside + seen.total()):.0%} of the marks are beside"
    )
    print(f"the helper took {1000 * helper / FILES:.0f} ms a file; found in the PDFs of what was taken out: {leaked}")
    last_line(
        files=FILES,
        planted=planted.total(),
        found_share=share,
        leaked=leaked,
        beside=beside / max(1, beside + seen.total()),
        unmarked=unmarked / items,
        pages=pages,
    )


if __name__ == "__main__":
    main()
