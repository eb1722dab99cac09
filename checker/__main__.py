"""`python -m checker`."""

import gc
import os

from checker.cli import main

# A run is short and makes few cycles, yet the collector would walk every module that it loads,
# and Python's exit would take them all apart: together a tenth of the time of an exercise.
gc.disable()
code = main()
os._exit(code)
