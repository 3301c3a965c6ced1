"""The parsers of what comes from outside, for `bench fuzz`: each as a function of bytes, by what it may refuse, and with what it is begun."""

import io
import json
import sys
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

KEY = bytes(range(32))
Parse = Callable[[bytes], object]


@dataclass(frozen=True)
class Parser:
    """One parser. `modules`: what is watched for what it reaches; `made`: gives the function, and the exceptions that are its clear refusals;
    `seeds`: which beasts (bench/beasts.py) it is begun with, beside `words`; `longest`: bytes.
    """

    modules: tuple[str, ...]
    made: Callable[[Path], tuple[Parse, tuple[type[BaseException], ...]]]
    seeds: str = ""
    words: tuple[bytes, ...] = ()
    longest: int = 4_096


def _reader(work: Path) -> tuple[Any, tuple[type[BaseException], ...]]:
    reader = import_module("atlas.feeds.reading_child")
    return reader, (reader.Problem,)


def table(work: Path) -> tuple[Parse, tuple[type[BaseException], ...]]:
    """A partner's table, and each of its rows as the police's columns clean it."""
    reader, refusals = _reader(work)
    layouts, forces, feeds = import_module("atlas.feeds.layouts"), import_module("atlas.feeds.police"), import_module("atlas.missing.feeds")
    act, codes = import_module("atlas.gate.act"), {"sex": {"F": "F"}, "grade": {}, "status": {}}
    force = next(iter(forces.forces().values()))

    def parse(content: bytes) -> None:
        out, held = io.StringIO(), sys.stdout
        sys.stdout = out
        try:
            reader.read_csv("odd.csv", io.BufferedReader(io.BytesIO(content)))
        finally:
            sys.stdout = held
        for line in out.getvalue().splitlines()[:50]:
            cells = force.cells(json.loads(line)["cells"])
            cleaned = layouts.clean(forces.TABLE, cells, lambda of, code: codes[of].get(code))
            feeds._check(cleaned.values, import_module("tests.factories").NOW)

    return parse, (*refusals, act.Invalid)


def packed(work: Path) -> tuple[Parse, tuple[type[BaseException], ...]]:
    """A zip or a workbook, as it lies on the disk."""
    reader, refusals = _reader(work)
    return _of_a_file(work, lambda path: reader.main(str(path), path.name)), (*refusals, MemoryError)


def sheet(work: Path) -> tuple[Parse, tuple[type[BaseException], ...]]:
    """The XML of a sheet, of the words shared, and of what names them, in a workbook that is whole."""
    reader, refusals = _reader(work)
    packing = import_module("bench.beasts_packed")

    def parse(content: bytes) -> None:
        kind, text = content[:1], content[1:].decode("utf-8", "surrogateescape")
        made = text if kind < b"\x80" else "<sheetData/>"
        book = packing.workbook(
            *[made.encode("utf-8", "replace").decode()], strings="" if kind < b"\x80" else text.encode("utf-8", "replace").decode()
        )
        (work / "given").write_bytes(book)
        _silently(lambda: reader.main(str(work / "given"), "given"))

    return parse, (*refusals, MemoryError)


def returned(work: Path) -> tuple[Parse, tuple[type[BaseException], ...]]:
    """A return of looked-after children, CSV or XML, as far as its tables."""
    staging, xml, duckdb = (
        import_module("atlas.returns.checking.staging"),
        import_module("atlas.returns.checking.xml"),
        import_module("duckdb"),
    )
    engine = duckdb.connect(config={"threads": 1, "memory_limit": "384MB", "temp_directory": ""})
    staging.begin(engine)

    def parse(content: bytes) -> None:
        path = work / "given"
        path.write_bytes(content)
        given = staging.Given(path, "odd.csv")
        engine.execute("BEGIN")
        try:
            (xml.stage_xml if xml.is_xml(given) else staging.stage_csv)(engine, given, 2025, work, set())
        finally:
            engine.execute("ROLLBACK")
            for table in ("missing", "header", "episodes"):
                engine.execute(f"DROP TABLE IF EXISTS {table}_rejected; DROP TABLE IF EXISTS {table}_scanned")

    return parse, (staging.Problem,)


