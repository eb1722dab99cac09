"""What the course says to a learner on its own account; exercises bring the rest as data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from checker.network.answer import Verdict

EMPTY = "The answer is empty. {expected}"
EXPECTED_OBJECTS = "It should hold {objects}."
EXPECTED_ANSWERS = "It should hold a document with `apiVersion: checker/v1` and `kind: Answers`."
OTHER_EXERCISE = "This looks like the answer to another exercise: it holds {found}. {expected}"
EMPTY_WHY = "Without objects there is nothing to check."
EMPTY_FIX = "Go back to the files you were given: `python -m checker reset {exercise}`."
STRAY_WHY = "kubectl would refuse to read this file."
STRAY_FIX = "Finish or remove this document: every document needs apiVersion and kind."
GIVEN_CHANGED = (
    "{object} belongs to the exercise's surroundings and is already there; the answer holds "
    "another one of that name."
)
GIVEN_FIX = "Remove {object} from your answer and solve the task with your own files."

REFUSED_OBJECT = "The API server refuses {object}: {finding}"

#: A connection in words; `{flow}` is "pod/client → svc/web:80 (TCP)".
FLOW_FAILS = "{flow} should {expected}, but {seen}"
FLOW_LEAKS = "{flow} should not come about, but {seen}"
FLOW_UNKNOWN = "Whether {flow} works cannot be told from the manifests: {detail}"
FLOW_NOWHERE = "{flow} cannot even be tried: {detail}"

EXPECTED: dict[Verdict, str] = {
    "connected": "connect",
    "refused": "be refused",
    "timeout": "time out",
    "dns-failure": "find no address",
    "rejected": "meet an object that the API server refuses",
    "intermittent": "connect only sometimes",
    "cannot-tell": "stay open",
}
SEEN: dict[Verdict, str] = {
    "connected": "it connects",
    "refused": "it is refused",
    "timeout": "it gets no answer and times out",
    "dns-failure": "the name is not found",
    "rejected": "the API server refuses an object on the way",
    "intermittent": "it connects only sometimes",
    "cannot-tell": "nobody can tell",
}

NOT_FILLED = "{object} has no value at {path}, which this connection hangs on."
NOT_DIALLED = "{object} says {value!r} at {path}, and that is no HOST:PORT to connect to."

FEW_ENDPOINTS = "{flow} should find {least} endpoints that answer; {count} does{detail}"
WRONG_PORT = "{flow} arrives at port {port} of pod {pod}; it should arrive at {expected}."
POD_LEFT_OUT = "{flow} never reaches {pods}; it should arrive there at port {port}."

GONE = "{object} is missing. It must stay."
CHANGED = "{object}: {field} was {before} and is now {after}. It must stay as it was."
ADDED = "{object}: {field} was not set and is now {after}. It must stay as it was."
REMOVED = "{object}: {field} was {before} and is gone. It must stay as it was."

UNANSWERED = "Not answered yet: {question} Write {values}."
NOT_A_VALUE = "{given} is none of the answers to: {question} Write {values}."
NOT_SO = "You answered {given} to: {question} That is not what happens."
NO_ANSWERS = (
    "There are no predictions: {file} should hold a document with `apiVersion: checker/v1`, "
    "`kind: Answers` and your answers below `answers:`."
)
A_NUMBER = "a number, without quotes"

GATE_LETS_THROUGH = "Your gate lets {file} through, which must be refused: {about}"
GATE_REFUSES = "Your gate refuses {file} because of {rules}, and should not: {about}"
UNKNOWN_FIELD = "{object}: {finding}"


def listed(items: Iterable[Any], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    texts = [str(item) for item in items]
    if len(texts) < 2:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} {last} {texts[-1]}"


def counted(count: int, noun: str) -> str:
    """`no endpoints`, `1 endpoint`, `2 endpoints`."""
    return f"{count or 'no'} {noun}{'' if count == 1 else 's'}"


def shown(value: Any) -> str:
    """A manifest's value as YAML would show it, kept short."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        text = f"[{', '.join(map(str, value))}]"
    else:
        text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "…"
