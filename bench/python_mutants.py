"""One small change at a time in the functions of a module: a comparison, a condition, a number, a word, what is returned. The code, and how it is put in place."""

import ast
import copy
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OTHER: dict[type, type] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And, ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr, ast.FloorDiv: ast.Mult, ast.Div: ast.Mult, ast.Mod: ast.Add, ast.BitXor: ast.BitOr,
}  # fmt: skip
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Change:
    """One change of one function: where, what, and the function's code with it."""

    qualname: str
    line: int
    what: str
    code: types.CodeType


def changes(path: Path) -> Iterator[Change]:
    """Every change of every function of a file that still compiles."""
    tree = ast.parse(path.read_text())
    for qualname, function in list(_functions(tree)):
        original = copy.deepcopy(function.body)
        for number in range(sum(len(_ways(node)) for node in _nodes(function))):
            node, (what, alter) = [(node, way) for node in _nodes(function) for way in _ways(node)][number]
            line, before = getattr(node, "lineno", function.lineno), ast.unparse(node)
            alter()
            code = _code_of(compile(ast.fix_missing_locations(tree), str(path), "exec"), qualname)
            yield Change(qualname, line, f"{before[:90]} ⇒ {what}", code)
            function.body = copy.deepcopy(original)


def _functions(tree: ast.AST, within: str = "") -> Iterator[tuple[str, Function]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Function):
            yield within + node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node, f"{within}{node.name}.")


def _nodes(function: Function) -> list[ast.AST]:
    """What may be changed: not the docstring, nor the words of an error, nor types."""
    found: list[ast.AST] = []
    pending: list[ast.AST] = list(function.body)
    if isinstance(function.body[0], ast.Expr) and isinstance(function.body[0].value, ast.Constant):
        pending = list(function.body[1:])
    while pending:
        node = pending.pop(0)
        if isinstance(node, ast.Raise | ast.Assert):
            continue
        found.append(node)
        pending += [node.value] if isinstance(node, ast.AnnAssign) and node.value else list(ast.iter_child_nodes(node))
    return found


def _ways(node: ast.AST) -> list[tuple[str, Callable[[], None]]]:
    """Each way in which a node may be changed: in words, and how."""
    ways: list[tuple[str, Callable[[], None]]] = []

    def way(what: str, name: str, value: Any, of: Any = node) -> None:
        ways.append((what, lambda: setattr(of, name, value)))

    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            if type(operator) in OTHER:
                other = OTHER[type(operator)]()
                way(type(other).__name__, "ops", [*node.ops[:place], other, *node.ops[place + 1 :]])
    elif isinstance(node, ast.BoolOp):
        way(type(OTHER[type(node.op)]()).__name__, "op", OTHER[type(node.op)]())
        for place in range(len(node.values)):
            rest = node.values[:place] + node.values[place + 1 :]
            way(f"without {ast.unparse(node.values[place])[:40]}", "values", rest * (2 if len(rest) == 1 else 1))  # "a and a" is "a"
    elif isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in OTHER:
        way(type(OTHER[type(node.op)]()).__name__, "op", OTHER[type(node.op)]())
    elif isinstance(node, ast.Constant):
        for value in _other_values(node.value):
            way(repr(value), "value", value)
    elif isinstance(node, ast.If | ast.IfExp | ast.While):
        way("not so", "test", ast.UnaryOp(ast.Not(), node.test))
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        way("without not", "operand", ast.UnaryOp(ast.Not(), node.operand))
    elif (
        isinstance(node, ast.Return) and node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None)
    ):
        way("nothing returned", "value", ast.Constant(None))
    elif isinstance(node, ast.comprehension) and node.ifs:
        way("without its condition", "ifs", [])
    return ways


def _other_values(value: object) -> list[object]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1]
    return ["odd"] if isinstance(value, str) else []


def _code_of(code: types.CodeType, qualname: str) -> types.CodeType:
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            if constant.co_qualname == qualname:
                return constant
            if qualname.startswith(f"{constant.co_qualname}."):
                return _code_of(constant, qualname)
    raise LookupError(qualname)


def function_of(module: types.ModuleType, qualname: str) -> types.FunctionType | None:
    """The live function of this name, beneath whatever wraps it; None where it cannot be reached."""
    found: Any = module
    for part in qualname.split("."):
        found = vars(found).get(part)
    for _ in range(10):
        if isinstance(found, types.FunctionType) and found.__code__.co_qualname == qualname:
            return found
        below = (getattr(found, name, None) for name in ("fget", "__func__", "func", "__wrapped__"))
        found = next((one for one in below if one is not None), None)
    return None
