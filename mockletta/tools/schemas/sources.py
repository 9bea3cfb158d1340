"""Python source code that a client sent as a tool: read, never run."""

import ast
import re
import warnings

Function = ast.FunctionDef | ast.AsyncFunctionDef
ALTERNATIVES = {"optional", "union", "annotated"}
TYPESCRIPT_RETURN = re.compile(r"\)\s*:\s*([\w.<>\[\], ]{1,200}?)\s*(?:\{|=>)")
"""What a function of TypeScript says it returns."""
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
    """The syntax tree of a tool's source; SyntaxError or ValueError if it is not Python."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(source)
        except (RecursionError, MemoryError) as error:
            raise ValueError("source code is nested too deeply") from error


def last_function(module: ast.Module) -> Function | None:
    """The function that is the tool: the last one of its module [62 two functions]."""
    functions = [node for node in module.body if isinstance(node, Function)]
    return functions[-1] if functions else None


def root_of(annotation: ast.expr | None) -> str:
    """The name of a type without its parameters; of one that may be several, the first that is not
    None.

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
    """The name of the type that the last function of a TypeScript source returns; of a promise
    that of what it promises.

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
