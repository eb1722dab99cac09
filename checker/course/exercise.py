"""What an exercise is, once read: texts, files, checks, misconceptions. All of it is data.

The model: an exercise names the files that a learner edits. Its checks are asked in order and
stop at the first that fails, so that an answer fails for one reason and its learner is given one
next step. A check says what must hold; a misconception says what a learner seems to believe whose
answer fails that check in a certain way.
"""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from checker.api.settings import ClusterSettings
from checker.manifests import Source
from checker.network.answer import Protocol, Verdict


class ExerciseError(Exception):
    """A broken exercise (not a broken answer): one sentence that names file and key."""


class Flow(NamedTuple):
    """One connection to try, in the contract's notation, and the verdicts that are right."""

    source: str
    target: str
    protocol: Protocol
    expect: tuple[Verdict, ...]


class ValueTest(NamedTuple):
    """What a field's value may be. None asks nothing; what is asked must all hold.

    `equals` and `one_of` tell 80 from "80". `matches` is a regular expression over the whole
    text. `changed` compares with the same field of the pristine files.
    """

    equals: Any = None
    one_of: tuple[Any, ...] | None = None
    matches: str | None = None
    at_least: float | None = None
    at_most: float | None = None
    exists: bool | None = None
    changed: bool | None = None


class FieldCondition(NamedTuple):
    """A field of an object has such a value; where the path matches several, any (or every) one.

    `written` looks at what stands in the file rather than at what the API server would store.
    """

    object: str
    path: str
    test: ValueTest
    every: bool = False
    written: bool = False


class FindingCondition(NamedTuple):
    """There is a finding with this rule; `field` and `message` are searched as expressions."""

    rule: str
    object: str = ""
    field: str = ""
    message: str = ""


class FlowCondition(NamedTuple):
    """A connection would end so."""

    flow: Flow


class AnswerCondition(NamedTuple):
    """The learner's prediction on a question is such a value (or, with exists, is there)."""

    question: str
    test: ValueTest


class ObjectCondition(NamedTuple):
    """There are so many objects of that notation (`Service/web`, `Service/*`)."""

    object: str
    at_least: int
    at_most: int | None


class AllOf(NamedTuple):
    """Every one of the conditions holds."""

    conditions: "tuple[Condition, ...]"


class AnyOf(NamedTuple):
    """At least one of the conditions holds."""

    conditions: "tuple[Condition, ...]"


class Not(NamedTuple):
    """The condition does not hold."""

    condition: "Condition"


Condition = (
    FieldCondition
    | FindingCondition
    | FlowCondition
    | AnswerCondition
    | ObjectCondition
    | AllOf
    | AnyOf
    | Not
)


class Accepted(NamedTuple):
    """kube-apiserver creates every object; with `strict`, kubectl's default validation agrees."""

    strict: bool


class Flows(NamedTuple):
    """Connections that must end as expected; `connected` where nothing else is said."""

    flows: tuple[Flow, ...]


class NoFlows(NamedTuple):
    """Connections that must not come about, whether refused, dropped or never looked up."""

    flows: tuple[Flow, ...]


class Endpoints(NamedTuple):
    """Where a connection may arrive: the pods behind a target, and the port on each.

    `ports` are the only numbers allowed, `pods` name pattern to port, `at_least` counts the
    endpoints that answer.
    """

    source: str
    target: str
    protocol: Protocol
    ports: tuple[int, ...]
    pods: Mapping[str, int]
    at_least: int


class KeptObject(NamedTuple):
    """An object that must be there, with these fields as the pristine files have them.

    With no `fields` all of `spec` counts, save what `but` names; `exists` asks for the object
    alone.
    """

    object: str
    fields: tuple[str, ...]
    but: tuple[str, ...]
    exists: bool


class Keep(NamedTuple):
    """Objects that must stay."""

    objects: tuple[KeptObject, ...]


