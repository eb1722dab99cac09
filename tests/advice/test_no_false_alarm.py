"""What linters get wrong, each as a test that nothing false is said, and the truth is.

The list is of linters' own issue trackers; what is right is said by the source named at each.
"""

from __future__ import annotations

import pytest

from tests.advice.building import (
    UNKNOWN,
    container,
    deployment,
    ingress,
    manifest,
    netexec,
    pod,
    policy,
    service,
)
from tests.advice.linting import lint, said

CLEAN: dict[str, str] = {}


@pytest.mark.parametrize("default", [False, True], ids=["path", "defaultBackend"])
def test_a_wrong_ingress_port_is_found_though_the_service_port_is_unnamed(default: bool) -> None:
    """ "" is no name: a backend has a number or a name (NV: validateIngressBackend), never both."""
    web = service("web", ports=[{"port": 80, "targetPort": 8080}])
    found = lint(manifest(ingress("web", {"number": 8081}, default=default), web))
    assert [(one.rule, one.severity) for one in found if one.object.kind == "Ingress"] == [
        ("ingress-port-missing", "error")
    ]
    assert "ingress-port-missing" in said(manifest(ingress("web", {"name": "http"}), web))
    assert "ingress-port-missing" not in said(manifest(ingress("web", {"number": 80}), web))


def test_default_backend_is_looked_at() -> None:
    """NT IngressSpec.DefaultBackend."""
    others = service("other", ports=[{"port": 80}])
    found = said(manifest(ingress("web", {"number": 80}, default=True), others))
    assert found["ingress-service-missing"] == "warning"


def test_all_selected_pods_are_compared() -> None:
    """ES FindPort: each pod resolves the target by itself; the first one is not all."""
    web = service("web", ports=[{"port": 80, "targetPort": "http"}])
    named = container({"name": "http", "containerPort": 8080})
    good = pod(named, name="a", app="web")
    bad = pod(container(9090), name="b", app="web")
    for pods in ([good, bad], [bad, good]):
        assert said(manifest(web, *pods)) == {"service-only-some-pods-answer": "warning"}
    assert said(manifest(web, good, pod(named, name="b", app="web"))) == CLEAN


def test_different_numbers_behind_one_name_are_fine() -> None:
    """ES FindPort: "different pods can have different port numbers for a named port"."""
    web = service("web", ports=[{"port": 80, "targetPort": "http"}])
    pods = [
        pod(
            netexec(number, {"name": "http", "containerPort": number}), name=f"v{number}", app="web"
        )
        for number in (8080, 9090)
    ]
    assert said(manifest(web, *pods)) == CLEAN


def test_what_belongs_together_may_be_in_several_files() -> None:
    """All input is one input."""
    texts = [
        manifest(service("web", ports=[{"port": 80, "targetPort": 8080}])),
        manifest(deployment(container(8080))),
        manifest(ingress("web", {"number": 80})),
        manifest(policy(app="web", ingress=[{"ports": [{"port": 8080}]}])),
    ]
    for order in (texts, texts[::-1]):
        assert lint(*order) == []


def test_what_the_input_has_nothing_of_is_a_note_at_most() -> None:
    """A Service, an Ingress or a policy by itself says nothing about what is elsewhere."""
    for one in (service("web"), ingress("web", {"number": 80}), policy(app="web")):
        assert set(said(manifest(one)).values()) <= {"note"}


@pytest.mark.parametrize("explicit", ["service", "deployment", "both", "neither"])
def test_implicit_and_explicit_default_namespace_are_one(explicit: str) -> None:
    """metav1 ObjectMeta.Namespace: an empty namespace means "default"."""
    named = {
        "service": explicit in ("service", "both"),
        "deployment": explicit in ("deployment", "both"),
    }
    web = service(
        "web",
        "default" if named["service"] else None,
        ports=[{"port": 80, "targetPort": 8080}],
    )
    pods = deployment(container(8080), namespace="default" if named["deployment"] else None)
    route = ingress("web", {"number": 80})
    assert lint(manifest(web, pods, route)) == []


