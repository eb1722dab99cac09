"""What is made of a cluster's own words: refusals, pods' states, controllers' answers."""

import datetime as dt
from types import SimpleNamespace

import pytest

from checker.api import admit
from checker.live.clients import answering
from checker.live.clients.addressing import Addresses
from checker.live.clients.front_doors import ask_front_door
from checker.live.clients.outside import Reply
from checker.live.errors import CannotAskError
from checker.live.questions.object_facts import object_facts
from checker.live.questions.pod_facts import _state
from checker.live.runs.mapping import RunNames
from checker.live.runs.refusals import refusal_of
from checker.live.server.connection import Answer
from checker.manifests import Source, read

SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  ports: [{port: 70000}]
"""


class FakeRun:
    """A run's names, and objects by path."""

    def __init__(self, objects=None):
        self.names = RunNames({"default": "kp-a-1-default"}, "default")
        self.namespaces = ["kp-a-1-default"]
        self.objects = objects or {}
        self.api = self

    def items(self, path, **_):
        return self.objects.get(path, [])


def body(message, *causes):
    details = {"causes": [{"field": field, "message": text} for field, text in causes]}
    return Answer(422, {"message": message, "details": details})


def facts(text, *answers):
    found = admit(read([Source("web.yaml", text)]).manifests)
    refused = [
        refusal_of(resource.manifest.value, "default", answer)
        for resource, answer in zip(found.resources, answers, strict=False)
    ]
    return object_facts(FakeRun(), found.resources, found.findings, refused)


def test_a_refusal_in_the_servers_own_words_is_as_predicted():
    # tests/conformance: what a 1.36 API server answers to port 70000.
    words = "Invalid value: 70000: must be between 1 and 65535, inclusive"
    answer = body("…", ("spec.ports[0].port", words), ("spec.ports[0].targetPort", words))
    (fact,) = facts(SERVICE, answer)
    assert fact.agrees
    assert fact.observed.startswith("refused: spec.ports[0].port: Invalid value: 70000")


def test_other_words_differ():
    (fact,) = facts(SERVICE, body("no", ("spec.ports[0].port", "Required value")))
    assert fact.agrees is False


def test_an_object_that_is_taken_against_the_prediction_differs():
    (fact,) = facts(SERVICE)
    assert (fact.observed, fact.agrees) == ("accepted", False)


def test_what_the_server_cannot_read_is_told_without_a_field():
    # tests/conformance: a 1.36 API server's answer to an unknown field, with strict validation.
    text = SERVICE.replace("port: 70000", "port: 80, targetport: 8080")
    words = 'strict decoding error: unknown field "spec.ports[0].targetport"'
    message = f'Service in version "v1" cannot be handled as a Service: {words}'
    (fact,) = facts(text, Answer(400, {"message": message}))
    assert fact.agrees
    assert fact.observed == f"refused: {words}"


def test_a_kind_that_the_cluster_does_not_have_is_no_difference():
    route = """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: api}
spec: {}
"""
    (fact,) = facts(
        route, Answer(404, {"message": "the server could not find the requested resource"})
    )
    assert fact.agrees is None
    assert "the Gateway API is not installed" in fact.note


def test_the_servers_words_are_told_with_the_manifests_names():
    run = FakeRun()
    run.names.ports[30080] = 31234
    found = admit(read([Source("web.yaml", SERVICE)]).manifests)
    words = "Invalid value: 31234: provided port is already allocated in kp-a-1-default"
    refused = [refusal_of(found.resources[0].manifest.value, "default", body("", ("f", words)))]
    (fact,) = object_facts(run, found.resources, found.findings, refused)
    assert fact.observed == (
        "refused: f: Invalid value: 30080: provided port is already allocated in default"
    )


def pod(phase="Running", conditions=(), **container):
    return {
        "metadata": {"name": "web"},
        "status": {
            "phase": phase,
            "conditions": [
                dict(zip(("type", "status", "reason"), one, strict=False)) for one in conditions
            ],
            "containerStatuses": [container],
        },
    }


def started(seconds):
    at = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=seconds)
    return {"running": {"startedAt": at.strftime("%Y-%m-%dT%H:%M:%SZ")}}


