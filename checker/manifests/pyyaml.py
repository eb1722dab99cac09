"""PyYAML, whose patterns are compiled when somebody uses them.

Importing PyYAML compiles some twenty regular expressions, among them one over all of Unicode: a
fifth of the time of a short run. With libyaml not one of them is used, and without it each is
compiled at the first character or scalar that meets it, with the same result. Nobody else's
patterns are touched: `re.compile` is its own again before this module has been read.
"""

import re
from typing import Any

_compile: Any = re.compile


class _Deferred:
    """Stands for a pattern until an attribute of it is asked for."""

    def __init__(self, pattern: Any, flags: int = 0) -> None:
        self._asked = pattern, flags

    def __getattr__(self, name: str) -> Any:
        # What was found once stands in the instance, and is not asked for here again.
        found = self.__dict__[name] = getattr(_compile(*self._asked), name)
        return found


vars(re)["compile"] = _Deferred
try:
    import yaml
finally:
    vars(re)["compile"] = _compile

__all__ = ["yaml"]
