"""`python -m checker`, and the command that an installation brings."""

import gc
import os
from typing import NoReturn


def run() -> NoReturn:
    """Run the process's command line, and end the process with its exit code."""
    # A run is short and makes few cycles, yet the collector would walk every module and every
    # object, and Python's exit would take them all apart: a tenth of the time of an exercise,
    # half of that of a thousand manifests.
    gc.disable()
    try:
        from checker.cli import main

        code = main()
    except KeyboardInterrupt:
        # Ctrl-C before the command line could take care of it.
        code = 3
    os._exit(code)


if __name__ == "__main__":
    run()
