"""Clusters to measure `trace` and `matrix` with: pods, Services and policies, as many as asked for.

Every pod differs from every other: each is a Deployment of one replica with a label of its own, so
nothing can be grouped but what a model finds out to be alike. Ten namespaces, three tiers. A policy
opens one application's port 8080 to a tier of its own namespace and of the next, and lets it out to
another tier and to DNS.
"""

from __future__ import annotations

from pathlib import Path

NAMESPACES = 10
TIERS = ("web", "api", "data")

_POD = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-{app}
  namespace: {namespace}
spec:
  replicas: 1
  selector:
    matchLabels: {{app: app-{app}}}
  template:
    metadata:
      labels: {{app: app-{app}, tier: {tier}}}
    spec:
      containers:
        - name: main
          image: registry.k8s.io/e2e-test-images/agnhost:2.63.0
          args: [netexec, --http-port=8080]
          ports:
            - name: http
              containerPort: 8080
"""
_SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  name: service-{number}
  namespace: {namespace}
spec:
  selector: {{app: app-{app}}}
  ports:
    - port: 80
      targetPort: {target}
"""
_POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: policy-{number}
  namespace: {namespace}
spec:
  podSelector:
    matchLabels: {{app: app-{app}}}
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - podSelector:
            matchLabels: {{tier: {tier}}}
        - namespaceSelector:
            matchLabels: {{team: {neighbour}}}
          podSelector:
            matchLabels: {{tier: {tier}}}
      ports:
        - port: {target}
  egress:
    - to:
        - podSelector:
            matchLabels: {{tier: {other}}}
    - ports:
        - {{protocol: UDP, port: 53}}
        - {{protocol: TCP, port: 53}}
"""


def namespace_of(app: int) -> str:
    """The namespace that an application is in."""
    return f"team-{app % NAMESPACES}"


def world(pods: int, services: int, policies: int) -> list[str]:
    """The objects, each as the text of one document."""
    texts = [
        f"apiVersion: v1\nkind: Namespace\nmetadata:\n  name: team-{number}\n"
        f"  labels: {{team: team-{number}}}\n"
        for number in range(NAMESPACES)
    ]
    for app in range(pods):
        tier = TIERS[app % 3]
        texts.append(_POD.format(app=app, namespace=namespace_of(app), tier=tier))
    for number in range(services):
        app = _spread(number, services, pods)
        # Half by name, half by number.
        target = ("http", "8080")[number % 2]
        texts.append(
            _SERVICE.format(number=number, namespace=namespace_of(app), app=app, target=target)
        )
    for number in range(policies):
        app = _spread(number, policies, pods)
        texts.append(
            _POLICY.format(
                number=number,
                namespace=namespace_of(app),
                app=app,
                tier=TIERS[number % 3],
                other=TIERS[(number + 1) % 3],
                neighbour=namespace_of(app + 1),
                target=("8080", "http")[number % 2],
            )
        )
    return texts


def write_world(folder: Path, pods: int, services: int, policies: int) -> Path:
    """One file an object in a new folder."""
    folder.mkdir(parents=True)
    for number, text in enumerate(world(pods, services, policies)):
        (folder / f"{number:05}.yaml").write_text(text, encoding="utf-8")
    return folder


def _spread(number: int, count: int, pods: int) -> int:
    """Which application the number-th of `count` is about: evenly over all of them."""
    return number * pods // count if count <= pods else number % pods
