"""What the guards read: our own files, their trees, the pages, the commands, and the words that a person may see."""

import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from atlas.api import api

ROOT = Path(__file__).resolve().parents[2]
ATLAS = ROOT / "atlas"
SOURCES = [path for path in sorted(ATLAS.rglob("*.py")) if "migrations" not in path.parts]


def name_of(path: Path) -> str:
    """A file's place below atlas/, as the tables of exceptions name it."""
    return path.relative_to(ATLAS).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    """A file's syntax tree, read once."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Every node of a file's syntax tree, walked once."""
    return tuple(ast.walk(tree(path)))


def functions(path: Path) -> "Iterator[ast.FunctionDef | ast.AsyncFunctionDef]":
    """Every function of a file, those inside others too."""
    return (node for node in nodes(path) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Every module that a file may mean by its imports, with the line: `from a.b import c` may mean a.b and a.b.c."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def kept() -> list[Path]:
    """Every file that is kept with the code: all below the root but what .gitignore names."""
    ignored = [".git", *(line.rstrip("/") for line in (ROOT / ".gitignore").read_text().split())]
    return [
        path
        for path in sorted(ROOT.rglob("*"))
        if path.is_file() and not any(fnmatch(part, mark) for part in path.relative_to(ROOT).parts for mark in ignored)
    ]


@cache
def pages() -> "list[tuple[str, str, Any]]":
    """(path, name with its folder, view) of every page. What the HTTP API answers is in `operations`."""
    return [one for one in _pages(get_resolver()) if not one[1].startswith("api:")]


@cache
def operations() -> "list[tuple[str, str, Any]]":
    """(method, path, function) of everything that the HTTP API answers."""
    held = [(router.prefix, path, one) for router in api._get_bound_routers() for path, one in router.path_operations.items()]
    found = [
        (method, f"/api/v1{prefix}{path}", operation.view_func)
        for prefix, path, one in held
        for operation in one.operations
        for method in operation.methods
    ]
    answered = {where for where, name, _ in _pages(get_resolver()) if name.startswith("api:")}
    assert answered == {where.removeprefix("/").replace("{pk}", "<pk>").rstrip("/") for _, where, _ in found}, answered
    return found


def _pages(resolver: URLResolver, before: str = "", folder: str = "") -> "Iterator[tuple[str, str, Any]]":
    for entry in resolver.url_patterns:
        where = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _pages(entry, where, f"{entry.namespace}:" if entry.namespace else folder)
        elif isinstance(entry, URLPattern):
            yield where, f"{folder}{entry.name}", entry.callback


def gated_pages() -> "list[tuple[str, str, Any]]":
    """The pages that are pages of the gate."""
    return [(where, name, view) for where, name, view in pages() if hasattr(view, "needs")]


@cache
def commands() -> "dict[str, Any]":
    """Every command by its name."""
    found = {}
    for path in command_files():
        module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))
        for name, function in vars(module).items():
            if hasattr(function, "needs") and function.__module__ == module.__name__:
                found[name] = function
    return found


def command_files() -> list[Path]:
    """The files that hold a folder's verbs: `commands.py`, or those of the folder `commands`."""
    return [path for path in SOURCES if path.relative_to(ATLAS).with_suffix("").parts[1:2] == ("commands",)]


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """The texts of a Python file that a person may come to see, with the line: all but docstrings."""
    told = {
        id(node.body[0].value)
        for node in nodes(path)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in nodes(path):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.lineno, node.value


def shown_in(path: Path) -> str:
    """The words of a template, without its tags, its own statements and their names."""
    text = re.sub(r"{#.*?#}|{%.*?%}|<(script|style).*?</\1>", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    said = " ".join(re.findall(r"\"([^\"]*)\"", " ".join(re.findall(r"{{.*?}}", text, flags=re.DOTALL))))
    seen = " ".join(re.findall(r"(?:aria-label|alt|title|placeholder)=\"([^\"]*)\"", text))
    return " ".join([re.sub(r"<[^>]*>", " ", re.sub(r"{{.*?}}", " ", text, flags=re.DOTALL)), said, seen])