def test_ports_of_native_sidecars_are_seen() -> None:
    """ES FindPort: after the containers, init containers with restartPolicy Always."""
    web = service("web", ports=[{"port": 80, "targetPort": "proxy"}])
    sidecar = container(
        {"name": "proxy", "containerPort": 9000}, name="proxy", restartPolicy="Always"
    )
    assert lint(manifest(web, pod(container(8080), initContainers=[sidecar]))) == []


def test_ports_of_plain_init_containers_serve_nobody() -> None:
    """ES FindPort: "Skip regular init containers"."""
    web = service("web", ports=[{"port": 80, "targetPort": "proxy"}])
    start = container({"name": "proxy", "containerPort": 9000}, name="start")
    found = said(manifest(web, pod(container(8080), initContainers=[start])))
    assert found == {"target-port-name-unknown": "error"}


def test_ports_of_any_container_count() -> None:
    """A Service's pods may serve from a second container."""
    web = service("web", ports=[{"port": 80, "targetPort": 9000}])
    second = container(9000, name="second")
    assert lint(manifest(web, pod(container(8080), second))) == []


def test_port_and_target_port_may_differ() -> None:
    """CT ServicePort: clients use port, pods targetPort; only the latter is the pods'."""
    web = service("web", ports=[{"port": 80, "targetPort": 8080}])
    assert lint(manifest(web, pod(container(8080)))) == []


def test_a_missing_target_port_is_the_port() -> None:
    """DEF SetDefaults_Service."""
    assert lint(manifest(service("web", ports=[{"port": 8080}]), pod(container(8080)))) == []


def test_a_numeric_target_need_not_be_declared() -> None:
    """CT Container.Ports: leaving a port out does not keep it from being exposed."""
    web = service("web", ports=[{"port": 80, "targetPort": 9376}])
    assert said(manifest(web, pod(netexec(9376)))) == {"target-port-undeclared": "note"}


def test_blocks_outside_the_cluster_match_no_pod_and_need_not() -> None:
    """NT IPBlock: CIDRs outside the cluster are what they are for."""
    block = {"ipBlock": {"cidr": "203.0.113.0/24"}}
    rules = {"ingress": [{"from": [block]}], "egress": [{"to": [block]}]}
    assert lint(manifest(policy(app="web", **rules), pod(container(8080)))) == []


def test_unknown_images_are_not_guessed() -> None:
    """Nobody knows what they listen on, so nobody can say that nothing does."""
    probe = {"httpGet": {"path": "/", "port": 8081}}
    web = pod(container(8080, readinessProbe=probe))
    assert lint(manifest(service("web", ports=[{"port": 80, "targetPort": 8080}]), web)) == []


def test_a_known_image_beside_an_unknown_one_is_not_all() -> None:
    """The other container may be what listens: they share the pod's ports."""
    probe = {"httpGet": {"path": "/", "port": 8081}}
    known = container(80, 8081, image="nginx:1.27", readinessProbe=probe)
    web = service("web", ports=[{"port": 80, "targetPort": 8081}])
    assert lint(manifest(web, pod(known, container(name="other")))) == []


def test_an_operators_objects_may_make_the_pods() -> None:
    """Kinds outside Kubernetes' own groups are not known here, so what they make is not."""
    cluster = {
        "apiVersion": "postgresql.cnpg.io/v1",
        "kind": "Cluster",
        "metadata": {"name": "db"},
        "spec": {"instances": 3},
    }
    db = service("db", selector={"cnpg.io/cluster": "db", "role": "primary"})
    web = deployment(container(8080))
    lone = policy("db", app="db", ingress=[])
    assert said(manifest(cluster, db, web, lone, ingress("db-rw", {"number": 5432}))) == CLEAN
    assert "selector-matches-nothing" in said(manifest(db, web))


