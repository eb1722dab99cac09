"""Tables and texts that lie beside the code, in a folder, a wheel or a zip file alike.

The standard library's ways cost more than what they are used for here: `importlib.resources`
brings zipfile, tempfile and shutil, a tenth of a short run, and `pkgutil` takes a millisecond.
"""

from importlib import import_module
from typing import Any


def package_data(package: str, name: str) -> bytes:
    """The file `name` (with `/`) of a package, by the loader that the package itself came from.

    Raises OSError where there is none.
    """
    module = import_module(package)
    loader: Any = module.__loader__
    data: bytes = loader.get_data(f"{module.__path__[0]}/{name}")
    return data
