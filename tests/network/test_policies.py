# ruff: noqa: E501, ISC004 (one case of a table on one line reads best)
"""NetworkPolicy: FACTS C10, C11, C12, and what graders get wrong.

Expected verdicts: kubernetes.io's page on network policies, and
`sigs.k8s.io/kube-network-policies: pkg/networkpolicy` where it leaves a choice.
"""

from __future__ import annotations

import pytest

from tests.network.clusters import go, pod

PODS = (
    pod("web.shop", labels="app: web", container="ports: [{name: http, containerPort: 8080}]")
    + pod("friend.shop", labels="app: friend, tier: front")
    + pod("stranger.shop", labels="app: stranger")
    + pod("guest.other", labels="app: friend")
    + """
---
apiVersion: v1
kind: Namespace
metadata: {name: other, labels: {team: blue}}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
"""
)


def policy(spec: str, name: str = "policy", namespace: str = "shop") -> str:
    return f"""
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: {name}, namespace: {namespace}}}
spec: {{{spec}}}
"""


SOURCES = ("friend.shop", "stranger.shop", "guest.other")


@pytest.mark.parametrize(
    ("spec", "who"),
    [
        # An empty rule list denies, `[{}]` allows all.
        ("podSelector: {}, policyTypes: [Ingress]", ""),
        ("podSelector: {}, policyTypes: [Ingress], ingress: []", ""),
        ("podSelector: {}, ingress: [{}]", "friend stranger guest"),
        # A policy that selects others isolates nobody here.
        ("podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress]", "friend stranger guest"),
        # podSelector alone: the policy's own namespace.
        ("podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: friend}}}]}]", "friend"),
        ("podSelector: {}, ingress: [{from: [{podSelector: {}}]}]", "friend stranger"),
        # namespaceSelector: {} is every namespace, no deny-all.
        ("podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]", "friend stranger guest"),
        ("podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: blue}}}]}]", "guest"),
        ("podSelector: {}, ingress: [{from: [{namespaceSelector:"
         " {matchLabels: {kubernetes.io/metadata.name: other}}}]}]", "guest"),
        # Both selectors in one item: AND; in two: OR.
        ("podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: blue}},"
         " podSelector: {matchLabels: {app: friend}}}]}]", "guest"),
        ("podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: blue}}},"
         " {podSelector: {matchLabels: {app: friend}}}]}]", "friend guest"),
        # matchExpressions.
        ("podSelector: {}, ingress: [{from: [{podSelector: {matchExpressions:"
         " [{key: app, operator: In, values: [friend, x]}]}}]}]", "friend"),
        ("podSelector: {}, ingress: [{from: [{podSelector: {matchExpressions:"
         " [{key: tier, operator: DoesNotExist}]}}]}]", "stranger"),
        ("podSelector: {}, ingress: [{from: [{podSelector: {matchExpressions:"
         " [{key: app, operator: NotIn, values: [friend]}]}}]}]", "stranger"),
        # Ports are the pod's, not the Service's.
        ("podSelector: {}, ingress: [{ports: [{port: 80}]}]", ""),
        ("podSelector: {}, ingress: [{ports: [{port: 8080}]}]", "friend stranger guest"),
        ("podSelector: {}, ingress: [{ports: [{port: http}]}]", "friend stranger guest"),
        ("podSelector: {}, ingress: [{ports: [{port: htp}]}]", ""),
        ("podSelector: {}, ingress: [{ports: [{port: 8080, protocol: UDP}]}]", ""),
        ("podSelector: {}, ingress: [{ports: [{protocol: TCP}]}]", "friend stranger guest"),
        ("podSelector: {}, ingress: [{ports: [{port: 8000, endPort: 8080}]}]", "friend stranger guest"),
        ("podSelector: {}, ingress: [{ports: [{port: 8000, endPort: 8079}]}]", ""),
        ("podSelector: {}, ingress: [{ports: [{port: 8080}], from: [{podSelector: {matchLabels:"
         " {app: friend}}}]}]", "friend"),
        # ipBlock minus except, over the pods' range.
        ("podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]", "friend stranger guest"),
        ("podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.244.0.0/16}}]}]", "friend stranger guest"),
        ("podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.244.0.0/16]}}]}]", ""),
        ("podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 192.168.0.0/16}}]}]", ""),
        # Only egress is isolated: web takes everything.
        ("podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]", "friend stranger guest"),
    ],
)  # fmt: skip
def test_who_reaches_the_pod(spec: str, who: str) -> None:
    for source in SOURCES:
        for target in ("svc/web.shop:80", "pod/web.shop:8080"):
            trace = go(PODS + policy(spec), f"pod/{source}", target)
            expected = "connected" if source.partition(".")[0] in who.split() else "timeout"
            assert trace.verdict == expected, (source, target, trace.hops)
            if expected == "timeout":
                assert trace.hops[-1].stage == "ingress-policy"
                assert str(trace.hops[-1].object) == "NetworkPolicy/policy"