def test_one_label_of_a_controller_selects_one_of_its_pods() -> None:
    """apps/v1 StatefulSetPodNameLabel is on the pods and not in the template."""
    labels = {"statefulset.kubernetes.io/pod-name": "db-0"}
    one = service("db-0", selector=labels, ports=[{"port": 5432}])
    assert lint(manifest(one, deployment(container(5432), name="db", kind="StatefulSet"))) == []


def test_jobs_with_the_labels_of_what_they_belong_to() -> None:
    """Pods that have ended are no endpoints (ES ShouldPodBeInEndpoints)."""
    job = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": "migrate"},
        "spec": {
            "template": {
                "metadata": {"labels": {"app": "web"}},
                "spec": {"restartPolicy": "Never", "containers": [container()]},
            }
        },
    }
    web = service("web", ports=[{"port": 80, "targetPort": "http"}])
    pods = deployment(container({"name": "http", "containerPort": 8080}))
    assert lint(manifest(web, pods, job)) == []


def test_no_replicas_are_no_fault() -> None:
    """A workload scaled to zero still is what the Service and the policy are for."""
    web = service("web", ports=[{"port": 80, "targetPort": 8080}])
    assert lint(manifest(web, deployment(container(8080), replicas=0), policy(app="web"))) == []


def test_the_same_container_port_in_two_workloads_is_no_conflict() -> None:
    """Each pod has its own address."""
    one, other = (deployment(netexec(8080, 8080), name=name) for name in ("a", "b"))
    assert lint(manifest(one, other)) == []


def test_one_number_for_tcp_and_udp_is_no_conflict() -> None:
    """Ports of two protocols are two ports."""
    both = [{"containerPort": 53, "protocol": one} for one in ("TCP", "UDP")]
    ports = [{"name": one.lower(), "port": 53, "protocol": one} for one in ("TCP", "UDP")]
    assert lint(manifest(service("dns", ports=ports), pod(container(*both), name="dns"))) == []


def test_match_expressions_are_read() -> None:
    """metav1 LabelSelector: labels and expressions are one selector."""
    chosen = {"matchExpressions": [{"key": "app", "operator": "In", "values": ["web", "api"]}]}
    rules = policy(ingress=[{"ports": [{"port": 8080}]}])
    rules["spec"]["podSelector"] = chosen
    assert lint(manifest(rules, pod(container(8080)))) == []
    chosen["matchExpressions"][0]["operator"] = "NotIn"
    assert said(manifest(rules, pod(container(8080)))) == {"policy-selects-nothing": "warning"}


@pytest.mark.parametrize(
    "value",
    [
        "http://web:$(WEB_SERVICE_PORT)",
        "http://web:${PORT}/",
        "http://$(WEB_SERVICE_HOST):$(WEB_SERVICE_PORT)",
        "$(WEB_PORT)",
        "http://$(NOBODY_SERVICE_HOST):8080",
        "http://$$(WEB_SERVICE_HOST):8080",
        "http://web.example.com:8080",
        "http://web-2:8080",
        "postgres://user:8080@db/web",
        "web:v8080",
        f"{UNKNOWN}",
        "web:1",
        "registry.example.com/web:8080",
        "/web:8080",
        "http://localhost:8080",
    ],
)
def test_what_only_looks_like_an_address(value: str) -> None:
    """A name, a path, an image or a part that is put in later is no address of a Service."""
    web = service("web", ports=[{"port": 80, "targetPort": 8080}])
    client = pod(container(env=[{"name": "X", "value": value}]), name="client")
    assert lint(manifest(web, pod(container(8080)), client)) == []


def test_what_a_program_says_of_itself_is_no_call() -> None:
    """An address that a server announces is where its clients find it, on its own port."""
    web = service("web", ports=[{"port": 80, "targetPort": 8080}])
    server = pod(container(8080, args=["--advertise=http://web:8080"]))
    assert lint(manifest(web, server)) == []


def test_names_of_a_proxy_in_its_configuration() -> None:
    """An nginx upstream may have the name of a Service; without a port that tells nothing."""
    web = service("web", ports=[{"port": 8080}])
    text = "upstream web { server web:8080; }\nserver { location / { proxy_pass http://web; } }\n"
    config = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "nginx"},
        "data": {"a": text},
    }
    assert lint(manifest(web, pod(container(8080)), config)) == []


