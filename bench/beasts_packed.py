"""Hostile zips and workbooks, made by code (protection.md section 6, hostile files): each a name and how its bytes are made."""

import io
import string
import struct
import zipfile
import zlib
from collections.abc import Callable

Makers = dict[str, Callable[[], bytes]]
POLICE = "MISPER REF,Forename(s),Surname,DOB,Sex,Last Seen,Reported,LA Notified,Risk,Status,Returned,Circumstances\n"
REPORT = "NM/1,Ashby,Example,04/03/2011,F,04/05/2026 18:00,04/05/2026 20:00,04/05/2026 20:10,Medium,Outstanding,,Not home\n"
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKED = "http://schemas.openxmlformats.org/package/2006/relationships"
LAUGHS = "<!DOCTYPE r [<!ENTITY x0 'ha'>" + "".join(f"<!ENTITY x{n} '{f'&x{n - 1};' * 10}'>" for n in range(1, 12)) + "]>"
OUTSIDE = "<!DOCTYPE r [<!ENTITY x0 SYSTEM 'file:///etc/passwd'><!ENTITY x1 SYSTEM 'http://127.0.0.1:9/x'>]>"


def zipped(entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these entries."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return out.getvalue()


def with_entry(entry: zipfile.ZipInfo, content: bytes = b"x") -> bytes:
    """A zip of one entry, described as given."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr(entry, content)
    return out.getvalue()


def link() -> bytes:
    """A zip whose entry is a link to a file of the server."""
    entry = zipfile.ZipInfo("passwords.csv")
    entry.external_attr = 0o120777 << 16
    return with_entry(entry, b"/etc/passwd")


def lying(packed: bytes, says: int) -> bytes:
    """The same zip, whose directory and headers say that every entry unpacks to so many bytes."""
    out = bytearray(packed)
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = out.find(mark)
        while at >= 0:
            out[at + place : at + place + 4] = struct.pack("<I", says)
            at = out.find(mark, at + 4)
    return bytes(out)


def flagged(packed: bytes, flag: int = 0, method: int | None = None) -> bytes:
    """The same zip, with a flag set or another method named in every header."""
    out = bytearray(packed)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = out.find(mark)
        while at >= 0:
            (held,) = struct.unpack_from("<H", out, at + place)
            struct.pack_into("<H", out, at + place, held | flag)
            if method is not None:
                struct.pack_into("<H", out, at + place + 2, method)
            at = out.find(mark, at + 4)
    return bytes(out)


def overlapping(entries: int = 1_900, kernel: int = 100_000) -> bytes:
    """A zip whose entries all stand in the same bytes: as much as may be unpacked, of almost nothing."""
    content = (POLICE + REPORT * (kernel // len(REPORT))).encode()
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = deflate.compress(content) + deflate.flush()
    crc = zlib.crc32(content)
    common = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, crc, len(packed), len(content), 5, 0)
    local = b"PK\x03\x04" + common + b"a.csv" + packed
    central = b""
    for _ in range(entries):
        central += b"PK\x01\x02" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, 0) + b"a.csv"
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, entries, entries, len(central), len(local), 0)
    return local + central + end


def workbook(sheet: str = "", *, strings: str = "", before: str = "", sheets: int = 1, more: "dict[str, bytes] | None" = None) -> bytes:
    """A workbook whose first sheet holds this XML; `before`: what stands before the first element of each part."""
    names = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="r{n}"/>' for n in range(1, sheets + 1))
    links = "".join(
        f'<Relationship Id="r{n}" Type="{LINKED}/worksheet" Target="worksheets/sheet{1 if n == 1 else 2}.xml"/>'
        for n in range(1, sheets + 1)
    )
    links += f'<Relationship Id="rs" Type="{LINKED}/sharedStrings" Target="sharedStrings.xml"/>'
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": f'<Relationships xmlns="{PACKED}"><Relationship Id="r1" Type="{LINKED}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKED}"><sheets>{names}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKED}">{links}</Relationships>',
        "xl/sharedStrings.xml": f'{before}<sst xmlns="{MAIN}">{strings}</sst>',
        "xl/worksheets/sheet1.xml": f'{before}<worksheet xmlns="{MAIN}">{sheet}</worksheet>',
        "xl/worksheets/sheet2.xml": f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>',
    }
    return zipped({name: text.encode() for name, text in parts.items()} | (more or {}))


def row(*cells: str, number: int = 1) -> str:
    """A row of a sheet, of inline text."""
    return f'<row r="{number}">{"".join(f"""<c t="inlineStr"><is><t>{cell}</t></is></c>""" for cell in cells)}</row>'


def corner(at: str, value: str = "1") -> str:
    """A sheet of two cells: the first, and one far away."""
    first = '<row r="1"><c r="A1" t="inlineStr"><is><t>MISPER REF</t></is></c></row>'
    last = f'<row r="{at.lstrip(string.ascii_uppercase)}"><c r="{at}"><v>{value}</v></c></row>'
    return f'<dimension ref="A1:{at}"/><sheetData>{first}{last}</sheetData>'


def many_rows(rows: int, cells: int) -> str:
    """A sheet of many rows of one word."""
    return f"<sheetData>{row('MISPER REF')}{row(*['x'] * cells) * rows}</sheetData>"


ZIPS: Makers = {
    "bomb, flat": lambda: zipped({"a.csv": b"0" * 30_000_000}),
    "bomb that lies about its size": lambda: lying(zipped({"a.csv": b"0,\n" * 10_000_000}), 50_000),
    "bomb by bzip2": lambda: zipped({"a.csv": b"0" * 30_000_000}, zipfile.ZIP_BZIP2),
    "bomb by bzip2 that lies": lambda: lying(zipped({"a.csv": b"0,\n" * 10_000_000}, zipfile.ZIP_BZIP2), 20),
    "bomb by lzma that lies": lambda: lying(zipped({"a.csv": b"0,\n" * 10_000_000}, zipfile.ZIP_LZMA), 5_000),
    "entries that overlap": overlapping,
    "archive in an archive": lambda: zipped({"a.zip": zipped({"b.zip": zipped({"c.csv": b"x"})})}),
    "archive that is called a table": lambda: zipped({"a.csv": zipped({"b.csv": b"0" * 1_000_000})}),
    "entries by thousands": lambda: zipped({f"{n}.csv": b"" for n in range(20_000)}),
    "climbs out": lambda: zipped({"../../etc/cron.d/a.csv": b"x"}),
    "climbs out by backslashes": lambda: zipped({"..\\..\\a.csv": b"x"}),
    "absolute": lambda: zipped({"/etc/a.csv": b"x"}),
    "absolute on Windows": lambda: zipped({"C" + ":\\a.csv": b"x"}),
    "link": link,
    "name with a newline and a bidirectional mark": lambda: zipped({"a\n\u202evsc.exe": b"x", "a\u202e.csv": b"x"}),
    "needs a password": lambda: flagged(zipped({"a.csv": POLICE.encode()}), flag=1),
    "method nobody knows": lambda: flagged(zipped({"a.csv": POLICE.encode()}), method=99),
    "cut short": lambda: zipped({"a.csv": (POLICE + REPORT * 99).encode()})[:200],
    "directory alone": lambda: zipped({})[:],
    "bytes changed inside": lambda: (lambda held: held[:60] + b"\xff" * 20 + held[80:])(zipped({"a.csv": (POLICE + REPORT * 99).encode()})),
    "PDF that is a zip too": lambda: b"%PDF-1.7\n" + zipped({"a.csv": POLICE.encode()}),
    "zip with a web page after it": lambda: zipped({"a.csv": (POLICE + REPORT).encode()}) + b"<script>alert(1)</script>",
}  # fmt: skip
WORKBOOKS: Makers = {
    "workbook that says it is huge": lambda: workbook('<dimension ref="A1:XFD1048576"/><sheetData/>'),
    "workbook with one cell far away": lambda: workbook(corner("XFD1048576")),
    "workbook with one cell far down": lambda: workbook(corner("A1048576")),
    "workbook with one cell beyond all": lambda: workbook(corner("ZZZZZZZ99999999999")),
    "workbook with entities that multiply": lambda: workbook(f"<sheetData>{row('&x11;')}</sheetData>", before=LAUGHS),
    "workbook with entities from outside": lambda: workbook(f"<sheetData>{row('&x0;', '&x1;')}</sheetData>", before=OUTSIDE),
    "workbook with a cell of a megabyte": lambda: workbook(f"<sheetData>{row('MISPER REF')}{row('xyz' * 400_000, number=2)}</sheetData>"),
    "workbook of formulas": lambda: workbook(
        '<sheetData><row r="1"><c r="A1" t="str"><f>cmd|\' /C calc\'!A0</f><v>MISPER REF</v></c></row><row r="2"><c r="A2" t="str"><f>WEBSERVICE("http://127.0.0.1:9")</f><v>=1+1</v></c></row></sheetData>'
    ),
    "workbook with macros": lambda: workbook("<sheetData/>", more={"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}),
    "workbook with macros under another name": lambda: workbook("<sheetData/>", more={"xl/VBAPROJECT.BIN": b"\xd0\xcf\x11\xe0"}),
    "workbook with an archive in it": lambda: workbook("<sheetData/>", more={"xl/embeddings/a.zip": zipped({"b": b"x"})}),
    "workbook whose strings are elsewhere": lambda: workbook('<sheetData><row r="1"><c r="A1" t="s"><v>99999999999</v></c></row></sheetData>'),
    "workbook of impossible numbers": lambda: workbook(
        f'<sheetData>{row("MISPER REF")}'
        '<row r="2"><c r="A2"><v>1e999</v></c><c r="B2"><v>NaN</v></c>'
        '<c r="C2" t="d"><v>99999-99-99T99:99</v></c><c r="D2" t="b"><v>7</v></c></row></sheetData>'
    ),
    "workbook of many sheets": lambda: workbook("<sheetData/>", sheets=5_000),
    "workbook of nested elements": lambda: workbook("<x>" * 200_000 + "</x>" * 200_000),
    "workbook without its parts": lambda: zipped({"[Content_Types].xml": b"", "a.xml": b"x"}),
    "workbook that is cut short": lambda: workbook(many_rows(500, 5))[:700],
    "workbook that lies about its size": lambda: lying(workbook(many_rows(40_000, 20)), 3_000),
    "workbook of NUL and control characters": lambda: workbook(f"<sheetData>{row('MISPER REF')}{row('a&#0;b', 'a_x0000_b', number=2)}</sheetData>"),
    "workbook in no encoding": lambda: workbook("<sheetData>\xff\xfe</sheetData>", before="<?xml version='1.0' encoding='utf-7'?>"),
    "binary workbook": lambda: zipped({"[Content_Types].xml": TYPES.encode(), "xl/workbook.bin": b"\x83\x01\x00" * 99, "xl/_rels/workbook.bin.rels": b"x"}),
    "workbook of old Excel": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 4_000,
}  # fmt: skip
LARGE: Makers = {  # too long to make in a test
    "bomb of a gigabyte": lambda: zipped({"a.csv": b"0,\n" * 350_000_000}),
    "workbook of three million cells": lambda: workbook(many_rows(300_000, 10)),
    "zip of many plain tables": lambda: zipped({f"{n}.csv": (POLICE + REPORT * 400).encode() for n in range(1_900)}, zipfile.ZIP_STORED),
}  # fmt: skip
