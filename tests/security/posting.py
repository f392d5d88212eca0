"""Which methods an address answers, as its view tells."""

from typing import Any


def methods_of(view: Any) -> tuple[str, ...]:
    """What a guard of the view allows; without one GET, and POST where it reads what is posted."""
    handlers = getattr(view, "cls", None) or getattr(view, "view_class", None)
    if handlers is not None:
        return tuple(method for method in ("GET", "POST") if hasattr(handlers, method.lower()))
    reads_posts = False
    while view is not None:
        held = [cell.cell_contents for cell in getattr(view, "__closure__", None) or ()]
        for allowed in held:
            if isinstance(allowed, list) and {"GET", "POST"} & set(allowed):
                return tuple(method for method in ("GET", "POST") if method in allowed)
        reads_posts = reads_posts or _reads_posts(view, seen=set())
        view = getattr(view, "__wrapped__", None)
    return ("GET", "POST") if reads_posts else ("GET",)


def _reads_posts(function: Any, *, seen: set[Any]) -> bool:
    """Whether the function, or one of its own module that it calls, looks at what is posted."""
    code = getattr(function, "__code__", None)
    if code is None or function in seen:
        return False
    seen.add(function)
    if {"method", "POST"} & set(code.co_names):
        return function.__module__ != "bss.kernel.access"
    called = [function.__globals__.get(name) for name in code.co_names]
    return any(
        _reads_posts(one, seen=seen)
        for one in called
        if getattr(one, "__module__", None) == function.__module__
    )
