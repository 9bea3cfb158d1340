"""Python source code that a client sent as a tool: read, never run."""

import ast
import warnings

Function = ast.FunctionDef | ast.AsyncFunctionDef


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
    """The name of a type without its parameters; of an optional type that of its other part.

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
            is_optional = root_of(outer) == "optional"
            return root_of(inner) if is_optional else root_of(outer)
        case _:
            return ""


def _expression(text: str) -> ast.expr | None:
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
