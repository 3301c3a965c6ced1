"""Hostile files, made by code (protection.md section 6, hostile files; table E, E1): tables, XML, JSON and pictures; the packed are in beasts_packed."""

import json
import random
import struct
import zlib
from io import BytesIO

from PIL import Image

from bench.beasts_packed import LARGE as LARGE_PACKED
from bench.beasts_packed import LAUGHS, OUTSIDE, POLICE, REPORT, WORKBOOKS, ZIPS, Makers, zipped

RETURN = "CHILD,DOB,MISSING,MIS_START,MIS_END\n"
SPELL = "1,01/05/2010,M,01/12/2024,02/12/2024\n"
# What somebody may put into one cell, one box or one field.
WORDS = (
    "=cmd|' /C calc'!A0", "@SUM(1+1)*cmd", "+1", "-1", "\tx", "\u202egnp.exe", "a\u200b\u200d\ufeffb", "‮⁦x⁩", "9" * 5_000, "-" + "9" * 400, "1e999", "NaN",
    "31/02/2025", "00/00/0000", "99/99/9999", "31/12/9999", "01/01/0001", "9999-12-31T23:59:59+14:00", "0001-01-01T00:00:00-14:00", "29/02/2025 25:61",
    "１２/０３/２０２５", "٣/٣/٢٠٢٥", "<script>alert(1)</script>", "{{7*7}}", "%s%n", "' OR 1=1 --", "${jndi:ldap://x}", "../../etc/passwd", "\U0001f9d2" * 500,
    "x" * 32_000, "\r", "\x0b\x1c\x85", "\u2028", "İ", "ß" * 99, "\ufdfd" * 99, "NULL", "e\u0301" * 999,
)  # fmt: skip


def table(heading: str, line: str) -> Makers:
    """What a table of this heading and this good line may be made into."""
    width, good = heading.count(",") + 1, (heading + line).encode()
    return {
        "nothing": lambda: b"",
        "white space": lambda: b" \r\n\t\n " * 999,
        "a heading alone": lambda: heading.encode(),
        "quote that nothing closes": lambda: good + b'"NM/2,' + line.encode() * 2_000,
        "quote in the heading that nothing closes": lambda: b'"' + good + line.encode() * 2_000,
        "quotes by thousands": lambda: good + b'"' * 100_001 + b"\n",
        "million columns": lambda: heading.rstrip().encode() + b",x" * 1_000_000 + b"\n" + line.encode(),
        "million cells in a row": lambda: good + b"x," * 1_000_000 + b"\n",
        "cell of a megabyte": lambda: good + b"x" * 1_000_000 + b"," * (width - 1) + b"\n",
        "heading of a megabyte": lambda: b"x" * 1_000_000 + b"\n" + line.encode(),
        "same column twice": lambda: heading.replace("\n", f",{heading.split(',')[0]}\n").encode() + line.encode(),
        "NUL": lambda: heading.encode() + line.encode().replace(b"1", b"\x00", 1),
        "NUL far down": lambda: good + line.encode() * 3_000 + line.encode().replace(b"1", b"\x00", 1),
        "byte-order mark twice": lambda: b"\xef\xbb\xbf\xef\xbb\xbf" + good,
        "overlong letters": lambda: good.replace(b"01", b"\xc0\xaf\xe0\x80\xaf"),
        "two encodings": lambda: good + line.encode() * 2_000 + line.replace("1", "é", 1).encode("latin-1"),
        "two encodings, in doubt": lambda: heading.encode() + line.replace("1", "é", 1).encode() + line.replace("1", "\x81é", 1).encode("latin-1"),
        "carriage returns alone": lambda: good.replace(b"\n", b"\r"),
        "control characters": lambda: good.replace(b"1", bytes(range(1, 9)) + b"\x0b\x0c\x1b\x7f", 1),
        "half a surrogate": lambda: good.replace(b"1", b"\xed\xa0\x80", 1),
        "one line of ten megabytes": lambda: b"x" * 10_000_000,
        "hostile words in every cell": lambda: heading.encode() + "".join(",".join([f'"{word}"'] * width) + "\n" for word in WORDS).encode(),
        "semicolons": lambda: good.replace(b",", b";"),
        "cut short": lambda: good[:-20],
        "a web page": lambda: b"<!doctype html><script>alert(1)</script>",
        "a PDF": lambda: b"%PDF-1.7\n%\xe2\xe3",
        "a program": lambda: b"MZ\x90\x00" + b"\x00" * 99,
        "a program for Linux": lambda: b"\x7fELF\x02\x01\x01" + b"\x00" * 99,
        "chance": lambda: random.Random(8).randbytes(50_000),
        "chance without NUL": lambda: random.Random(8).randbytes(50_000).replace(b"\x00", b"x"),
    }  # fmt: skip


