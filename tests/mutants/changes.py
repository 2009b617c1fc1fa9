"""The small changes: what is made of a module, and where."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.FloorDiv: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
NOT_RUN = {"annotation", "returns"}
NOT_READ = {"__all__", "__slots__"}
WITHOUT_OUTCOME = {
    *("_", "format_lazy", "gettext", "gettext_lazy", "ngettext", "pgettext"),
    *("TypeVar", "dataclass", "getLogger", "sensitive_variables", "wraps"),
}
"""Calls of which only a person, a type checker or an error report would tell."""
CONDITIONS = ast.Attribute | ast.Call | ast.Name | ast.NamedExpr | ast.Subscript

Span = tuple[int, int]
NOWHERE: Span = (0, 0)


@dataclass(frozen=True)
class Mutant:
    """One small change: `span` are the lines that run when the changed code does."""

    path: Path
    number: int
    span: Span
    said: str
    apply: Callable[[], object]
    tree: ast.Module

    def compiled(self) -> CodeType:
        """Return the changed module. For a process of its own: nothing is undone."""
        self.apply()
        tree = ast.fix_missing_locations(self.tree)
        return compile(tree, self.path, "exec", dont_inherit=True)


def mutants_of(path: Path) -> list[Mutant]:
    """Return every small change to the module at this path."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        Mutant(path, number, span, said, apply, tree)
        for number, (span, said, apply) in enumerate(_changes(tree, NOWHERE))
    ]


def _changes(
    parent: ast.AST, around: Span
) -> Iterator[tuple[Span, str, Callable[[], object]]]:
    for name, value in ast.iter_fields(parent):
        if name in NOT_RUN:
            continue
        nodes = value if isinstance(value, list) else [value]
        for index, node in enumerate(nodes):
            if not isinstance(node, ast.AST) or _says_nothing(node):
                continue
            span = _span_of(node, around)
            place = index if isinstance(value, list) else None
            for other, said in _instead_of(node, role=name):
                yield span, said, _exchange(parent, name, place, other)
            yield from _changes(node, span)


def _span_of(node: ast.AST, around: Span) -> Span:
    """Return the lines of the innermost statement, or of the head of a longer one."""
    if isinstance(node, ast.stmt) and (hasattr(node, "body") or hasattr(node, "cases")):
        return NOWHERE
    if isinstance(node, ast.stmt) or (isinstance(node, ast.expr) and around == NOWHERE):
        return node.lineno, node.end_lineno or node.lineno
    return around


def _exchange(
    parent: ast.AST, name: str, index: int | None, other: ast.AST | None
) -> Callable[[], object]:
    """Return what puts `other`, or nothing, in the place of a node."""
    if index is None:
        return lambda: setattr(parent, name, other)
    there = slice(index, index + 1)
    return lambda: getattr(parent, name).__setitem__(there, [other] if other else [])


def _says_nothing(node: ast.AST) -> bool:
    """Tell whether no program reads this: docstrings, log lines, sentences, types."""
    match node:
        case (
            ast.Expr(value=ast.Constant())
            | ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name("logger"))))
            | ast.If(test=ast.Name("TYPE_CHECKING"))
        ):
            return True
        case ast.Assign(targets=[ast.Name(name)]):
            return name in NOT_READ
        case ast.Call(func=ast.Name(name)) | ast.Call(func=ast.Attribute(attr=name)):
            return name in WITHOUT_OUTCOME
        case ast.JoinedStr(values=parts):
            return any(" " in ast.unparse(one) for one in parts if _is_text(one))
    return False


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant)


def _instead_of(node: ast.AST, *, role: str) -> Iterator[tuple[ast.AST | None, str]]:
    """Yield what may stand in the place of a node, and how to say it."""
    said = _short(node)
    if type(node) in SWAPS:
        other = SWAPS[type(node)]()
        yield other, f"{type(node).__name__} -> {type(other).__name__}"
    if role in {"decorator_list", "keywords"}:
        yield None, f"without {said}"
    if role in {"test", "ifs"} and isinstance(node, CONDITIONS):
        yield ast.UnaryOp(ast.Not(), node), f"not {said}"
    if isinstance(node, ast.Constant):
        yield from _other_values(node.value)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand, f"{said} -> {_short(node.operand)}"
    if isinstance(node, ast.stmt):
        yield from _other_statements(node, said)


def _other_statements(node: ast.stmt, said: str) -> Iterator[tuple[ast.AST, str]]:
    match node:
        case ast.Return(value=None | ast.Constant(value=None | bool())):
            pass  # None means the same as False to whoever asks
        case ast.Return():
            yield ast.Return(ast.Constant(None)), f"{said} -> None"
        case (
            ast.Raise()
            | ast.AugAssign()
            | ast.Expr(value=ast.Call())
            | ast.Assign(targets=[ast.Attribute() | ast.Subscript()])
        ):
            yield ast.Pass(), f"without {said}"


def _other_values(value: object) -> Iterator[tuple[ast.AST, str]]:
    match value:
        case bool():
            yield ast.Constant(not value), f"{value} -> {not value}"
        case int() | float():
            yield ast.Constant(value + 1), f"{value} -> {value + 1}"
        case str() if value and " " not in value:
            yield ast.Constant(f"X{value}"), f"{value!r} -> {'X' + value!r}"


def _short(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())[:60]