def picture(work: Path) -> tuple[Parse, tuple[type[BaseException], ...]]:
    """A photograph, as the drawer in its own process sees it."""
    drawer, pillow = import_module("atlas.design.pictures_child"), import_module("PIL.Image")
    drawer.Image, drawer.ImageOps = pillow, import_module("PIL.ImageOps")  # type: ignore[attr-defined]
    for kind in ("JpegImagePlugin", "PngImagePlugin"):
        import_module(f"PIL.{kind}")
    return lambda content: drawer.drawn(content, 1_200, 50_000_000), ()


def call(work: Path) -> tuple[Parse, tuple[type[BaseException], ...]]:
    """The body of a call of the API, as each of its schemas, with every moment in it as the commands take it."""
    pydantic = import_module("pydantic")
    episodes, interviews, copies = (
        import_module(f"atlas.{name}") for name in ("missing.api.episodes", "missing.api.interviews", "copies.api")
    )
    schemas = [one for where in (episodes, interviews, copies) for name, one in vars(where).items() if name.endswith("Said")]

    def parse(content: bytes) -> None:
        said = json.loads(content)
        for schema in schemas:
            try:
                one = schema.model_validate(said)
            except pydantic.ValidationError:
                continue
            for moment in (value.moment for _, value in one if hasattr(value, "moment")):
                _ = moment.earliest, moment.latest, moment.words(), moment.day

    return parse, (ValueError, RecursionError, import_module("atlas.gate.act").Invalid)


def token(work: Path) -> tuple[Parse, tuple[type[BaseException], ...]]:
    """The token that signs a call: forged, and (after a NUL) its claims, signed by a key that holds."""
    signing, jwt, days = import_module("atlas.systems.signing"), import_module("jwt"), import_module("datetime")
    private = import_module("cryptography.hazmat.primitives.asymmetric.ed25519").Ed25519PrivateKey.from_private_bytes(KEY)
    public, now = private.public_key().public_bytes_raw().hex(), days.datetime(2026, 5, 5, tzinfo=days.UTC)

    def parse(content: bytes) -> None:
        text = content.decode("utf-8", "replace")
        if content[:1] == b"\x00":
            try:
                said = json.loads(content[1:])
                text = jwt.encode(said if isinstance(said, dict) else {}, private, algorithm="EdDSA")
            except (ValueError, TypeError, RecursionError):
                return  # no claims that anybody could sign
        signing.issuer(text)
        signing.read(text, public, signing.Asked("POST", "/api/v1/x", b"{}"), "http://127.0.0.1/", now)

    return parse, (signing.NotSigned,)


def receipt(work: Path) -> tuple[Parse, tuple[type[BaseException], ...]]:
    """A receipt of the main case system, from the folder in which it lies."""
    channels = import_module("atlas.copies.channels")
    (work / "receipts").mkdir(exist_ok=True)

    def parse(content: bytes) -> None:
        (work / "receipts/odd.json").write_bytes(content)
        list(channels.receipts_in(work))

    return parse, ()


def pack(work: Path) -> tuple[Parse, tuple[type[BaseException], ...]]:
    """An emergency pack: its outside, and what is locked in it (after a NUL), by whoever holds the team's public key."""
    opener, zlib = import_module("open_pack"), import_module("zlib")
    public = opener.X25519PrivateKey.from_private_bytes(KEY).public_key().public_bytes_raw()
    header = {"pack": "1", "team": "Duty", "made_at": "2026-05-05", "key": "1"}

    def parse(content: bytes) -> None:
        if content[:1] == b"\x00":
            line = json.dumps(header, sort_keys=True).encode()
            own = opener.X25519PrivateKey.from_private_bytes(KEY[::-1])
            sender = own.public_key().public_bytes_raw()
            key = opener.key_of(own.exchange(opener.X25519PublicKey.from_public_bytes(public)), sender, public)
            sealed = opener.ChaCha20Poly1305(key).encrypt(bytes(12), zlib.compress(content[1:]), line)
            content = line + b"\n" + sender + bytes(12) + sealed
        opener.unlock(content, KEY)

    return parse, (opener.Shut,)