def in_other_letters(heading: str, line: str) -> Makers:
    """The same table in encodings that it should not be in."""
    return {
        "UTF-16 with an odd byte": lambda: (heading + line).encode("utf-16") + b"\x41",
        "UTF-16 with half a letter": lambda: (heading + line).encode("utf-16") + b"\x00\xd8,\x00",
        "UTF-16 and nothing": lambda: b"\xff\xfe",
        "UTF-16 with NUL": lambda: (heading + line.replace("1", "\x00", 1)).encode("utf-16"),
        "UTF-16 with NUL in the heading": lambda: (heading.replace(",", "\x00,") + line).encode("utf-16"),
        "UTF-16 with NUL far down": lambda: (heading + line * 3_000 + line.replace("1", "\x00", 1)).encode("utf-16"),
        "UTF-32": lambda: (heading + line).encode("utf-32"),
        "Latin-1": lambda: heading.encode() + line.replace("1", "é", 1).encode("latin-1"),
    }  # fmt: skip


def returned(inner: str, before: str = "", after: str = "") -> bytes:
    """An XML return that holds this."""
    return f"{before}<EXPSSDA903>{inner}</EXPSSDA903>{after}".encode()


CHILD = "<CHILD><HEADER><CHILD>1</CHILD><DOB>01/05/2010</DOB></HEADER><AMISSING><MISSING>M</MISSING><MIS_START>01/12/2024</MIS_START></AMISSING></CHILD>"
XML: Makers = {
    "XML, entities that multiply": lambda: returned("<CHILD>&x11;</CHILD>", LAUGHS),
    "XML, entities that multiply flatly": lambda: returned("<CHILD>" + "&a;" * 50_000 + "</CHILD>", f"<!DOCTYPE r [<!ENTITY a '{'a' * 50_000}'>]>"),
    "XML, entities from outside": lambda: returned("<CHILD>&x0;&x1;</CHILD>", OUTSIDE),
    "XML, parameter entities": lambda: returned(CHILD, "<!DOCTYPE r SYSTEM 'http://127.0.0.1:9/x.dtd' [<!ENTITY % p SYSTEM 'file:///etc/passwd'> %p;]>"),
    "XML, XInclude": lambda: returned("<CHILD><x:include xmlns:x='http://www.w3.org/2001/XInclude' parse='text' href='file:///etc/passwd'/></CHILD>"),
    "XML, nested": lambda: returned("<CHILD>" * 300_000),
    "XML, nested and closed": lambda: returned("<CHILD>" * 100_000 + "</CHILD>" * 100_000),
    "XML, nested in a child": lambda: returned(f"<CHILD>{'<x>' * 100_000}{'</x>' * 100_000}</CHILD>"),
    "XML, attributes by thousands": lambda: returned("<CHILD" + "".join(f" a{n}=''" for n in range(100_000)) + "/>"),
    "XML, a name of a megabyte": lambda: returned(f"<{'x' * 1_000_000}/>"),
    "XML, a value of ten megabytes": lambda: returned(CHILD.replace("M<", f"{'x' * 10_000_000}<")),
    "XML, a comment of ten megabytes": lambda: returned(f"<!--{'x' * 10_000_000}-->{CHILD}"),
    "XML, elements that are none": lambda: returned("<x/>" * 500_000 + CHILD),
    "XML, hostile words": lambda: returned("".join(CHILD.replace("M<", f"<![CDATA[{word}]]><") for word in WORDS if word.isprintable())),
    "XML, characters that may not be": lambda: returned(CHILD.replace("M<", "&#0;&#xFFFE;<")),
    "XML, other names of the same space": lambda: b"<a:EXPSSDA903 xmlns:a='x'><a:CHILD/></a:EXPSSDA903>",
    "XML, UTF-7": lambda: returned("+ADw-CHILD+AD4-", "<?xml version='1.0' encoding='utf-7'?>"),
    "XML, an encoding nobody knows": lambda: returned(CHILD, "<?xml version='1.0' encoding='rot13'?>"),
    "XML, UTF-16 that says UTF-8": lambda: ("<?xml version='1.0' encoding='utf-8'?>" + returned(CHILD).decode()).encode("utf-16"),
    "XML, cut short": lambda: returned(CHILD * 99)[:-60],
    "XML, two roots": lambda: returned(CHILD, after=returned(CHILD).decode()),
    "XML, instructions": lambda: b"<?xml-stylesheet href='http://127.0.0.1:9'?>" * 9_999 + returned(CHILD),
}  # fmt: skip

