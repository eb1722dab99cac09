"""What a container listens on, from its image, command, arguments and environment.

`images.json` says what an image starts by default, `programs.json` what a program listens on and
which options, variables and addresses change that. What neither knows is unknown, never guessed;
the annotation `checker/listens` on the pod then says it.
"""

from checker.network.listeners.annotation import ANNOTATION, annotated
from checker.network.listeners.container import program_of
from checker.network.listeners.environment import Environment, environment_of, static_environment
from checker.network.listeners.inside import Given, inside
from checker.network.listeners.table import is_controller

__all__ = [
    "ANNOTATION",
    "Environment",
    "Given",
    "annotated",
    "environment_of",
    "inside",
    "is_controller",
    "program_of",
    "static_environment",
]
