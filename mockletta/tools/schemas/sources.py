"""The source code of a tool: parsed, never run."""

import ast
import re
import warnings

Function = ast.FunctionDef | ast.AsyncFunctionDef
ALTERNATIVES = {"optional", "union", "annotated"}
TYPESCRIPT_RETURN = re.compile(r"\)\s*:\s*([\w.<>\[\], ]{1,200}?)\s*(?:\{|=>)")
"""The return type of a function in TypeScript."""
OF_TYPESCRIPT = {
    "number": "int",
    "boolean": "bool",
    "void": "none",
    "null": "none",
    "undefined": "none",
    "Array": "list",
    "Record": "dict",
    "object": "dict",
}


def parse_source(source: str) -> ast.Module:
    """Parse the source of a tool. Raises SyntaxError or ValueError if it is not Python."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(source)
        except (RecursionError, MemoryError) as error:
            raise ValueError("source code is nested too deeply") from error


def functions_of(module: ast.Module) -> list[Function]:
    """Return the functions of a source, those of outer levels first [70 create: nested def]."""
    return [node for node in ast.walk(module) if isinstance(node, Function)]


def function_named(module: ast.Module, name: str) -> Function | None:
    """Find the function of a tool by its name, or else the last function."""
    functions = functions_of(module)
    named = [one for one in functions if one.name == name]
    return next(reversed(named or functions), None)


def root_of(annotation: ast.expr | None) -> str:
    """Return the name of a type without its parameters; of a union the first that is not None.

    >>> root_of(ast.parse("Optional[list[int]]", mode="eval").body)
    'list'
    """
    match annotation:
        case ast.Name(name) | ast.Attribute(attr=name):
            return name.lower()
        case ast.Constant(str() as text):
            return root_of(_expression(text))
        case ast.Constant(None):
            return "none"
        case ast.BinOp(left, ast.BitOr(), right):
            return root_of(right) if root_of(left) == "none" else root_of(left)
        case ast.Subscript(outer, inner):
            root = root_of(outer)
            return _first_of(inner) if root in ALTERNATIVES else root
        case _:
            return ""


def _first_of(parts: ast.expr) -> str:
    roots = map(root_of, parts.elts if isinstance(parts, ast.Tuple) else [parts])
    return next((root for root in roots if root != "none"), "none")


def _expression(text: str) -> ast.expr | None:
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def typescript_root(source: str) -> str:
    """Return the name of the type that the last function of a TypeScript source returns.

    A promise counts as the type of its value.

    >>> typescript_root("export async function f(a: string): Promise<number[]> { ... }")
    'list'
    """
    found = TYPESCRIPT_RETURN.findall(source)
    declared: str = found[-1].strip() if found else ""
    if declared.startswith("Promise<"):
        declared = declared.removeprefix("Promise<").removesuffix(">").strip()
    if declared.endswith("[]"):
        return "list"
    return OF_TYPESCRIPT.get(declared.partition("<")[0], "")
