"""Workflow commands as GitHub's runner parses them.

https://github.com/actions/runner: src/Runner.Common/ActionCommand.cs (TryParseV2, Unescape).
"""

from checker.manifests import Location
from checker.report.github import failure_annotation, finding_annotations
from checker.report.json_format import Failure
from tests.report.samples import FINDING, NOTE, WARNING


def parse(line):
    """The command, its properties and its message, unescaped as the runner does it."""
    assert "\n" not in line
    assert "\r" not in line
    assert line.startswith("::")
    head, message = line[2:].split("::", 1)
    command, _, given = head.partition(" ")
    properties = dict(pair.split("=", 1) for pair in given.split(",") if pair)
    for code, sign in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        properties = {name: value.replace(code, sign) for name, value in properties.items()}
        message = message if code in ("%3A", "%2C") else message.replace(code, sign)
    return command, properties, message


def test_severities_and_places():
    lines = finding_annotations([NOTE, WARNING, FINDING])
    commands = [parse(line) for line in lines]
    assert [command for command, *_ in commands] == ["error", "warning", "notice"]
    assert commands[0][1] == {
        "file": "answer/web.yaml", "line": "9", "col": "7", "title": "api-required",
    }  # fmt: skip
    assert commands[0][2].startswith("spec.ports[0].name: Required value\n")
    assert "file" not in commands[2][1], "no place, no file"


def test_a_message_cannot_begin_a_command_of_its_own():
    nasty = "100%0A\r\n::stop-commands::x\n##[add-mask]y"
    finding = FINDING._replace(
        field="", message=nasty, location=Location("a,b:c%\n::error::.yaml", 1, 1)
    )
    [line] = finding_annotations([finding])
    command, properties, message = parse(line)
    assert command == "error"
    assert properties["file"] == "a,b:c%\n::error::.yaml"
    assert message.startswith(nasty)


def test_a_failure():
    command, properties, message = parse(failure_annotation(Failure("no YAML", "a.yaml", 3)))
    assert command == "error"
    assert properties == {"file": "a.yaml", "line": "3", "title": "checker"}
    assert message == "no YAML"
