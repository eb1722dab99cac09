"""Nobody is told that they believe what they do not: misconceptions of answers near to one.

Each of these answers fails for another reason than the misconception beside it, with which it
shares a trait. `tests/wrong_answers` holds those who do have it.
"""

import pytest

from checker.course import grade
from checker.manifests import Source
from tests.course.repository import answers, exercise


def text_of(name, *, solved):
    files = answers(name).solution if solved else exercise(name).start
    return "\n---\n".join(files[file] for file in exercise(name).answer_files)


def told(name, text, *changes):
    """The first check that does not pass, of the answer that the changes make of a text."""
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after)
    report = grade(exercise(name), [Source("answer.yaml", text)])
    return next(check for check in report.checks if check.status not in ("pass", "not-reached"))


@pytest.mark.parametrize(
    ("name", "changes", "check"),
    [
        pytest.param(
            "exercise2",
            [("127.0.0.1:8080", "0.0.0.0:80"), ("Port: 8080", "Port: 80")],
            "pod-address",
            id="a listener moved to the clients' port is not on 127.0.0.1 any more",
        ),
        pytest.param(
            "exercise3",
            [("targetPort: 8080", "targetPort: 9376\n      nodePort: 30080")],
            "accepted",
            id="a targetPort without quotes beside another fault",
        ),
        pytest.param(
            "exercise11",
            [("nodePort: 8080", 'nodePort: "30081"')],
            "accepted",
            id="a node port in quotes is of the range",
        ),
        pytest.param(
            "exercise14",
            [
                ("app: web\n", "app: web-app\n"),
                ("port: 8081", "port: 8080\n              scheme: HTTPS"),
            ],
            "endpoints",
            id="a probe of the right port over HTTPS",
        ),
        pytest.param(
            "exercise20",
            [
                ("sessionAffinityConfig", "sessionAffinity: ClientIP\n  sessionAffinityConfig"),
                ("600", '"600"'),
            ],
            "accepted",
            id="a timeout in quotes is within the limit",
        ),
    ],
)
def test_an_answer_is_not_told_a_belief_that_it_does_not_show(name, changes, check):
    failed = told(name, text_of(name, solved=False), *changes)
    assert (failed.id, failed.misconception) == (check, None)
    assert failed.message
    assert failed.fix


@pytest.mark.parametrize("value", ["http://store:8080", "store"])
def test_a_value_that_nothing_can_dial_is_named_without_the_courses_notation(value):
    text = text_of("exercise13", solved=True)
    message = told("exercise13", text, ("value: store:8080", f"value: {value}")).message
    assert message == (
        f"Deployment/client says '{value}' at "
        "spec.template.spec.containers[name=client].env[name=STORE].value, "
        "and that is no HOST:PORT to connect to."
    )


def test_a_value_that_is_gone_is_named_without_the_courses_notation():
    text = text_of("exercise13", solved=True).replace("name: STORE", "name: OTHER")
    message = told("exercise13", text).message
    assert message.startswith("Deployment/client has no value at ")
    assert "{" not in message


@pytest.mark.parametrize("name", ["database", "db", "smtp-like"])
@pytest.mark.parametrize("field", ["name", "appProtocol"])
def test_istio_takes_what_it_does_not_know_on_3306_for_tcp(name, field):
    # istio.io, Protocol Selection: 25, 53, 3306 and 27017 are "treated as TCP" where not declared;
    # pkg/config/kube/conversion.go: ConvertProtocol.
    line = f"- name: {name}" if field == "name" else f"- name: http\n      appProtocol: {name}"
    text = text_of("exercise23", solved=True).replace("- name: tcp-mysql", line)
    report = grade(exercise("exercise23"), [Source("answer.yaml", text)])
    assert (report.status, report.points) == ("pass", report.max_points)


@pytest.mark.parametrize("said", ["MySQL", "TCP"])
def test_istio_reads_app_protocol_whatever_its_capitals(said):
    text = text_of("exercise23", solved=True)
    text = text.replace("name: tcp-mysql", f"name: http-mysql\n      appProtocol: {said}")
    report = grade(exercise("exercise23"), [Source("answer.yaml", text)])
    assert report.status == "pass"


@pytest.mark.parametrize("said", ["http", "HTTP", "https", "grpc-web", "kubernetes.io/h2c"])
def test_istio_takes_app_protocol_for_what_it_says(said):
    text = text_of("exercise23", solved=True)
    text = text.replace("name: tcp-mysql", f"name: tcp-mysql\n      appProtocol: {said}")
    failed = told("exercise23", text)
    assert (failed.id, failed.misconception.id) == ("protocol", "the-name-overrides")


def test_a_sysctl_with_slashes_is_none_of_pod_securitys_list():
    # pod-security-admission v0.36.3, policy/check_sysctls.go compares names as they are written.
    text = text_of("exercise22", solved=True)
    failed = told(
        "exercise22", text, ("net.ipv4.tcp_keepalive_time", "net/ipv4/tcp_keepalive_time")
    )
    assert failed.id == "safe"
