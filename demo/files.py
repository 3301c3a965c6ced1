"""The real-format files that Fernleigh makes of itself: the main case system's tables, and two forces' reports."""

import csv
import io
import zipfile
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import xlsxwriter

from atlas.chronology.moments import LONDON
from atlas.gate.days import day_of
from demo import calibration as figures
from demo.calibration import Calibration
from demo.people import Invented, doubled
from demo.year import Planned

Rows = list[dict[str, object]]


def _ethnicity(child: Invented, seed: int) -> str:
    codes, shares = zip(*figures.ETHNICITIES, strict=True)
    return str(Random(f"ethnicity {seed} {child.number}").choices(codes, shares)[0])


def main_system(
    path: Path,
    children: list[Invented],
    workers: list[str],
    departments: list[tuple[str, str]],
    calibration: Calibration,
    start: datetime,
    seed: int,
) -> None:
    """A zip of ssd_*.csv: who works here, who the children are, who works with whom, and their statuses. A little dirt included."""
    tables: dict[str, Rows] = {"ssd_department": [{"dept_team_id": key, "dept_team_name": name} for key, name in departments]}
    tables["ssd_person"] = [
        {"pers_person_id": child.council, "pers_forename": child.forename, "pers_surname": child.surname, "pers_dob": f"{child.born_on:%d/%m/%Y}",
         "pers_sex": child.sex, "pers_upn": child.upn, "pers_common_child_id": child.nhs, "pers_ethnicity": _ethnicity(child, seed)}
        for child in children
    ]  # fmt: skip
    tables["ssd_person"] += [  # the mess: some children stand there twice, under a number of their own
        {"pers_person_id": second.council, "pers_forename": second.forename, "pers_surname": second.surname, "pers_dob": f"{second.born_on:%d/%m/%Y}",
         "pers_sex": second.sex}
        for _, second in filter(None, (doubled(child, figures.DUPLICATES) for child in children))
    ]  # fmt: skip
    for name in (
        "ssd_involvements",
        "ssd_cin_plans",
        "ssd_cp_plans",
        "ssd_cla_episodes",
        "ssd_legal_status",
        "ssd_cla_placement",
        "ssd_linked_identifiers",
        "ssd_initial_cp_conference",
        "ssd_disability",
    ):
        tables[name] = []
    total = calibration.open_cin + calibration.open_cp + calibration.open_cla
    for child in children:
        _child(tables, child, child.number % total, workers, calibration, start, Random(seed + child.number))
    if children:  # dirt: a code that nobody has explained, and a row without its date
        tables["ssd_legal_status"].append({"lega_legal_status_id": f"LX{children[0].number}", "lega_person_id": children[0].council,
                                           "lega_legal_status": "S20", "lega_legal_status_start_date": f"{start:%Y-%m-%d}"})  # fmt: skip
        tables["ssd_cin_plans"].append(
            {"cinp_cin_plan_id": f"CX{children[0].number}", "cinp_person_id": children[0].council, "cinp_cin_plan_start_date": ""}
        )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in tables.items():
            archive.writestr(f"{name}.csv", _csv(rows))


def _child(
    tables: dict[str, Rows], child: Invented, place: int, workers: list[str], calibration: Calibration, start: datetime, random: Random
) -> None:
    begun = day_of(start - timedelta(days=random.randrange(20, 400)))
    key = child.number
    if random.random() > 0.015:  # a few children have nobody: they stay with the front door
        tables["ssd_involvements"].append({
            "invo_involvements_id": f"I{key}", "invo_professional_id": workers[key % len(workers)], "invo_professional_role_id": "Allocated worker",
            "invo_person_id": child.council, "invo_involvement_start_date": begun.isoformat(),
        })  # fmt: skip
    if key % 9 == 0:
        tables["ssd_disability"].append(
            {"disa_table_id": f"D{key}", "disa_person_id": child.council, "disa_disability_code": ("LD", "AUT", "COMM", "MOB")[key % 4]}
        )
    if place < calibration.open_cla:
        tables["ssd_cla_episodes"].append(
            {
                "clae_cla_episode_id": f"L{key}",
                "clae_person_id": child.council,
                "clae_cla_episode_start_date": f"{begun:%d/%m/%Y}",
                "clae_cla_primary_need_code": "N1",
            }
        )
        tables["ssd_legal_status"].append(
            {
                "lega_legal_status_id": f"G{key}",
                "lega_person_id": child.council,
                "lega_legal_status": random.choice(("C1", "C2", "V2")),
                "lega_legal_status_start_date": begun.isoformat(),
            }
        )
        tables["ssd_cla_placement"].append(
            {
                "clap_cla_placement_id": f"P{key}",
                "clap_person_id": child.council,
                "clap_cla_placement_start_date": begun.isoformat(),
                "clap_cla_placement_type": random.choice(("U4", "U6", "K2", "H5")),
            }
        )
    elif place < calibration.open_cla + calibration.open_cp:
        tables["ssd_cp_plans"].append(
            {
                "cppl_cp_plan_id": f"K{key}",
                "cppl_person_id": child.council,
                "cppl_cp_plan_start_date": begun.isoformat(),
                "cppl_cp_plan_latest_category": random.choice(("NEG", "EMO", "PHY", "SAB")),
            }
        )
        tables["ssd_initial_cp_conference"].append({
            "icpc_icpc_id": f"N{key}", "icpc_person_id": child.council, "icpc_icpc_target_date": (begun + timedelta(days=2)).isoformat(),
            "icpc_icpc_date": begun.isoformat(), "icpc_icpc_outcome_cp_flag": "Y",
        })  # fmt: skip
    else:
        tables["ssd_cin_plans"].append(
            {"cinp_cin_plan_id": f"C{key}", "cinp_person_id": child.council, "cinp_cin_plan_start_date": begun.isoformat()}
        )


