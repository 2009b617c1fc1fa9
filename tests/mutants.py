"""Change the code in small ways, one at a time, and see whether a test notices.

    python -m tests.mutants policy connections/revoke oauth

Works on a copy of `src` in a folder of its own. A mutant meets first the tests that
mirror its module, then those of its room, and for `oauth` the flows; it survives when
all of them pass. Each survivor is printed as it is found, the count per module at the
end.
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = Path("src", "agent_connector")
TIMEOUT_SECONDS = 120
WORKERS = int(os.environ.get("MUTANT_WORKERS", "2"))
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
}
NOT_RUN = {"annotation", "returns", "decorator_list"}
Change = tuple[int, str, Callable[[], object], Callable[[], object]]


def changes_in(tree: ast.Module) -> Iterator[Change]:
    """Yield (line, description, make, undo) for each small change to the tree."""
    for parent in _code_in(tree):
        for name, value in ast.iter_fields(parent):
            if name in NOT_RUN:
                continue
            nodes = value if isinstance(value, list) else [value]
            for index, node in enumerate(nodes):
                for other, said in _instead_of(node):
                    line = getattr(node, "lineno", getattr(parent, "lineno", 0))
                    if isinstance(value, list):
                        yield line, said, *_in_list(value, index, node, other)
                    else:
                        yield line, said, *_in_field(parent, name, node, other)


def _code_in(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that run, so neither annotations nor decorators."""
    yield node
    for name, value in ast.iter_fields(node):
        if name not in NOT_RUN:
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from _code_in(child)


def _in_list(
    nodes: list[ast.AST], index: int, node: ast.AST, other: ast.AST
) -> tuple[Callable[[], object], Callable[[], object]]:
    return (
        lambda: nodes.__setitem__(index, other),
        lambda: nodes.__setitem__(index, node),
    )


def _in_field(
    parent: ast.AST, name: str, node: ast.AST, other: ast.AST
) -> tuple[Callable[[], object], Callable[[], object]]:
    return lambda: setattr(parent, name, other), lambda: setattr(parent, name, node)


def _instead_of(node: object) -> Iterator[tuple[ast.AST, str]]:
    yield from _swapped(node)
    match node:
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value), f"{value} -> {not value}"
        case ast.Constant(value=int(value)):
            yield ast.Constant(value + 1), f"{value} -> {value + 1}"
        case ast.Constant(value=str(value)) if value and " " not in value:
            yield ast.Constant(f"X{value}"), f"{value!r} -> {'X' + value!r}"
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand, f"{ast.unparse(node)} -> {ast.unparse(operand)}"
        case ast.Return(value=ast.Constant(value=None | False)):
            pass  # None means the same to whoever asks
        case ast.Return(value=ast.expr() as value):
            yield ast.Return(ast.Constant(None)), f"return {_short(value)} -> None"
        case ast.Raise() | ast.Expr(value=ast.Call()):
            yield ast.Pass(), f"without {_short(node)}"


def _swapped(node: object) -> Iterator[tuple[ast.AST, str]]:
    if type(node) in SWAPS and isinstance(node, ast.AST):
        other = SWAPS[type(node)]()
        yield other, f"{type(node).__name__} -> {type(other).__name__}"


def _short(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())[:60]


def stages_for(module: Path) -> list[list[str]]:
    """Return the tests to run for a module, nearest first; each stage is one run."""
    room = Path("tests", "unit", module.parent.relative_to(PACKAGE))
    mirrors = sorted(ROOT.glob(f"{room}/test_{module.stem}*.py"))
    top = Path("tests", "unit", module.relative_to(PACKAGE).parts[0])
    wider = [str(top)]
    if top.name in {"oauth", "connections"}:
        wider += [str(one) for one in sorted(ROOT.glob("tests/flows/test_oauth_*.py"))]
    return [[str(one) for one in mirrors], wider] if mirrors else [wider]


def is_killed(copy: Path, stages: list[list[str]]) -> bool:
    """Run the tests against the copy of the code until one of them fails."""
    for tests in stages:
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
        command += ["-o", f"pythonpath={copy} .", "--no-migrations", *tests]
        try:
            run = subprocess.run(
                command,
                cwd=ROOT,
                capture_output=True,
                timeout=TIMEOUT_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return True
        if run.returncode:
            return True
    return False


def judge(module: Path, copies: SimpleQueue[Path]) -> tuple[int, list[str]]:
    """Return how many mutants there were, and those that survived."""
    tree = ast.parse((ROOT / module).read_text())
    mutants = []
    for line, said, make, undo in list(changes_in(tree)):
        make()
        mutants.append(
            (f"{module.relative_to(PACKAGE)}:{line}: {said}", ast.unparse(tree))
        )
        undo()
    stages, original = stages_for(module), (ROOT / module).read_text()

    def survivor(said: str, code: str) -> str:
        copy = copies.get()
        target = copy / module.relative_to("src")
        try:
            target.write_text(code)
            lives = not is_killed(copy, stages)
        finally:
            target.write_text(original)
            copies.put(copy)
        if lives:
            sys.stdout.write(f"survived  {said}\n")
            sys.stdout.flush()
        return said if lives else ""

    with ThreadPoolExecutor(WORKERS) as pool:
        found = list(pool.map(lambda mutant: survivor(*mutant), mutants))
    return len(mutants), [said for said in found if said]


def modules_in(names: list[str]) -> Iterator[Path]:
    """Yield the modules of these rooms, or these modules, as paths from the root."""
    for name in names:
        room = ROOT / PACKAGE / name
        found = room.rglob("[!_]*.py") if room.is_dir() else [room.with_suffix(".py")]
        yield from (path.relative_to(ROOT) for path in sorted(found))


def main(names: list[str]) -> int:
    """Print the survivors and a table; fail below nine in ten killed."""
    total = survived = 0
    with tempfile.TemporaryDirectory() as folder:
        copies: SimpleQueue[Path] = SimpleQueue()
        for number in range(WORKERS):
            copies.put(shutil.copytree(ROOT / "src", Path(folder, str(number))))
        for module in modules_in(names or ["policy", "connections", "oauth"]):
            count, living = judge(module, copies)
            total, survived = total + count, survived + len(living)
            killed = count - len(living)
            sys.stdout.write(f"{module.relative_to(PACKAGE)}  {killed} of {count}\n")
            sys.stdout.flush()
    sys.stdout.write(f"killed {total - survived} of {total}\n")
    return int(survived > total / 10)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