def words(work: Path) -> tuple[Parse, tuple[type[BaseException], ...]]:
    """What partners type: an address, a telephone number, a name, a date, an NHS number, a share of a key, a browser's report, a question to the unsealer."""
    connections, moments, layouts = (
        import_module(f"atlas.{name}") for name in ("connections.rules", "chronology.moments", "feeds.layouts")
    )
    people, shares, reports, unsealer = (
        import_module(f"atlas.{name}") for name in ("people.rules", "sealed.shares", "config.browser_reports", "sealed.unsealer")
    )
    asks: tuple[Parse, ...] = (
        lambda given: connections.dwelling(given.decode("utf-8", "replace"), "AB1 2CD"), lambda given: connections.telephone(given.decode("utf-8", "replace")),
        lambda given: moments.from_iso(given.decode("utf-8", "replace")).words(), lambda given: moments.written(given.decode("utf-8", "replace")).words(),
        lambda given: people.name_key(given.decode("utf-8", "replace")), lambda given: people.nhs_number(given.decode("utf-8", "replace")),
        lambda given: layouts.time_of(given.decode("utf-8", "replace")), lambda given: shares.recovered(given.decode("utf-8", "replace").split("|")),
        reports._said, unsealer._understood,
    )  # fmt: skip

    def parse(content: bytes) -> None:
        asks[content[0] % len(asks) if content else 0](content[1:])

    return parse, (ValueError, shares.WrongShares, unsealer.NotUnderstood)


def fault(parse: Parse, refusals: tuple[type[BaseException], ...], content: bytes) -> BaseException | None:
    """What a parser raises of these bytes that is none of its clear refusals."""
    try:
        parse(content)
    except refusals:
        pass
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as problem:  # what a native library raises where it gives up is no Exception
        return problem
    return None


def kind_of(problem: BaseException) -> str:
    """By what two faults are one."""
    frames = traceback.extract_tb(problem.__traceback__)
    if type(problem) is RecursionError:
        return f"RecursionError under {frames[2].name}"
    return f"{type(problem).__name__} {Path(frames[-1].filename).name}:{frames[-1].lineno}"


def _of_a_file(work: Path, act: Callable[[Path], object]) -> Parse:
    def parse(content: bytes) -> None:
        (work / "given").write_bytes(content)
        _silently(lambda: act(work / "given"))

    return parse


def _silently(act: Callable[[], object]) -> None:
    held, sys.stdout = sys.stdout, io.StringIO()
    try:
        act()
    finally:
        sys.stdout = held