class Fields(NamedTuple):
    """A condition on the objects, where the design is asked.

    A failure points at `object`, at the first of the fields `path` that it has.
    """

    require: Condition
    object: str
    path: tuple[str, ...]
    message: str


class FindingsGone(NamedTuple):
    """None of these rules may have a finding in the answer."""

    rules: tuple[str, ...]


class Predictions(NamedTuple):
    """The right answers to questions, each one value or several that will do.

    Where answers hang together, `require` says how, `questions` which they are, and `message`
    what is wrong if they do not.
    """

    expect: Mapping[str, tuple[Any, ...]]
    questions: tuple[str, ...]
    require: Condition | None
    message: str


class Case(NamedTuple):
    """Manifests for a gate. `about` says what is wrong with them, or that nothing is."""

    file: str
    bad: bool
    about: str


class Gate(NamedTuple):
    """Every bad case is refused, and no good one, by the rules that the learner set to `error`.

    The rules are the questions with `refuses`.
    """

    cases: tuple[Case, ...]


class Matrix(NamedTuple):
    """Every source against every target: the pairs in `allowed` connect, all others must not."""

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    protocol: Protocol
    allowed: frozenset[tuple[str, str]]


CheckSpec = (
    Accepted
    | Flows
    | NoFlows
    | Endpoints
    | Keep
    | Fields
    | FindingsGone
    | Predictions
    | Matrix
    | Gate
)

CheckKind = Literal[
    "accepted",
    "flow",
    "no-flow",
    "endpoints",
    "keep",
    "field",
    "finding-gone",
    "answers",
    "matrix",
    "gate",
]


class Check(NamedTuple):
    """One thing that must hold. `fix` is the next step, never the solution."""

    id: str
    kind: CheckKind
    title: str
    points: int
    why: str
    fix: str
    spec: CheckSpec


class Misconception(NamedTuple):
    """A wrong belief, told where `check` fails and `when` holds; the first that fits wins.

    `fix`, where it is set, replaces the check's next step.
    """

    id: str
    check: str
    believes: str
    truth: str
    chapter: str
    when: Condition
    fix: str


class Question(NamedTuple):
    """A prediction to make: `values` are what may be written, all else is a misspelling.

    Without `values` any number may be written.

    `flow` is the connection it is about, if it is about one: it is shown with the result.
    `refuses` makes it a rule of a gate: what that holds for is refused, where the answer is
    `error`.
    """

    id: str
    text: str
    values: tuple[Any, ...]
    flow: Flow | None
    refuses: Condition | None


class Harmless(NamedTuple):
    """Changes to the solution (an expression over what mutation calls them) that do no harm."""

    mutant: str
    reason: str


class Exercise(NamedTuple):
    """An exercise as its folder holds it, without its solution.

    `start` and `given` are texts by file name: what the learner begins with, and what stands
    beside the answer in the cluster (clients, namespaces, nodes); `cases` are manifests that a
    gate has to judge. `works` says after passing why
    it works, `other_ways` which other answers are right.
    """

    name: str
    number: int
    title: str
    chapter: str
    summary: str
    situation: str
    task: str
    readme: str
    answer_files: tuple[str, ...]
    start: Mapping[str, str]
    given: Mapping[str, str]
    cases: Mapping[str, str]
    hints: tuple[str, ...]
    questions: tuple[Question, ...]
    checks: tuple[Check, ...]
    misconceptions: tuple[Misconception, ...]
    settings: ClusterSettings
    works: str
    other_ways: tuple[str, ...]
    tokens: Mapping[str, tuple[str, ...]]
    harmless: tuple[Harmless, ...]

    @property
    def max_points(self) -> int:
        """The points of all checks together."""
        return sum(check.points for check in self.checks)

    def start_sources(self) -> tuple[Source, ...]:
        """The pristine files as sources to read."""
        return tuple(Source(name, self.start[name]) for name in self.answer_files)

    def given_sources(self) -> tuple[Source, ...]:
        """The given files as sources to read."""
        return tuple(Source(f"given/{name}", text) for name, text in self.given.items())