def test_a_controller_may_route_to_an_action() -> None:
    """The AWS controller's backends of port name `use-annotation` are no Services."""
    assert lint(manifest(ingress("redirect", {"name": "use-annotation"}), service("web"),
                         pod(container(80)))) == []  # fmt: skip


def test_a_denied_pod_that_calls_nobody_needs_no_names() -> None:
    """A default deny with no egress rules means it."""
    deny = policy(policyTypes=["Ingress", "Egress"])
    assert lint(manifest(deny, pod(container(8080)))) == []


def test_egress_to_addresses_needs_no_names() -> None:
    """Who is given an address does not ask for it."""
    rules = [{"to": [{"ipBlock": {"cidr": "192.0.2.10/32"}}], "ports": [{"port": 5432}]}]
    only = policy(app="web", policyTypes=["Egress"], egress=rules)
    assert lint(manifest(only, pod(container(8080)))) == []


def test_everything_allowed_includes_dns() -> None:
    """NT: an empty rule allows all."""
    for rules in ([{}], [{"ports": []}], [{"to": []}]):
        free = policy(app="web", policyTypes=["Egress"], egress=rules)
        assert lint(manifest(free, pod(container(8080)))) == []


def test_policies_of_others_may_allow_more() -> None:
    """Cilium's and Calico's policies add up with Kubernetes' in their own ways."""
    other = {
        "apiVersion": "cilium.io/v2",
        "kind": "CiliumNetworkPolicy",
        "metadata": {"name": "web"},
    }
    web = service("web", ports=[{"port": 80, "targetPort": 8080}])
    deny = policy(policyTypes=["Ingress", "Egress"])
    assert lint(manifest(web, pod(container(8080)), deny, other)) == []
    assert said(manifest(web, pod(container(8080)), deny)) == {"policy-blocks-service": "warning"}


def test_an_object_that_is_refused_still_is_there() -> None:
    """Its own fault has been told; what refers to it is not wrong besides."""
    refused = deployment(container({"name": "much-too-long-a-name", "containerPort": 8080}))
    web = service("web", ports=[{"port": 80, "targetPort": 8080}])
    assert lint(manifest(web, refused), refused=True) == []


def test_the_clusters_own_pods_are_in_kube_system() -> None:
    """kubeadm's static pods have labels that monitoring selects, and no manifest in the input."""
    scheduler = service("scheduler", "kube-system", selector={"component": "kube-scheduler"})
    assert lint(manifest(scheduler, pod(container(), namespace="kube-system"))) == []


@pytest.mark.parametrize(
    ("group", "kind"),
    [("cert-manager.io/v1", "Issuer"), ("monitoring.coreos.com/v1", "ServiceMonitor")],
)
def test_not_every_custom_resource_makes_pods(group: str, kind: str) -> None:
    """Certificates and scrape settings leave a wrong selector as wrong as it is."""
    other = {"apiVersion": group, "kind": kind, "metadata": {"name": "web"}}
    found = said(manifest(service(), pod(container(), app="webb"), other))
    assert found == {"selector-matches-nothing": "warning"}


def test_ports_of_a_protocol_that_is_none() -> None:
    """The API server refuses `tcp`; nothing follows from it for listeners and targets."""
    wrong = pod(container({"containerPort": 80, "protocol": "tcp"}, image="nginx:1.27"))
    assert lint(manifest(service(), wrong), refused=True) == []


def test_a_service_for_one_pod_of_a_stateful_set_may_publish_it_early() -> None:
    """Peers need each other's addresses before they are ready."""
    probed = container(6379, readinessProbe={"tcpSocket": {"port": 6379}})
    labels = {"statefulset.kubernetes.io/pod-name": "db-0"}
    one = service("db-0", selector=labels, ports=[{"port": 6379}], publishNotReadyAddresses=True)
    assert lint(manifest(one, deployment(probed, name="db", kind="StatefulSet"))) == []