CLAIMS = b'\x00{"iss":"00000000-0000-0000-0000-000000000007","sub":"00000000-0000-0000-0000-000000000007","aud":"http://127.0.0.1/","iat":1777939200,"exp":1777939230,'
CLAIMS += b'"jti":"00000000000000000000000000000000","htm":"POST","htu":"/api/v1/x","bsh":"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"}'
RECEIPT = b'{"layout":"atlas-receipt-1","copy":"00000000-0000-0000-0000-000000000007","state":"filed","reference":"M-1","filed_at":"2026-05-05T10:02:00+01:00"}'
CALLS = (
    b'{"reported":{"at":"2026-05-01T10:00:00+01:00","precision":"about"},"worry":"Not home","last_seen":{"on":"2026-05-01"},"risk_factors":[]}',
    b'{"method":"phone","offered":{"on":"0001-01-01"},"answer":"thinking"}', b'{"returned":{"at":"2026-10-25T01:30:00+00:00"},"returned_to":"home"}',
    b'{"state":"filed","reference":"M-1","filed_at":"2026-05-05T10:02:00+01:00"}', b'{"meets_at":"9999-12-31T23:59:59-14:00","place":"a cafe"}',
)  # fmt: skip
TYPED = tuple(
    bytes([place]) + word
    for place, word in enumerate((
        b'{"ADDR1":"1 High Street"}', b"+44 7700 900123", b"2026-10-25T01:30:00+00:00", b"2 May 2025 14:00 BST", b"O'Neil-Smith", b"943 476 5919", b"27/03/2026 14:05",
        b"1-00000000-00000000|2-00000000", b'{"csp-report":{"effective-directive":"script-src","blocked-uri":"inline"}}',
        b'{"verb":"open","child":"00000000-0000-0000-0000-000000000007","token":"t","kind":"home","reason":"r","door":{}}',
    ))
)  # fmt: skip
SHEETS = (
    b'\x00<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c t="s"><v>0</v></c></row></sheetData>', b"\x81<si><t>a</t></si>",
    b'\x00<dimension ref="A1:B2"/><sheetData><row r="2"><c r="B2" t="d"><v>2026-05-05</v></c></row></sheetData>',
)  # fmt: skip
OF_WORDS = (
    "atlas.connections.rules",
    "atlas.chronology.moments",
    "atlas.feeds.layouts",
    "atlas.people.rules",
    "atlas.sealed",
    "atlas.config.browser_reports",
)
PARSERS: dict[str, Parser] = {
    "table": Parser(("atlas.feeds", "atlas.missing.feeds"), table, "delivery", longest=8_192),
    "packed": Parser(("atlas.feeds.reading_child", "zipfile"), packed, "workbook", longest=16_384),
    "sheet": Parser(("atlas.feeds.reading_child",), sheet, words=SHEETS),
    "return": Parser(("atlas.returns",), returned, "return", longest=8_192),
    "picture": Parser(("PIL.JpegImagePlugin", "PIL.PngImagePlugin", "PIL.TiffImagePlugin", "atlas.design.pictures_child"), picture, "picture", longest=16_384),
    "call": Parser(("atlas.missing.api", "atlas.copies", "atlas.chronology"), call, "call", CALLS, 8_192),
    "token": Parser(("atlas.systems.signing", "jwt"), token, words=(CLAIMS, b"e30.e30.x")),
    "receipt": Parser(("atlas.copies",), receipt, "receipt", (RECEIPT,), 8_192),
    "pack": Parser(("open_pack",), pack, words=(b'{"pack":"1","team":"a","made_at":"b","key":"c"}\n' + bytes(99), b'\x00{"page":"<p>","children":["a"]}'), longest=8_192),
    "words": Parser(OF_WORDS, words, words=TYPED, longest=8_192),
}  # fmt: skip


# What is put in anywhere, beside what libFuzzer thinks of: the ends of the calendar and of its zones, what nests, what other alphabets count with.
TOKENS = (
    "0001-01-01", "9999-12-31", "T00:00:00", "T23:59:59", "+14:00", "-14:00", "+23:59", "29/02/2100", "1900-02-29", "[" * 60, '{"a":' * 12, "NaN", "Infinity", "1e999",
    "9" * 60, "٣", "２", "\u202e", "\\ud800", "\\u0000", "<![CDATA[", "&#0;", "<!DOCTYPE", "EdDSA", "none", '"iat":', '"exp":',
)  # fmt: skip


def dictionary() -> str:
    """These words as libFuzzer reads them: every byte by its number."""
    return "".join('"' + "".join(f"\\x{byte:02x}" for byte in word.encode()) + '"\n' for word in TOKENS)


def seeds(parser: Parser) -> Iterable[bytes]:
    """With what a parser is begun: beasts that are not longer than it is given, and words of its own."""
    yield from parser.words
    if parser.seeds:
        for make in import_module("bench.beasts").FOR[parser.seeds].values():
            if len(content := make()) <= parser.longest:
                yield content
    if b"{" in b"".join(parser.words):
        yield from (
            first + nested * 2_000
            for first in {word[:1] if word[:1] < b"\x0a" else b"" for word in parser.words}
            for nested in (b"[", b'{"":')
        )
