"""`action.yml` and `.pre-commit-hooks.yaml`: what they run is run here."""

import json
import re
import shlex
import subprocess
import sys
import tomllib

import pytest
import yaml

from tests.cli.conftest import CHECKOUT
from tests.cli.test_lint import GOOD, SERVICE
from tests.report.test_github import parse as parse_annotation
from tests.report.test_sarif import validate as validate_sarif

ACTION = yaml.safe_load((CHECKOUT / "action.yml").read_text(encoding="utf-8"))
HOOKS = yaml.safe_load((CHECKOUT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def folder(course):
    (course / "manifests").mkdir()
    (course / "manifests" / "service.yaml").write_text(SERVICE)
    # What a repository may have, and a runner must not take for the checker.
    (course / "checker").mkdir()
    (course / "checker" / "__init__.py").write_text("raise SystemExit('not me')\n")
    return course


def act(folder, **inputs):
    step = ACTION["runs"]["steps"][-1]
    given = {name: inputs.get(name, about["default"]) for name, about in ACTION["inputs"].items()}
    variables = {
        name: re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda found: given[found[1]], value)
        for name, value in step["env"].items()
    }
    variables |= {"PYTHON": sys.executable, "PYTHONPATH": str(CHECKOUT)}
    # As the runner calls it: https://docs.github.com, "shell" of a step.
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "PYTHONIOENCODING": "utf-8", **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_action(folder):
    run = act(
        folder,
        paths="manifests",
        arguments="--select api-* --fail-on note",
        **{"sarif-file": "log.sarif"},
    )
    assert run.returncode == 1
    commands = [parse_annotation(line)[0] for line in run.stdout.splitlines()]
    assert commands == ["error", "error"]
    log = json.loads((folder / "log.sarif").read_text())
    validate_sarif(log)
    assert len(log["runs"][0]["results"]) == 2
    (folder / "manifests" / "service.yaml").write_text(GOOD)
    assert act(folder, paths="manifests").returncode == 0


def test_the_actions_inputs_are_no_commands(folder):
    act(folder, paths="manifests; touch hacked", arguments="$(touch hacked) `touch hacked`")
    assert not (folder / "hacked").exists()
    scripts = [step["run"] for step in ACTION["runs"]["steps"] if "run" in step]
    assert not any("${{" in script for script in scripts)


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_the_hooks(checker, folder, hook):
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    command, *arguments = shlex.split(hook["entry"])
    assert command in project["scripts"]
    assert re.search(hook["files"], "manifests/service.yaml")
    given = hook.get("args", [])
    if hook.get("pass_filenames", True):
        given = [*given, "service.yaml"]
    run = checker(*arguments, *given, cwd=folder / "manifests")
    assert run.code == 1
    assert "api-required" in run.out


#: What devcontainer.json may hold where it names an image: `devContainerCommon`, `imageContainer`
#: and `nonComposeBase` of the specification's schema (devContainer.base.schema.json, at commit
#: 08c3f97), which refuses other fields.
DEVCONTAINER_FIELDS = """
    $schema name features overrideFeatureInstallOrder secrets forwardPorts portsAttributes
    otherPortsAttributes updateRemoteUserUID containerEnv containerUser mounts init privileged
    capAdd securityOpt remoteEnv remoteUser initializeCommand onCreateCommand updateContentCommand
    postCreateCommand postStartCommand postAttachCommand waitFor userEnvProbe hostRequirements
    customizations image appPort runArgs shutdownAction overrideCommand workspaceFolder
    workspaceMount
"""


def test_the_development_container():
    folder = CHECKOUT / ".devcontainer"
    container = json.loads((folder / "devcontainer.json").read_text(encoding="utf-8"))
    assert set(container) <= set(DEVCONTAINER_FIELDS.split())
    needs = container["hostRequirements"]
    assert set(needs) <= {"cpus", "memory", "storage", "gpu"}
    assert re.fullmatch(r"\d+([tgmk]b)?", needs["memory"])
    assert re.fullmatch(r"\d+([tgmk]b)?", needs["storage"])
    assert all(re.search(r":\d+\.\d+\.\d+$", name) for name in container["features"]), "pinned"
    shell, script = container["postCreateCommand"]
    assert (CHECKOUT / script).is_file()
    subprocess.run([shell, "-n", CHECKOUT / script], check=True, timeout=60)
    text = (CHECKOUT / script).read_text(encoding="utf-8")
    told = (CHECKOUT / "kind-config.yaml").read_text(encoding="utf-8")
    (version,) = re.findall(r"^kind_version=(v[0-9.]+)$", text, re.MULTILINE)
    assert f"kind {version} " in told, "kind and its node image belong together"


def test_what_publishes_is_pinned():
    """A tag of an action can be moved; a commit cannot."""
    release = CHECKOUT / ".github" / "workflows" / "release.yml"
    used = re.findall(r"uses: (\S+)(.*)", release.read_text(encoding="utf-8"))
    assert len(used) >= 5
    for action, comment in used:
        assert re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40}", action), action
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment), action
    jobs = yaml.safe_load(release.read_text(encoding="utf-8"))["jobs"]
    rights = {name: job.get("permissions", {}) for name, job in jobs.items()}
    assert rights == {"build": {}, "try": {}, "publish": {"id-token": "write"}}


def test_the_configuration_of_binder():
    """repo2docker reads `.binder/` and nothing at the top level then: its buildpacks, python."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    folder = CHECKOUT / ".binder"
    assert {path.name for path in folder.iterdir()} == {"requirements.txt", "runtime.txt"}
    lines = [
        line.partition("#")[0].strip()
        for line in (folder / "requirements.txt").read_text(encoding="utf-8").splitlines()
    ]
    *others, checkout = filter(None, lines)
    assert checkout == "--editable ."
    assert set(others) <= set(project["optional-dependencies"]["book"])
    runtime = (folder / "runtime.txt").read_text(encoding="utf-8")
    version = re.fullmatch(r"python-3\.([0-9]+)\n", runtime)
    assert version
    assert project["requires-python"] == ">=3.11"
    assert 11 <= int(version[1]) <= 14, "the versions that repo2docker has an environment for"
