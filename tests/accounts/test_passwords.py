"""What a password may be, and may not (OWASP ASVS 5.0.0, 6.2)."""

from hashlib import sha1
from pathlib import Path
from typing import Any

import pytest
from allauth.account.forms import LoginForm
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from atlas.accounts.forms import EnrolForm
from atlas.accounts.passwords import _stands_in


@pytest.mark.parametrize(
    "password", ["Atlas-2026-2026", "atlas1111111111", "S@feguarding2026!", "missing.children", "council-police-7", "Fernl3igh!!!!!"]
)
def test_what_is_little_more_than_words_of_the_service_is_refused(password: str) -> None:
    with pytest.raises(ValidationError, match="words that anybody would try here"):
        validate_password(password)


@pytest.mark.parametrize(
    "password",
    [
        "three-words-unrelated",
        "school of purple onions",
        "zürich müde grün",
        " leading and trailing ",
        "1 kettle 2 lampposts",
        "x-ray " * 30,
    ],
)
def test_any_letters_and_64_of_them_and_more_are_taken_as_they_are(password: str) -> None:
    form = EnrolForm({"password": password, "key": "k"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["password"] == password and len(password) <= 200
    assert LoginForm().fields["password"].strip is False
    box = str(form["password"])
    assert 'type="password"' in box and 'autocomplete="new-password"' in box and "maxlength" in box  # a password manager may fill it in


def test_fewer_than_twelve_and_common_ones_are_refused() -> None:
    for password, words in (("elevenlette", "too short"), ("qwertyuiop123", "too common")):
        with pytest.raises(ValidationError, match=words):
            validate_password(password)


def test_what_was_stolen_elsewhere_is_refused_where_the_council_has_fetched_the_list(tmp_path: Path, settings: Any) -> None:
    stolen = [f"three words of {number}" for number in range(200)]
    hashes = sorted(sha1(one.encode(), usedforsecurity=False).hexdigest().upper() for one in stolen)
    file = tmp_path / "stolen.txt"
    file.write_text("\r\n".join(f"{one}:{number}" for number, one in enumerate(hashes)))
    validate_password(stolen[0])
    settings.ATLAS_STOLEN_PASSWORDS = str(file)
    for one in stolen:
        with pytest.raises(ValidationError, match="stolen from another website"):
            validate_password(one)
    validate_password("three words of nobody")
    for digest in (b"0" * 40, b"F" * 40):
        assert not _stands_in(file, digest)
    (tmp_path / "empty").touch()
    assert not _stands_in(tmp_path / "empty", b"0" * 40)
