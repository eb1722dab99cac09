"""Rules as data: `rules/<id>.toml` holds all that is said of a rule, in one place for translators.

A rule's messages are templates that its check fills in. Its examples are manifests: `bad` gets
the rule's finding on the line that says `# here`, `good` gets none.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from checker.api.finding import FindingSource, Severity
from checker.package_data import package_data


class Rule(NamedTuple):
    """All there is to say about one rule, beside the findings it gives."""

    id: str
    severity: Severity
    source: FindingSource
    title: str
    #: What it finds, why that matters, and what to do about it: a sentence or a few each.
    what: str
    why: str
    fix: str
    #: A manifest with the fault and one without; "" where a rule has none.
    bad: str = ""
    good: str = ""
    #: The page of the book, as its path below the book's root, without an ending.
    page: str = ""
    #: A page of the Kubernetes documentation.
    url: str = ""


class Wording(NamedTuple):
    """What a finding says: its message as a template, and why and fix where they differ."""

    message: str
    severity: Severity
    why: str
    fix: str


@cache
def rule_ids() -> tuple[str, ...]:
    """The ids of all rules of analysis, sorted."""
    # Only this lists a folder; most runs ask for no rule by a name of their own.
    from importlib.resources import files

    names = (entry.name for entry in (files("checker.advice") / "rules").iterdir())
    return tuple(sorted(name[: -len(".toml")] for name in names if name.endswith(".toml")))


@cache
def is_rule(rule_id: str) -> bool:
    """Whether analysis has a rule of this id."""
    return rule_id in rule_ids()


@cache
def load_rule(rule_id: str) -> Rule:
    """The rule of this id. Raises FileNotFoundError for an id that analysis does not have."""
    table = _table(rule_id)
    return Rule(
        rule_id,
        table["severity"],
        "analysis",
        table["title"],
        _paragraph(table["what"]),
        _paragraph(table["why"]),
        _paragraph(table["fix"]),
        table["examples"]["bad"],
        table["examples"]["good"],
        _pages()[str(table["chapter"])],
        table["url"],
    )


@cache
def admission_rules() -> tuple[Rule, ...]:
    """The rules of the room `api`, whose texts on why and fix are the ones of its messages."""
    from checker.api.texts import DEFAULTS, PAGES

    return tuple(
        Rule(
            rule_id,
            table["severity"],
            table["source"],
            table["title"],
            table["what"],
            *DEFAULTS[rule_id],
            table.get("bad", ""),
            table.get("good", ""),
            _pages()[str(table["chapter"])],
            PAGES.get(rule_id, PAGES[""]),
        )
        for rule_id, table in _read("api_rules.toml").items()
    )


@cache
def wording(rule_id: str, case: str) -> Wording:
    """What the rule says in one `case` of it; a case may change severity, why and fix."""
    table = _table(rule_id)
    said: Mapping[str, str] = table["says"][case]
    rule = load_rule(rule_id)
    return Wording(
        _paragraph(said["message"]),
        said.get("severity", rule.severity),  # type: ignore[arg-type]  # a test holds the data
        _paragraph(said.get("why", rule.why)),
        _paragraph(said.get("fix", rule.fix)),
    )


@cache
def _table(rule_id: str) -> Mapping[str, Any]:
    return _read(f"rules/{rule_id}.toml")


def chapter_page(number: str) -> str:
    """The book's page on a chapter, as its path below the book's root, without an ending.

    Raises KeyError for a number that no chapter has.
    """
    return _pages()[number]


@cache
def _pages() -> Mapping[str, str]:
    table: Mapping[str, str] = _read("pages.toml")["chapters"]
    return table


def _read(path: str) -> Mapping[str, Any]:
    import tomllib

    return tomllib.loads(package_data("checker.advice", path).decode())


def _paragraph(text: str) -> str:
    """The text on one line: TOML's line breaks are for its readers."""
    return " ".join(text.split())
