"""Names, dates and numbers of records in one form."""

from datetime import date

import pyarrow as pa
import pytest

from atlas_analysis.matching.names import forenames_of, surname_of
from atlas_analysis.matching.nicknames import families
from atlas_analysis.matching.spelling import edits
from atlas_analysis.matching.standard import put_in_one_form, standard

AT = date(2026, 11, 1)
RECORD = {"id": "1", "source": "police", "forenames": "Ana", "surname": "Silva", "date_of_birth": "2010-04-03"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("José", "JOSE"),
        ("Anne-Marie", "Anne Marie"),
        ("Anne-Marie", "Annemarie"),
        ("D’Angelo", "D'Angelo"),
        ("Łukasz", "Lukasz"),
        ("Miss  Zoë ", "zoe"),
        ("Jr. Özil", "ozil"),
    ],
)
def test_forenames_written_in_two_ways_have_the_same_letters(one: str, other: str) -> None:
    assert forenames_of(one).given == forenames_of(other).given


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("O'Brien", "OBRIEN"),
        ("De La Cruz", "de la cruz"),
        ("Smith-Jones", "Smith Jones"),
        ("Al-Hassan", "AL HASSAN"),
        ("Şahin", "Sahin"),
        ("Đorđević", "Dordevic"),
    ],
)
def test_surnames_written_in_two_ways_are_the_same(one: str, other: str) -> None:
    assert surname_of(one) == surname_of(other)


def test_a_double_barrelled_name_shares_its_parts_and_particles_are_no_part() -> None:
    assert (surname_of("Okafor-Bell").head, surname_of("Okafor-Bell").tail) == ("okafor", "bell")
    assert surname_of("van der Berg").head == surname_of("Berg").head
    assert surname_of("Al Hassan").tail == surname_of("Hassan").tail
    assert surname_of("Kaur").surname == "kaur"  # a name, where it is all there is
    assert surname_of("Gill Kaur").tail == surname_of("Gill").tail


@pytest.mark.parametrize("text", ["", "NK", "Unknown", "not known", "-", "Baby", "n/a", None])
def test_what_people_type_for_a_name_they_do_not_know_is_none(text: str | None) -> None:
    assert forenames_of(text).forename is None
    assert surname_of(text).surname is None


def test_other_scripts_are_kept() -> None:
    assert surname_of("Шевченко").surname == "шевченко"
    assert forenames_of("محمد").forename == "محمد"


def test_short_forms_are_of_one_family_and_different_names_are_not() -> None:
    family = families()
    for names in (
        "jamie james",
        "mo mohammed muhammad",
        "aisha ayesha",
        "kasia katarzyna",
        "alex alexandra",
        "becky rebecca",
        "yousef yusuf",
    ):
        assert len({family[name] for name in names.split()}) == 1, names
    for one, other in (("john", "james"), ("ali", "aliyah"), ("michael", "mohammed"), ("hassan", "hussain")):
        assert family.get(one, one) != family.get(other, other)
    assert all(family[family[name]] == family[name] for name in family)
    assert max(list(family.values()).count(name) for name in set(family.values())) < 25  # none has swallowed the others


@pytest.mark.parametrize(
    ("text", "born"),
    [("2010-04-03", "2010-04-03"), ("03/04/2010", "2010-04-03"), ("3.4.2010", "2010-04-03"), ("20100403", "2010-04-03"), ("2010-04-03 00:00:00", "2010-04-03"),
     ("31/02/2010", None), ("01/01/1900", None), ("2031-01-01", None), ("soon", None), (None, None), (date(2010, 4, 3), "2010-04-03")],
)  # fmt: skip
def test_dates_of_birth(text: object, born: str | None) -> None:
    assert standard({**RECORD, "date_of_birth": text}, AT)["born"] == born


def test_a_birthday_on_1_january_is_vague_and_day_and_month_are_turned() -> None:
    assert standard({**RECORD, "date_of_birth": "2010-01-01"}, AT)["vague_year"] == "2010"
    assert standard(RECORD, AT)["vague_year"] is None
    assert standard(RECORD, AT)["turned_born"] == "2010-03-04"
    assert standard({**RECORD, "date_of_birth": "2010-03-31"}, AT)["turned_born"] == "2010-03-31"


def test_numbers_are_checked() -> None:
    row = standard({**RECORD, "nhs_number": "999 123 4561", "upn": "A123", "telephone": "+44 (0)7700 900 123", "postcode": "br1 3uh"}, AT)
    assert row["telephone"] == standard({**RECORD, "telephone": "07700900123"}, AT)["telephone"] == "07700900123"
    assert (row["nhs_number"], row["upn"], row["postcode"], row["sector"], row["area"]) == (None, None, "BR1 3UH", "BR1 3", "BR1")
    assert standard({**RECORD, "nhs_number": "943 476 5919"}, AT)["nhs_number"] == "9434765919"  # the example of the NHS Data Dictionary
    assert standard({**RECORD, "telephone": "0000000000"}, AT)["telephone"] is None


def test_edits_are_counted_as_they_are_by_the_plainest_rule() -> None:
    def slow(left: str, right: str) -> int:
        if not left or not right:
            return len(left) + len(right)
        return min(slow(left[1:], right) + 1, slow(left, right[1:]) + 1, slow(left[1:], right[1:]) + (left[0] != right[0]))

    for left, right in (("kitten", "sitting"), ("", "ab"), ("abc", "abc"), ("abcd", "acbd"), ("noor", "nur"), ("ab", "ba"), ("aaa", "aa")):
        assert edits(left, right) == slow(left, right) == edits(right, left)


def test_a_table_and_a_record_come_to_the_same_form_and_faults_are_counted() -> None:
    records = pa.table({
        "id": ["1", "2", "3"], "source": ["police"] * 3, "forenames": ["Mo", None, "NK"], "surname": ["Al-Hassan", "Bell", "Bell"],
        "date_of_birth": ["01/02/2011", "2040-01-01", None], "sex": ["Male", "F", "9"], "postcode": ["BR1 3UH", "nowhere", ""], "nhs_number": ["9434765918", None, None],
    })  # fmt: skip
    people = put_in_one_form(records, AT)
    for given, row in zip(records.to_pylist(), people.table.to_pylist(), strict=True):
        assert {name: value for name, value in row.items() if name not in ("unique_id", "id", "source")} == standard(given, AT)
    assert people.faults == {"date_of_birth": 1, "postcode": 1, "nhs_number": 1}
    assert people.missing["telephone"] == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"surname": None}, "have no column surname"),
        ({"id": ["1", "1"]}, "more than once"),
        ({"id": ["1", None]}, "have no id"),
        ({"date_of_birth": ["2090-01-01", ""]}, "No record has a date of birth"),
        ({"forenames": ["NK", None]}, "No record has a forename"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_plain_words(change: dict[str, list[str] | None], words: str) -> None:
    columns: dict[str, list[str] | None] = {
        "id": ["1", "2"],
        "source": ["a", "a"],
        "forenames": ["A", "B"],
        "surname": ["A", "B"],
        "date_of_birth": ["2010-01-02", ""],
    }
    kept = {name: column for name, column in {**columns, **change}.items() if column is not None}
    with pytest.raises(ValueError, match=words):
        put_in_one_form(pa.table(kept), AT)


def test_an_empty_table_is_refused() -> None:
    empty = pa.table({name: pa.array([], pa.string()) for name in ("id", "source", "forenames", "surname", "date_of_birth")})
    with pytest.raises(ValueError, match="the table is empty"):
        put_in_one_form(empty, AT)
