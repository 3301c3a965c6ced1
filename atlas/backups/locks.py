"""What locks an archive: age files (the C2SP specification of age, by `pyrage`). Whoever writes the archive holds the public key alone, and reads nothing back."""

import os
from collections.abc import Sequence
from io import BufferedIOBase
from pathlib import Path
from typing import IO

import pyrage
from pyrage import x25519

LOCKED = ".age"
PRIVATE = "AGE-SECRET-KEY-"
LENGTH = 4  # bytes before each piece of a file that grows: how many the piece has


class NotDone(Exception):
    """A backup or a restore that could not be made: why, and what to do."""


class Lock:
    """The public keys to which an archive is locked; the private one of any of them opens it."""

    def __init__(self, keys: str) -> None:
        """`keys`: as `manage backup new-key` prints them (age1…), with commas between. Raises NotDone where there is none, or one is none."""
        given = [key.strip() for key in keys.split(",") if key.strip()]
        if not given:
            raise NotDone(
                "Set ATLAS_BACKUP_KEY to the public key that `manage backup new-key FILE` printed: no backup is written that whoever steals it could read."
            )
        try:
            self._recipients = [x25519.Recipient.from_str(key) for key in given]
        except pyrage.RecipientError:
            raise NotDone(
                "ATLAS_BACKUP_KEY is no public key: it begins with age1, and `manage backup new-key FILE` prints it. Never put the private one here."
            ) from None

    def stream(self, plain: BufferedIOBase, locked: BufferedIOBase) -> None:
        """Lock all that is read from one into the other. Raises OSError, or pyrage.EncryptError with the words of what the other could not do."""
        pyrage.encrypt_io(plain, locked, self._recipients)

    def whole(self, plain: bytes) -> bytes:
        """A whole age file."""
        return bytes(pyrage.encrypt(plain, self._recipients))

    def piece(self, plain: bytes) -> bytes:
        """A piece of a file that grows: an age file of its own, with its length (4 bytes, the highest first) before it."""
        locked = bytes(pyrage.encrypt(plain, self._recipients))
        return len(locked).to_bytes(LENGTH, "big") + locked


class Opener:
    """The private key, which lies away from the archive and is fetched for a restore."""

    def __init__(self, file: Path | None) -> None:
        """Read what `manage backup new-key` or age-keygen wrote, from a file that only its owner may read. Raises NotDone."""
        if file is None or not file.is_file():
            raise NotDone(
                "Give the private key that opens the archive: --private FILE, which `manage backup new-key FILE` wrote. It lies in the safe."
            )
        if file.stat().st_mode & 0o077:
            raise NotDone(f"Others may read the private key. Make it yours alone: chmod 600 {file.name}")
        lines = [line.strip() for line in file.read_text(errors="replace").splitlines()]
        try:
            self._identities = [x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
        except pyrage.IdentityError:
            self._identities = []
        if not self._identities:
            raise NotDone(f"{file.name} holds no private key: a line that begins with {PRIVATE}.")

    def stream(self, locked: Path, plain: IO[bytes]) -> None:
        """Open a file into another, piece by piece. Raises NotDone where the key is another, or the file was altered."""
        with locked.open("rb") as file:
            try:
                pyrage.decrypt_io(file, plain, self._identities)
            except (pyrage.DecryptError, OSError) as problem:
                raise _unopened(locked, problem) from None

    def whole(self, locked: Path) -> bytes:
        """All that a locked file holds. Raises NotDone."""
        return self._opened(locked.read_bytes(), locked)

    def pieces(self, locked: Path) -> bytes:
        """All that a file that grew holds; a last piece that was not written to its end is left out. Raises NotDone."""
        held, found, at = locked.read_bytes(), [], 0
        while len(held) - at > LENGTH:
            end = at + LENGTH + int.from_bytes(held[at : at + LENGTH], "big")
            if end > len(held):
                break
            found.append(self._opened(held[at + LENGTH : end], locked))
            at = end
        return b"".join(found)

    def _opened(self, locked: bytes, file: Path) -> bytes:
        try:
            return bytes(pyrage.decrypt(locked, self._identities))
        except (pyrage.DecryptError, OSError) as problem:
            raise _unopened(file, problem) from None


def _unopened(file: Path, problem: Exception) -> NotDone:
    """age names the key that a file is locked to by a tag: where no tag fits, the key is another, or that part of the file was altered."""
    if "matching keys" in str(problem):
        return NotDone(f"{file.name} does not open with this private key: it is another archive's, or the file was altered.")
    return NotDone(f"{file.name} was altered, or is not whole: {problem}. Restore to a moment before it, or from another archive.")


def new_key(file: Path) -> str:
    """Write a private key into a new file that only its owner reads, as age-keygen does, and give the public one. Raises FileExistsError."""
    own = x25519.Identity.generate()
    public = str(own.to_public())
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
        new.write(f"# public key: {public}\n{own}\n")
    return public


def written(file: Path, parts: Sequence[bytes], *, is_durable: bool) -> None:
    """Write a file beside its place, and put it there once it is whole and on the disk."""
    beside = file.with_name(f"{file.name}.new")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as new:
        new.writelines(parts)
        new.flush()
        if is_durable:
            os.fsync(new.fileno())
    beside.replace(file)
    if is_durable:
        settle(file.parent)


def settle(folder: Path) -> None:
    """Until the disk knows the names in a folder."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