@pytest.mark.parametrize(
    ("spec", "verdict"),
    [
        ("podSelector: {matchLabels: {app: friend}}, policyTypes: [Egress]", "timeout"),
        ("podSelector: {matchLabels: {app: friend}}, egress: [{to: [{podSelector: {matchLabels: {app: web}}}]}]", "connected"),
        ("podSelector: {matchLabels: {app: friend}}, egress: [{ports: [{port: 80}]}]", "timeout"),
        ("podSelector: {matchLabels: {app: friend}}, egress: [{ports: [{port: 8080}]}]", "connected"),
        # The name is that of the destination's container port.
        ("podSelector: {matchLabels: {app: friend}}, egress: [{ports: [{port: http}]}]", "connected"),
        # A Service's address is translated before any policy is asked.
        ("podSelector: {matchLabels: {app: friend}}, egress: [{to: [{ipBlock: {cidr: 10.96.0.0/16}}]}]", "timeout"),
        # policyTypes default to Ingress alone where there is no egress rule.
        ("podSelector: {matchLabels: {app: friend}}", "connected"),
    ],
)  # fmt: skip
def test_egress(spec: str, verdict: str) -> None:
    trace = go(PODS + policy(spec), "pod/friend.shop", "svc/web.shop:80")
    assert trace.verdict == verdict
    if verdict == "timeout":
        assert trace.hops[-1].stage == "egress-policy"


def test_policies_add_up() -> None:
    deny = policy("podSelector: {}, policyTypes: [Ingress]", "deny")
    allow = policy(
        "podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {matchLabels: {app: friend}}}]}]",
        "allow",
    )
    assert go(PODS + deny + allow, "pod/friend.shop", "svc/web.shop:80").verdict == "connected"
    assert go(PODS + deny + allow, "pod/stranger.shop", "svc/web.shop:80").verdict == "timeout"


def test_replies_need_no_rule() -> None:
    deny = policy("podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]")
    assert go(PODS + deny, "pod/friend.shop", "svc/web.shop:80").verdict == "connected"


def test_its_own_node_is_let_in_and_another_is_not() -> None:
    deny = policy("podSelector: {}, policyTypes: [Ingress]")
    placed = PODS.replace(
        "name: web, namespace: shop, labels: {app: web}}\nspec:",
        "name: web, namespace: shop, labels: {app: web}}\nspec:\n  nodeName: node-1",
    )
    assert go(placed + deny, "node/node-1", "pod/web.shop:8080", nodes=2).verdict == "connected"
    assert go(placed + deny, "node/node-2", "pod/web.shop:8080", nodes=2).verdict == "timeout"
    # Where the pod is decides; nobody said.
    assert go(PODS + deny, "node/node-1", "pod/web.shop:8080", nodes=2).verdict == "cannot-tell"


def test_an_ip_block_that_covers_part_of_the_pods_range_cannot_be_told() -> None:
    spec = "podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.244.0.4/32}}]}]"
    trace = go(PODS + policy(spec), "pod/friend.shop", "pod/web.shop:8080")
    assert trace.verdict == "cannot-tell"
    assert trace.hops[-1].stage == "ingress-policy"


def test_dns_needs_its_way_out() -> None:
    closed = policy(
        "podSelector: {}, policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: {app: web}}}]}]"
    )
    lookup = go(PODS + closed, "pod/friend.shop", "dns/web:80")
    assert lookup.verdict == "dns-failure"
    assert lookup.hops[-1].stage == "dns"
    assert str(lookup.hops[-1].object) == "NetworkPolicy/policy"
    assert go(PODS + closed, "pod/friend.shop", "svc/web:80").verdict == "connected"
    for rule, verdict in (
        ("{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}},"
         " podSelector: {matchLabels: {k8s-app: kube-dns}}}], ports: [{port: 53, protocol: UDP}]}", "connected"),
        ("{ports: [{port: 53, protocol: UDP}, {port: 53}]}", "connected"),
        ("{ports: [{port: 53}]}", "dns-failure"),
        # The DNS Service's address is translated away before the policy is asked.
        ("{to: [{ipBlock: {cidr: 10.96.0.10/32}}], ports: [{port: 53, protocol: UDP}]}", "dns-failure"),
    ):  # fmt: skip
        opened = policy(f"podSelector: {{}}, policyTypes: [Egress], egress: [{rule}]", "dns")
        assert go(PODS + closed + opened, "pod/friend.shop", "dns/web:80").verdict == verdict, rule


def test_a_refused_policy_is_named_not_ignored() -> None:
    from checker.api.admission import admit
    from checker.api.settings import ClusterSettings
    from checker.manifests import Source, read
    from checker.network import build_cluster, trace

    text = PODS + policy("podSelector: {}, policyTypes: [Ingress]")
    resources = admit(read([Source("a.yaml", text)]).manifests, ClusterSettings()).resources
    next(one for one in resources if one.ref.kind == "NetworkPolicy").accepted = False
    found = trace(build_cluster(resources, ClusterSettings()), "pod/friend.shop", "svc/web.shop:80")
    assert found.verdict == "rejected"
    assert str(found.hops[-1].object) == "NetworkPolicy/policy"