def _csv(rows: Iterable[dict[str, object]]) -> str:
    rows, text = list(rows), io.StringIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(text, names, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


GRADE_WORDS = {"NAR": "No apparent risk", "LOW": "Low", "MED": "Medium", "HIGH": "High"}


def northmarch(path: Path, episodes: list[Planned], now: datetime) -> None:
    """Northmarch Police: a CSV, one row a report; with rows that must be put aside or wait for a person."""
    rows: Rows = [
        northmarch_row(
            f"NM/{number:05}/26", episode.child.forename, episode.child.surname, episode.child.born_on, episode.child.sex, episode
        )
        for number, episode in enumerate(episodes, 1)
    ]
    if episodes:
        first = episodes[0]
        rows.append(northmarch_row("NM/90001/26", "Alex", "Tester", date(now.year - 40, 1, 1), "U", first))
        rows.append(northmarch_row("NM/90002/26", first.child.forename[:3], first.child.surname, first.child.born_on, "U", first))
        rows.append(northmarch_row("NM/90003/26", "Sample", "Nobody", date(now.year - 14, 6, 2), "F", first) | {"Risk": "Amber"})
        ahead = northmarch_row("NM/90004/26", first.child.forename, first.child.surname, first.child.born_on, "M", first)
        rows.append(ahead | {"Reported": _local(now + timedelta(days=2))})
    write_rows(path, rows)


def write_rows(path: Path, rows: Rows) -> None:
    """Rows as a force's program writes them: a CSV with a byte-order mark."""
    path.write_text(_csv(rows), encoding="utf-8-sig")


def northmarch_row(reference: str, forename: str, surname: str, born_on: date, sex: str, episode: Planned) -> dict[str, object]:
    """One report as Northmarch Police writes it."""
    return {
        "MISPER REF": reference, "Forename(s)": forename, "Surname": surname, "DOB": f"{born_on:%d/%m/%Y}", "Sex": sex, "PNC/Local ID": "",
        "Last Seen": _local(episode.last_seen), "Last Seen Location": "Near home", "Reported": _local(episode.reported),
        "Recorded": _local(episode.reported + timedelta(minutes=5)), "LA Notified": _local(episode.told), "Risk": GRADE_WORDS[episode.grade],
        "Status": "Outstanding" if episode.returned is None else "Returned", "Returned": _local(episode.returned) if episode.returned else "",
        "Circumstances": "Not home when expected.",
    }  # fmt: skip


def eastmoor(path: Path, episodes: list[Planned]) -> None:
    """Eastmoor Constabulary: a workbook with other names and words for the same things."""
    words = {"NAR": "Absent", "LOW": "LOW RISK", "MED": "MEDIUM RISK", "HIGH": "HIGH RISK"}
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Reports")
        header = (
            "Incident No",
            "Given Names",
            "Family Name",
            "Date of Birth",
            "Gender",
            "Date Last Seen",
            "Date Reported",
            "Grading",
            "Investigation State",
            "Date Home",
        )
        sheet.write_row(0, 0, header)
        for number, episode in enumerate(episodes, 1):
            child, back = episode.child, episode.returned
            sheet.write_row(number, 0, (
                f"EM{number:06}", child.forename, child.surname, f"{child.born_on:%d %b %Y}", "Male" if child.sex == "M" else "Female",
                _local(episode.last_seen), _local(episode.reported), words[episode.grade], "Closed - found" if back else "Open", _local(back) if back else "",
            ))  # fmt: skip


def _local(at: datetime) -> str:
    return f"{at.astimezone(LONDON):%d/%m/%Y %H:%M}"
