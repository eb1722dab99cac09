"""What is never put into a cluster, and names that are not what they seem."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from checker.live.errors import LiveError
from checker.live.images import AGNHOST
from checker.live.runs.fences import MOST_NAMESPACES, permitted, refuse_many
from checker.live.runs.labels import learner_name
from checker.live.runs.mapping import RunNames, _pod_specs


def thing(kind="ConfigMap", api="v1", **metadata):
    return {"apiVersion": api, "kind": kind, "metadata": {"name": "web", **metadata}}


def pod(**spec):
    containers = [{"name": "main", "image": AGNHOST}]
    return {**thing("Pod"), "spec": {"containers": containers, **spec}}


def test_the_exercises_kinds_are_permitted():
    gateway = "gateway.networking.k8s.io/v1"
    objects = [
        pod(),
        thing("Deployment", "apps/v1"),
        thing("NetworkPolicy", "networking.k8s.io/v1"),
        thing("Ingress", "networking.k8s.io/v1"),
        thing("HTTPRoute", gateway),
        thing("Gateway", gateway, namespace="back"),
        thing("RoleBinding", "rbac.authorization.k8s.io/v1", name="system:a"),
    ]
    assert permitted(objects) == objects


@pytest.mark.parametrize(
    "shared",
    [
        thing("Namespace"),
        thing("Node"),
        thing("IngressClass", "networking.k8s.io/v1"),
        thing("GatewayClass", "gateway.networking.k8s.io/v1"),
        thing("ClusterRoleBinding", "rbac.authorization.k8s.io/v1"),
        thing(namespace="kube-system"),
        thing("Service", namespace="kube-public"),
        # Its controller would act wherever it is told to.
        thing("Application", "argoproj.io/v1alpha1"),
    ],
)
def test_what_others_share_is_left_out(shared):
    assert permitted([pod(), shared]) == [pod()]


@pytest.mark.parametrize(
    "odd",
    [
        thing(name="../../kube-system/configmaps/coredns"),
        thing(name=".."),
        thing(name="a/b"),
        thing(name="a?force=true"),
        thing(name="a%2Fb"),
        thing(name="a\nb"),
        thing(name=""),
        thing(name=7),
        thing(name=["a"]),
        thing(namespace="../x"),
        thing(namespace="-control"),
        thing(namespace="A"),
        thing(namespace=8080),
        thing("Namespace", name="a.b"),
        thing("Namespace", name="n" * 64),
        thing("pod/../node"),
        thing("Pod?x="),
        thing("Pod", "v1/../v2"),
        thing("Pod", "../v1"),
        thing("Pod", "a/b/v1"),
        {"apiVersion": "v1", "kind": "Pod"},
        {"apiVersion": "v1", "kind": "Pod", "metadata": None},
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"generateName": "web-"}},
        {"kind": "Pod", "metadata": {"name": "web"}},
        {"apiVersion": "v1", "kind": None, "metadata": {"name": "web"}},
    ],
)
def test_odd_names_are_refused_before_anything_is_applied(odd):
    with pytest.raises(LiveError, match="nothing was applied"):
        permitted([pod(), odd])


@pytest.mark.parametrize(
    "spec",
    [
        {"containers": [{"name": "a", "image": "nginx"}]},
        {"initContainers": [{"name": "a", "image": f"{AGNHOST}@sha256:0"}]},
        {"volumes": [{"name": "a", "image": {"reference": "nginx"}}]},
        {"template": {"spec": {"volumes": [{"name": "a", "image": {"reference": "nginx"}}]}}},
        {"ephemeralContainers": [{"name": "a", "image": "nginx"}]},
    ],
)
def test_no_image_but_the_courses_wherever_it_is_written(spec):
    with pytest.raises(LiveError, match="not one of the course's"):
        permitted([pod(**spec)])


@pytest.mark.parametrize(
    "spec",
    [{"containers": ["image"]}, {"containers": "image"}, {"volumes": ["image"]},
     {"containers": [None]}, {"volumes": [{"image": "nginx"}]}],
)  # fmt: skip
def test_what_is_no_container_is_the_servers_to_refuse(spec):
    assert permitted([pod(**spec)])


def test_what_keeps_a_namespace_from_ending_is_taken_off():
    (made,) = permitted([thing(finalizers=["x/y"], ownerReferences=[{"uid": "0"}], labels={})])
    assert made["metadata"] == {"name": "web", "labels": {}}


def test_a_slip_of_the_hand_does_not_fill_the_cluster():
    with pytest.raises(LiveError, match="201 objects are more"):
        permitted([thing()] * 201)
    refuse_many(["a"] * MOST_NAMESPACES)
    with pytest.raises(LiveError, match="13 namespaces are more"):
        refuse_many(["a"] * (MOST_NAMESPACES + 1))


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("ann", "ann"),
        ("Ann Lee", "ann-lee"),
        ("corp\\ann.lee", "corp-ann-lee"),
        ("ann,x!=y", "ann-x-y"),
        ("Ärger", "rger"),
        ("-" * 30, "learner"),
        ("", "learner"),
        ("a" * 15 + "-b", "a" * 15),
    ],
)
def test_whoever_runs_it_has_a_name_that_a_label_takes(name, made):
    assert learner_name(name) == made


def test_a_user_without_a_name_is_a_learner(monkeypatch):
    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found: 1234")

    monkeypatch.setattr("getpass.getuser", nobody)
    assert learner_name() == "learner"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["ports", "nodePort", "template", "spec", "jobTemplate", "containers", "image",
                 "volumes", "key", "values", "from", "namespace", "nodeSelector", "affinity",
                 "kubernetes.io/metadata.name", "env", "args", "topologySpreadConstraints"]
            ),
            below,
            max_size=4,
        )
    ),
    max_leaves=15,
)  # fmt: skip


@given(JSON, st.sampled_from(["Pod", "Service", "Deployment", "CronJob", "NetworkPolicy"]))
@example({"ports": 7}, "Service")
@example({"ports": [None, {"nodePort": []}]}, "Service")
@example({"template": []}, "Deployment")
@example({"jobTemplate": {"spec": []}}, "CronJob")
@example({"key": "kubernetes.io/metadata.name", "values": [[], {}]}, "NetworkPolicy")
def test_what_is_malformed_is_the_servers_to_refuse(spec, kind):
    """It is mapped and offered as it is; its images are found all the same."""
    try:
        permitted([{**thing(kind), "spec": spec}])
    except LiveError as error:
        assert "course's" in str(error)  # noqa: PT017
    names = RunNames({"default": "kp-default"}, "default")
    names.ports[30080] = 31000
    made = names.manifest({**thing(kind), "spec": spec})
    assert made["metadata"]["namespace"] == "kp-default"
    assert all(isinstance(one, dict) for one in _pod_specs(made))
