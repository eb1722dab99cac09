"""`python -m checker`."""

import gc
import os

# A run is short and makes few cycles, yet the collector would walk every module that it loads,
# and Python's exit would take them all apart: together a tenth of the time of an exercise.
gc.disable()
try:
    from checker.cli import main

    code = main()
except KeyboardInterrupt:
    # Ctrl-C before the command line could take care of it.
    code = 3
os._exit(code)
