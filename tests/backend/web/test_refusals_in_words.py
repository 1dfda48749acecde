"""Whatever the API refuses the console says in its own words: each code of a problem has a text there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]
CATALOGS = ("pwa/src/dispatcher/i18n/zh-cn", "pwa/src/i18n/common")
# What only commands and the start of a server say.
NO_API = (
    "backend/auth/accounts.py",
    "backend/company/",
    "backend/db/",
    "backend/demo/",
    "backend/geocoding/",
)
# Where no code has a text the console says that the server failed.
SAID_AS_FAILURE = {"internal_error"}
# Chooses among the words of a customer's page; the API never says it.
SAID_ON_PAGES = {"no_cancel"}
WITH_CODE_SECOND = {"problem", "_later"}


def test_every_code_has_a_text() -> None:
    told = {code for path in _sources() for code in _codes(ast.parse(path.read_text(encoding="utf-8")))}
    assert "plan_stale" in told  # of a class
    assert "locked_left_out" in told  # of a single error
    assert "busy" in told  # of what no domain raises
    assert sorted(told - _said() - SAID_AS_FAILURE - SAID_ON_PAGES) == []


def _sources() -> Iterator[Path]:
    for path in sorted((ROOT / "backend").rglob("*.py")):
        if not path.relative_to(ROOT).as_posix().startswith(NO_API):
            yield path


def _said() -> set[str]:
    texts = [path.read_text(encoding="utf-8") for folder in CATALOGS for path in (ROOT / folder).glob("*.ts")]
    return {code for text in texts for code in re.findall(r"'error\.(\w+)'", text)}


def _codes(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _texts(_code_of_call(node))
        elif isinstance(node, ast.ClassDef):
            for statement in node.body:
                if isinstance(statement, ast.Assign):
                    yield from _texts(_code_assigned(statement))


def _code_of_call(call: ast.Call) -> ast.expr | None:
    """`code=` of an error that is raised, or the second of what answers with a problem document."""
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    if name in WITH_CODE_SECOND and len(call.args) > 1:
        return call.args[1]
    if not name.endswith("Error"):
        return None
    return next((keyword.value for keyword in call.keywords if keyword.arg == "code"), None)


def _code_assigned(statement: ast.Assign) -> ast.expr | None:
    """`code = …` or `status, code = …` of a class."""
    target = statement.targets[0]
    if isinstance(target, ast.Name):
        return statement.value if target.id == "code" else None
    if isinstance(target, ast.Tuple) and isinstance(statement.value, ast.Tuple):
        pairs = zip(target.elts, statement.value.elts, strict=True)
        return next(
            (value for name, value in pairs if isinstance(name, ast.Name) and name.id == "code"), None
        )
    return None


def _texts(value: ast.expr | None) -> Iterator[str]:
    """The words in an expression: one, or one for each way it may turn out."""
    for node in ast.walk(value) if value is not None else ():
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