@pytest.mark.parametrize(
    ("one", "state"),
    [
        (pod(conditions=[("Ready", "True")], state=started(0)), "ready"),
        (pod("Failed"), "not running"),
        (pod("Pending", [("PodScheduled", "False", "Unschedulable")]), "pending"),
        # Not ready yet, which is not what "not ready" says.
        # (An hour ahead: this list is older than its tests.)
        (pod(conditions=[("Ready", "False")], state=started(-3600)), "starting"),
        (pod(conditions=[("Ready", "False")], state=started(30)), "not ready"),
        (
            pod(conditions=[("Ready", "False")], state={"waiting": {"reason": "CrashLoopBackOff"}}),
            "not ready",
        ),
        (
            pod(
                conditions=[("Ready", "False")], state={"waiting": {"reason": "ContainerCreating"}}
            ),
            "starting",
        ),
        (pod(conditions=[("Ready", "False")], restartCount=1, state=started(0)), "not ready"),
    ],
)
def test_states_of_a_pod(one, state):
    assert _state(one) == state


class FakeOutside:
    """A client outside that gets this reply."""

    knows_pods = False

    def __init__(self, reply, verdict="connected"):
        self.reply = reply
        self.verdict = verdict
        self.asked = None

    def connect(self, address, protocol="TCP"):
        return self.verdict

    def get(self, address, path, host=""):
        self.asked = address, path, host
        return self.reply


INGRESSES = "/apis/networking.k8s.io/v1/namespaces/kp-a-1-default/ingresses"
GATEWAYS = "/apis/gateway.networking.k8s.io/v1/namespaces/kp-a-1-default/gateways"
TARGET = "ingress/shop.example.com/cart"


def addresses(outside, objects):
    return Addresses(FakeRun(objects), None, None, None, outside)


@pytest.mark.parametrize(
    ("reply", "verdict"),
    [
        (Reply(200, "web-1"), "connected"),
        (Reply(401, ""), "connected"),
        # A controller's own answers: no rule, no endpoint, no answer from behind.
        (Reply(404, "default backend"), "refused"),
        (Reply(500, ""), "refused"),
        (Reply(503, ""), "refused"),
        (Reply(504, ""), "timeout"),
        (None, "timeout"),
    ],
)
def test_what_a_controller_answers(reply, verdict):
    outside = FakeOutside(reply)
    ingress = {"status": {"loadBalancer": {"ingress": [{"ip": "172.18.0.7"}]}}}
    found = ask_front_door(addresses(outside, {INGRESSES: [ingress]}), "external", TARGET)
    assert found == verdict
    assert outside.asked == ("172.18.0.7:80", "/cart", "shop.example.com")


def test_a_gateway_says_its_address_itself():
    outside = FakeOutside(Reply(200, ""))
    gateway = {"status": {"addresses": [{"type": "IPAddress", "value": "172.18.0.9"}]}}
    assert (
        ask_front_door(addresses(outside, {GATEWAYS: [gateway]}), "external", TARGET) == "connected"
    )
    assert outside.asked[0] == "172.18.0.9:80"


def test_without_a_controller_the_sentence_says_how_to_get_one():
    with pytest.raises(CannotAskError, match="cloud-provider-kind"):
        ask_front_door(addresses(FakeOutside(None), {INGRESSES: [{}]}), "external", TARGET)


def test_without_a_way_out_there_is_no_request():
    with pytest.raises(CannotAskError, match="no way"):
        ask_front_door(addresses("no way", {}), "external", TARGET)


class CopyingRun(FakeRun):
    """A run that makes whatever is put."""

    id = "1"

    def __init__(self, policies):
        super().__init__({"/api/v1/nodes": []})
        self.policies = policies
        self.made = []

    def get(self, path):
        return {"spec": {"externalTrafficPolicy": self.policies[path.rpartition("/")[2]]}}

    def put(self, manifest):
        self.made.append(manifest)
        return manifest | {"spec": manifest["spec"] | {"ports": [{"nodePort": 30001}]}}


def test_each_traffic_policy_has_a_copy_of_its_own(monkeypatch):
    # One whose policy changes is served by the old one for a moment: seen in a cluster with a
    # Service of each policy, where the server behind Local saw a node's address.
    monkeypatch.setattr(answering, "wait_until_ready", lambda *_, **__: None)
    run = CopyingRun({"docs": "Cluster", "web": "Local"})
    nodes = SimpleNamespace(real={"node-1": SimpleNamespace(hostname="n1", address="172.18.0.2")})
    asked = Addresses(run, None, nodes, None, FakeOutside(Reply(200, "172.18.0.9:4711")))
    for name in ("docs", "web"):
        assert answering.source_seen(asked, SimpleNamespace(name=name, namespace="default"))
    copies = {
        one["metadata"]["name"]: one["spec"]["externalTrafficPolicy"]
        for one in run.made
        if one["kind"] == "Service"
    }
    assert sorted(copies.values()) == ["Cluster", "Local"]
