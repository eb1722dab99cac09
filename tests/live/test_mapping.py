"""Namespaces of a run's own: what refers to them follows, nothing else does."""

import copy

from hypothesis import given
from hypothesis import strategies as st

from checker.live.runs.mapping import RunNames, images_of, namespaces_of

NAMES = RunNames({"default": "kp-a-1-default", "back": "kp-a-1-back"}, "default")


def pod(**spec):
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}, "spec": spec}


def test_objects_move_to_the_runs_namespaces():
    assert NAMES.manifest(pod())["metadata"]["namespace"] == "kp-a-1-default"
    back = {**pod(), "metadata": {"name": "web", "namespace": "back"}}
    assert NAMES.manifest(back)["metadata"] == {"name": "web", "namespace": "kp-a-1-back"}


def test_a_namespace_takes_the_runs_name():
    space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "back"}}
    assert NAMES.manifest(space)["metadata"] == {"name": "kp-a-1-back"}


def test_selectors_of_a_namespaces_name_follow():
    peers = [
        {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "back"}}},
        {
            "namespaceSelector": {
                "matchExpressions": [
                    {
                        "key": "kubernetes.io/metadata.name",
                        "operator": "In",
                        "values": ["back", "kube-system"],
                    }
                ]
            }
        },
        {"namespaceSelector": {"matchLabels": {"team": "back"}}},
    ]
    policy = {**pod(ingress=[{"from": peers}]), "kind": "NetworkPolicy"}
    first, second, third = NAMES.manifest(policy)["spec"]["ingress"][0]["from"]
    labels = first["namespaceSelector"]["matchLabels"]
    assert labels == {"kubernetes.io/metadata.name": "kp-a-1-back"}
    expression = second["namespaceSelector"]["matchExpressions"][0]
    assert expression["values"] == ["kp-a-1-back", "kube-system"]
    assert third == peers[2]


def test_the_gateway_apis_references_follow():
    grant = {
        "apiVersion": "gateway.networking.k8s.io/v1beta1",
        "kind": "ReferenceGrant",
        "metadata": {"name": "g", "namespace": "back"},
        "spec": {"from": [{"kind": "HTTPRoute", "namespace": "default"}], "to": []},
    }
    assert NAMES.manifest(grant)["spec"]["from"][0]["namespace"] == "kp-a-1-default"


def test_host_names_follow_where_programs_read_them():
    container = {"name": "c", "args": ["connect", "api.back:80"], "env": [{"value": "x.back.svc"}]}
    made = NAMES.manifest(pod(containers=[container]))["spec"]["containers"][0]
    assert made["args"] == ["connect", "api.kp-a-1-back:80"]
    assert made["env"] == [{"value": "x.kp-a-1-back.svc"}]


def test_host_names_that_only_look_alike_stay():
    for text in (
        "back",
        "back:80",
        "api.back.example.com",
        "api.backup:80",
        "kube-dns.kube-system",
    ):
        assert NAMES.host(text) == text
    assert NAMES.host("api.back.svc.cluster.local:80") == "api.kp-a-1-back.svc.cluster.local:80"
    assert NAMES.host("_http._tcp.web.default.svc") == "_http._tcp.web.kp-a-1-default.svc"


def test_leased_node_ports_take_the_place_of_written_ones():
    names = RunNames({"default": "d"}, "default")
    names.ports[30080] = 31234
    service = {**pod(ports=[{"port": 80, "nodePort": 30080}, {"port": 30080}]), "kind": "Service"}
    ports = names.manifest(service)["spec"]["ports"]
    assert ports == [{"port": 80, "nodePort": 31234}, {"port": 30080}]


def test_namespaces_are_all_but_the_clusters_own():
    objects = [
        pod(),
        {"kind": "Namespace", "metadata": {"name": "empty"}},
        {"kind": "Pod", "metadata": {"name": "x", "namespace": "kube-system"}},
    ]
    assert namespaces_of(objects, "default") == ["default", "empty"]


def test_images_are_found_wherever_containers_are():
    template = {"spec": {"containers": [{"image": "a"}], "initContainers": [{"image": "b"}]}}
    job = {"spec": {"jobTemplate": {"spec": {"template": template}}}}
    assert images_of([job, pod(containers=[{"image": "c"}, {"name": "none"}])]) == ["a", "b", "c"]


JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=8),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=6), below),
    max_leaves=12,
)


@given(JSON)
def test_what_is_mapped_is_not_changed_in_place(spec):
    given_ = {**pod(), "spec": spec}
    before = copy.deepcopy(given_)
    made = NAMES.manifest(given_)
    assert given_ == before
    assert made["metadata"]["namespace"] == "kp-a-1-default"
