"""The private key in three shares, of which any two give it back and one says nothing: Shamir's scheme over GF(256).

Written here, since no kept library does this alone (docs/adr/0013). Arithmetic as in AES (FIPS 197, 4.2: x^8 + x^4 + x^3 + x + 1); the shares are those of
draft-mcgrew-tss-03, whose published case the tests hold. Each share ends with a check of its own and of the key, so that a slip of the pen, or two
shares of different keys, are found out instead of giving a key that opens nothing.
"""

import secrets
from hashlib import sha256

OF, NEEDED = 3, 2
CHECK = 4


class WrongShares(ValueError):
    """These shares give no key: which, and what to do."""


def times(a: int, b: int) -> int:
    """The product of two bytes in GF(256)."""
    product = 0
    while b:
        if b & 1:
            product ^= a
        a = a << 1 ^ (0x11B if a & 0x80 else 0)
        b >>= 1
    return product


def inverse(a: int) -> int:
    """The byte by which a byte other than nought gives one: a to the power of 254."""
    power = 1
    for _ in range(254):
        power = times(power, a)
    return power


def points(secret: bytes, slope: bytes, numbers: range = range(1, OF + 1)) -> dict[int, bytes]:
    """For each number, the point of the straight line (byte by byte) that meets nought at the secret and has this slope."""
    return {number: bytes(s ^ times(r, number) for s, r in zip(secret, slope, strict=True)) for number in numbers}


def met(first: tuple[int, bytes], second: tuple[int, bytes]) -> bytes:
    """Where the line through two points meets nought."""
    (a, one), (b, other) = first, second
    over = inverse(a ^ b)
    return bytes(times(over, times(b, x) ^ times(a, y)) for x, y in zip(one, other, strict=True))


def split(secret: bytes) -> list[str]:
    """Three shares of a key, as texts to be written down: number, point, check."""
    line = points(secret, secrets.token_bytes(len(secret)))
    return [_text(number, point, _check(secret)) for number, point in line.items()]


def recovered(texts: list[str]) -> bytes:
    """The key that two (or three) shares give. Raises WrongShares."""
    read = [_read(text) for text in texts]
    if len({number for number, _, _ in read}) < NEEDED:
        raise WrongShares("Give two different shares.")
    (a, one, check), (b, other, _) = read[0], next(held for held in read[1:] if held[0] != read[0][0])
    secret = met((a, one), (b, other))
    if _check(secret) != check:
        raise WrongShares("These shares are not of one key. Look for the ones that were made on the same day.")
    return secret


def _check(of: bytes) -> bytes:
    return sha256(b"atlas share" + of).digest()[:CHECK]


def _text(number: int, point: bytes, check: bytes) -> str:
    body = point + check
    whole = (body + sha256(bytes([number]) + body).digest()[:CHECK]).hex()
    return f"{number}-" + "-".join(whole[place : place + 8] for place in range(0, len(whole), 8))


def _read(text: str) -> tuple[int, bytes, bytes]:
    number, _, rest = text.strip().partition("-")
    try:
        given = bytes.fromhex(rest.replace("-", "").replace(" ", ""))
        body, sum_ = given[:-CHECK], given[-CHECK:]
        if int(number) in range(1, OF + 1) and len(body) > CHECK and sha256(bytes([int(number)]) + body).digest()[:CHECK] == sum_:
            return int(number), body[:-CHECK], body[-CHECK:]
    except ValueError:
        pass
    raise WrongShares("This share is not as it was written down. Compare it sign by sign.")
