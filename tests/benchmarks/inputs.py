"""Manifests to measure with: one object a file, seventeen kinds of it in turn, no name twice.

Each application is what teams really keep in a repository: a web tier behind an Ingress, a database
with a headless Service, an agent on each node, jobs, policies and what they need. Nothing in it is
at fault, so no checker spends its time on messages.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

_LABELS = "{{app.kubernetes.io/name: {name}, app.kubernetes.io/part-of: shop-{number}}}"
_POD = """\
{indent}metadata:
{indent}  labels: {labels}
{indent}spec:
{indent}  serviceAccountName: shop-{number}
{indent}  securityContext: {{runAsNonRoot: true, seccompProfile: {{type: RuntimeDefault}}}}
{indent}  containers:
{indent}    - name: main
{indent}      image: registry.k8s.io/e2e-test-images/agnhost:2.63.0
{indent}      args: [netexec, --http-port=8080]
{indent}      ports:
{indent}        - name: http
{indent}          containerPort: 8080
{indent}      env:
{indent}        - name: DATABASE
{indent}          value: shop-{number}-db:8080
{indent}        - name: PASSWORD
{indent}          valueFrom: {{secretKeyRef: {{name: shop-{number}, key: password}}}}
{indent}        - name: NODE
{indent}          valueFrom: {{fieldRef: {{fieldPath: spec.nodeName}}}}
{indent}      envFrom:
{indent}        - configMapRef: {{name: shop-{number}}}
{indent}      resources:
{indent}        requests: {{cpu: 100m, memory: 64Mi}}
{indent}        limits: {{memory: 128Mi}}
{indent}      readinessProbe:
{indent}        httpGet: {{path: /healthz, port: http}}
{indent}        periodSeconds: 5
{indent}      livenessProbe:
{indent}        httpGet: {{path: /healthz, port: http}}
{indent}        initialDelaySeconds: 10
{indent}      securityContext:
{indent}        allowPrivilegeEscalation: false
{indent}        readOnlyRootFilesystem: true
{indent}        capabilities: {{drop: [ALL]}}
{indent}      volumeMounts:
{indent}        - {{name: scratch, mountPath: /tmp}}
{indent}  volumes:
{indent}    - name: scratch
{indent}      emptyDir: {{}}
"""
_HEAD = """\
apiVersion: {version}
kind: {kind}
metadata:
  name: {name}
  namespace: team-{team}
  labels: {labels}
"""
_WORKLOAD = """\
spec:
  {more}
  selector:
    matchLabels: {labels}
  template:
"""
_SPECS = {
    "ConfigMap": "data:\n  LOG_LEVEL: info\n  GREETING: hello, shop {number}\n  limits.conf: |\n"
    "    workers = 4\n    queue = 128\n",
    "Secret": "type: Opaque\nstringData:\n  password: correct-horse-{number}\n",
    "ServiceAccount": "automountServiceAccountToken: false\n",
    "Service": """\
spec:
  selector: {selector}
  ports:
    - name: http
      port: 80
      targetPort: http
""",
    "headless": """\
spec:
  clusterIP: None
  selector: {selector}
  ports:
    - name: database
      port: 8080
      targetPort: http
""",
    "Ingress": """\
spec:
  ingressClassName: internal
  tls:
    - hosts: [shop-{number}.example.com]
      secretName: shop-{number}-tls
  rules:
    - host: shop-{number}.example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: shop-{number}
                port: {{name: http}}
""",
    "NetworkPolicy": """\
spec:
  podSelector:
    matchLabels: {selector}
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - podSelector: {{}}
      ports:
        - {{protocol: TCP, port: http}}
  egress:
    - to:
        - podSelector:
            matchLabels: {{app.kubernetes.io/name: shop-{number}-db}}
      ports:
        - {{protocol: TCP, port: 8080}}
    - ports:
        - {{protocol: UDP, port: 53}}
        - {{protocol: TCP, port: 53}}
""",
    "PodDisruptionBudget": """\
spec:
  minAvailable: 1
  selector:
    matchLabels: {selector}
""",
    "HorizontalPodAutoscaler": """\
spec:
  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: shop-{number}}}
  minReplicas: 2
  maxReplicas: 8
  metrics:
    - type: Resource
      resource:
        name: cpu
        target: {{type: Utilization, averageUtilization: 70}}
""",
}
#: What an application consists of: apiVersion, kind, the end of its name, whose pods it means.
_PARTS = (
    ("v1", "ServiceAccount", "", ""),
    ("v1", "ConfigMap", "", ""),
    ("v1", "Secret", "", ""),
    ("apps/v1", "Deployment", "", ""),
    ("v1", "Service", "", ""),
    ("networking.k8s.io/v1", "Ingress", "", ""),
    ("networking.k8s.io/v1", "NetworkPolicy", "", ""),
    ("policy/v1", "PodDisruptionBudget", "", ""),
    ("autoscaling/v2", "HorizontalPodAutoscaler", "", ""),
    ("apps/v1", "StatefulSet", "-db", "-db"),
    ("v1", "headless", "-db", "-db"),
    ("networking.k8s.io/v1", "NetworkPolicy", "-db", "-db"),
    ("apps/v1", "DaemonSet", "-agent", "-agent"),
    ("v1", "Service", "-agent", "-agent"),
    ("batch/v1", "CronJob", "-report", "-report"),
    ("batch/v1", "Job", "-migrate", "-migrate"),
    ("v1", "ConfigMap", "-dashboards", ""),
)
KINDS = {(version, "Service" if kind == "headless" else kind) for version, kind, _, _ in _PARTS}


def manifests(count: int) -> Iterator[str]:
    """As many objects as asked for, each the whole text of a file."""
    for index in range(count):
        number, part = divmod(index, len(_PARTS))
        yield _object(number, *_PARTS[part])


def write_manifests(folder: Path, count: int) -> list[str]:
    """A file for each object in a new folder; their paths."""
    folder.mkdir(parents=True)
    paths = []
    for index, text in enumerate(manifests(count)):
        path = folder / f"{index:05}.yaml"
        path.write_text(text, encoding="utf-8")
        paths.append(str(path))
    return paths


def _object(number: int, version: str, kind: str, end: str, pods: str) -> str:
    name = f"shop-{number}{end}"
    labels = _LABELS.format(name=name, number=number)
    head = _HEAD.format(
        version=version,
        kind="Service" if kind == "headless" else kind,
        name=name,
        team=number % 10,
        labels=labels,
    )
    if kind in _SPECS:
        selector = _LABELS.format(name=f"shop-{number}{pods}", number=number)
        return head + _SPECS[kind].format(number=number, selector=selector)
    if kind in ("Job", "CronJob"):
        return head + _job(number, kind, labels)
    more = {
        "Deployment": "replicas: 3",
        "StatefulSet": f"serviceName: {name}",
        "DaemonSet": "minReadySeconds: 5",
    }[kind]
    return head + _WORKLOAD.format(labels=labels, more=more) + _pod(number, labels, 4)


def _job(number: int, kind: str, labels: str) -> str:
    if kind == "Job":
        return f"spec:\n  backoffLimit: 2\n  template:\n{_pod(number, labels, 4, once=True)}"
    return (
        f'spec:\n  schedule: "{number % 60} 3 * * *"\n  jobTemplate:\n    spec:\n'
        f"      template:\n{_pod(number, labels, 8, once=True)}"
    )


def _pod(number: int, labels: str, indent: int, once: bool = False) -> str:
    text = _POD.format(indent=" " * indent, labels=labels, number=number)
    return text + " " * (indent + 2) + "restartPolicy: OnFailure\n" if once else text