_DEEP = 100_000
JSON: Makers = {
    "JSON, nested lists": lambda: b"[" * _DEEP,
    "JSON, nested and closed": lambda: b"[" * _DEEP + b"]" * _DEEP,
    "JSON, nested objects": lambda: b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
    "JSON, a number of thousands of figures": lambda: b'{"worry":' + b"9" * 50_000 + b"}",
    "JSON, numbers that are none": lambda: b'{"worry":NaN,"reported":{"at":Infinity}}',
    "JSON, a number too large": lambda: b'{"worry":1e999,"reported":{"at":1e999}}',
    "JSON, the same name twice": lambda: b'{"worry":"a","worry":"b"}',
    "JSON, half a surrogate": lambda: b'{"reported":{"at":"2026-05-01T10:00:00+01:00"},"worry":"\\ud800"}',
    "JSON, NUL": lambda: b'{"reported":{"at":"2026-05-01T10:00:00+01:00"},"worry":"a\\u0000b"}',
    "JSON, NUL in a name": lambda: b'{"reported":{"at":"2026-05-01T10:00:00+01:00"},"worry":"a","a\\u0000b":1}',
    "JSON, NUL in the bytes": lambda: b'{"worry":"a\x00b"}',
    "JSON, invalid UTF-8": lambda: b'{"worry":"\xff\xfe\xc0\xaf"}',
    "JSON, UTF-16": lambda: '{"worry":"x"}'.encode("utf-16"),
    "JSON, no object": lambda: b"null",
    "JSON, a list": lambda: b"[1,2,3]",
    "JSON, a string": lambda: b'"x"',
    "JSON, nothing": lambda: b"",
    "JSON, cut short": lambda: b'{"worry":"x',
    "JSON, too long": lambda: json.dumps({"worry": "x" * 300_000}).encode(),
    "JSON, thousands of names": lambda: json.dumps({f"a{n}": n for n in range(15_000)}).encode(),
    **{
        f"JSON, the date {day}": lambda day=day: json.dumps({"reported": {"at": day}, "worry": "x"}).encode()  # type: ignore[misc]
        for day in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-02-30T10:00:00Z", "1e9", "-1", "9" * 40, "2026-05-01T10:00:00+99:99")
    },
}  # fmt: skip


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int, height: int, *, colour: int = 2, depth: int = 8, more: bytes = b"", pixels: bytes | None = None) -> bytes:
    """A PNG that says it is so large; its pixels, if not given, are black and all there."""
    channels = {0: 1, 2: 3, 3: 1, 6: 4}[colour]
    if pixels is None:
        deflate = zlib.compressobj(9)
        line = b"\x00" * (1 + width * channels * depth // 8)
        pixels = b"".join(deflate.compress(line) for _ in range(height)) + deflate.flush()
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + more + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def jpeg(width: int = 60, height: int = 40, **options: object) -> bytes:
    """A plain JPEG."""
    out = BytesIO()
    Image.effect_noise((width, height), 50).convert("RGB").save(out, "JPEG", **options)
    return out.getvalue()


def _says(picture: bytes, width: int, height: int) -> bytes:
    """The same JPEG, which says that it is of another size."""
    at = next(place for mark in (b"\xff\xc0", b"\xff\xc2") if (place := picture.find(mark)) > 0)
    return picture[: at + 5] + struct.pack(">HH", height, width) + picture[at + 9 :]


def _with_exif(content: bytes, picture: bytes | None = None) -> bytes:
    picture = picture or jpeg()
    return picture[:2] + b"\xff\xe1" + struct.pack(">H", len(content) + 8) + b"Exif\x00\x00" + content + picture[2:]


def _exif(entries: "list[tuple[int, int, int, int]]") -> bytes:
    held = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\x00\x08\x00\x00\x00" + struct.pack("<H", len(entries)) + held + b"\x00\x00\x00\x00"


def scans(times: int, size: int = 6_900) -> bytes:
    """A progressive JPEG of almost nothing whose one scan stands there many times: each costs the reader the whole picture."""
    out = BytesIO()
    Image.new("L", (size, size)).save(out, "JPEG", progressive=True, quality=1)
    held = out.getvalue()
    last = held.rfind(b"\xff\xda")
    return held[:last] + held[last:-2] * times + b"\xff\xd9"


def saved(kind: str, **options: object) -> bytes:
    """A small picture of another kind."""
    out = BytesIO()
    Image.new("RGB", (40, 40)).save(out, kind, **options)
    return out.getvalue()


PICTURES: Makers = {
    "picture that says it is huge": lambda: png(60_000, 60_000, pixels=zlib.compress(b"\x00" * 999)),
    "picture of no size": lambda: png(0, 0),
    "picture of the most pixels": lambda: png(10_000, 5_000),
    "picture of the most pixels, with depth": lambda: png(10_000, 5_000, colour=6, depth=16),
    "picture of a line": lambda: png(49_000_000, 1, colour=0),
    "picture with a text that unpacks to much": lambda: png(20, 20, more=_chunk(b"zTXt", b"a\x00\x00" + zlib.compress(b"0" * 80_000_000, 9))),
    "picture with a profile that unpacks to much": lambda: png(20, 20, more=_chunk(b"iCCP", b"a\x00\x00" + zlib.compress(b"0" * 80_000_000, 9))),
    "picture without its palette": lambda: png(20, 20, colour=3),
    "picture that is cut short": lambda: jpeg(400, 400)[:2_000],
    "PNG that is cut short": lambda: png(400, 400)[:60],
    "PNG whose pixels are more than it says": lambda: png(20, 20, pixels=zlib.compress(b"\x00" * 50_000_000, 9)),
    "JPEG that says it is huge": lambda: _says(jpeg(), 65_500, 65_500),
    "JPEG that says it is of the most pixels": lambda: _says(jpeg(), 7_000, 7_000),
    "JPEG of many scans": lambda: scans(120),
    "JPEG with a place": lambda: jpeg(exif=_place()),
    "JPEG whose notes lead nowhere": lambda: _with_exif(_exif([(0x0112, 3, 1, 99), (0x8825, 4, 1, 0xFFFFFFF0), (0x8769, 4, 1, 8)])),
    "JPEG whose notes lead in a ring": lambda: _with_exif(_exif([(0x8769, 4, 1, 8), (0x8825, 4, 1, 8)])),
    "JPEG whose notes are of no kind": lambda: _with_exif(_exif([(0x0112, 2, 0xFFFFFFFF, 6), (0x0112, 5, 1, 8), (0x0112, 12, 9, 2)])),
    "JPEG whose notes are chance": lambda: _with_exif(random.Random(8).randbytes(9_000)),
    "JPEG whose notes are cut short": lambda: _with_exif(b"II*\x00\x08\x00\x00\x00\x09\x00"),
    "picture that is a web page too": lambda: jpeg(comment=b"<script>alert(1)</script>"),
    "picture with a zip after it": lambda: jpeg() + zipped({"a.exe": b"MZ"}),
    "web page": lambda: b"GIF89a<script>alert(1)</script>",
    "vector picture": lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><image href='file:///etc/passwd'/></svg>",
    "PostScript": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(%pipe%id) (w) file\n",
    "GIF": lambda: saved("GIF"), "TIFF": lambda: saved("TIFF"), "WebP": lambda: saved("WEBP"), "icon": lambda: saved("ICO"), "BMP": lambda: saved("BMP"),
    "nothing, for a picture": lambda: b"", "chance, for a picture": lambda: random.Random(8).randbytes(9_000),
    "JPEG of chance": lambda: b"\xff\xd8\xff\xe0" + random.Random(8).randbytes(9_000),
}  # fmt: skip


def _place() -> "Image.Exif":
    notes = Image.Exif()
    notes[0x0112] = 6
    notes.get_ifd(0x8825)[1] = "N"
    notes.get_ifd(0x8825)[2] = (51.5, 0.0, 0.0)
    return notes


LARGE: Makers = LARGE_PACKED | {
    "fifty megabytes of one heading": lambda: b"a," * 26_000_000,
    "fifty megabytes of reports": lambda: (POLICE + REPORT * 400_000).encode(),
    "fifty megabytes of new lines": lambda: b"\n" * 52_000_000,
    "fifty megabytes of quotes": lambda: b'"' * 52_000_000,
    "XML of fifty megabytes": lambda: returned(CHILD * 350_000),
    "XML of fifty megabytes, nested": lambda: returned("<a>" * 17_000_000),
    "JPEG of thousands of scans": lambda: scans(4_000),
}  # fmt: skip
TABLES = table(POLICE, REPORT) | in_other_letters(POLICE, REPORT)
RETURNS = table(RETURN, SPELL) | in_other_letters(RETURN, SPELL)
FOR = {  # which beasts each reader of the service is given
    "delivery": TABLES | ZIPS | WORKBOOKS | XML | JSON,
    "workbook": TABLES | ZIPS | WORKBOOKS,
    "return": RETURNS | XML | {name: (ZIPS | WORKBOOKS)[name] for name in ("bomb, flat", "entries by thousands", "workbook of formulas")},
    "picture": PICTURES | {name: ZIPS[name] for name in ("bomb, flat", "PDF that is a zip too")},
    "call": JSON,
    "receipt": JSON,
}  # fmt: skip
