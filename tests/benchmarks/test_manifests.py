"""Cost a manifest: reading, admitting, and all that `lint` does, growing with their number."""

import time

import pytest

from checker.advice import advise
from checker.api import ClusterSettings, admit
from checker.manifests import Source, read
from checker.network import build_cluster

WEB = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-{number}
  labels: {{app: web-{number}}}
spec:
  replicas: 2
  selector:
    matchLabels: {{app: web-{number}}}
  template:
    metadata:
      labels: {{app: web-{number}}}
    spec:
      containers:
        - name: web
          image: registry.k8s.io/e2e-test-images/agnhost:2.63.0
          args: [netexec, --http-port=8080]
          ports:
            - name: http
              containerPort: 8080
          readinessProbe:
            httpGet: {{path: /, port: http}}
---
apiVersion: v1
kind: Service
metadata:
  name: web-{number}
spec:
  selector: {{app: web-{number}}}
  ports:
    - port: 80
      targetPort: http
---
"""
SIZES = (10, 100, 1000)


def sources(objects):
    """A Deployment and a Service in turn, `objects` in all, fifty to a file."""
    texts = [WEB.format(number=number) for number in range(objects // 2)]
    return [
        Source(f"{start}.yaml", "".join(texts[start : start + 25]))
        for start in range(0, len(texts), 25)
    ]


@pytest.mark.parametrize("objects", SIZES)
def test_read(benchmark, objects):
    texts = sources(objects)
    reading = benchmark(lambda: read(texts))
    assert len(reading.manifests) == objects
    benchmark.extra_info["ms an object"] = benchmark.stats["median"] * 1000 / objects


@pytest.mark.parametrize("objects", SIZES)
def test_admit(benchmark, objects):
    manifests = read(sources(objects)).manifests
    admission = benchmark(lambda: admit(manifests))
    assert all(resource.accepted for resource in admission.resources)
    benchmark.extra_info["ms an object"] = benchmark.stats["median"] * 1000 / objects


POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web-{number}
spec:
  podSelector:
    matchLabels: {{app: web-{number}}}
  ingress:
    - from:
        - podSelector:
            matchLabels: {{app: web-{other}}}
      ports:
        - port: http
"""


def one_object_files(objects):
    """Deployments, Services and policies in turn in one namespace, an object a file."""
    texts = []
    for number in range(objects // 3 + 1):
        texts += WEB.format(number=number).split("---\n")[:2]
        texts.append(POLICY.format(number=number, other=number // 2))
    return [Source(f"{number}.yaml", text) for number, text in enumerate(texts[:objects])]


def lint(texts):
    """What `lint` does between reading files and printing."""
    resources = admit(read(texts).manifests).resources
    return advise(build_cluster(resources, ClusterSettings()), resources)


@pytest.mark.parametrize("objects", [*SIZES, 10_000])
def test_lint_an_object_a_file(benchmark, objects):
    texts = one_object_files(objects)
    benchmark.pedantic(lint, args=(texts,), rounds=3 if objects < 10_000 else 1)
    benchmark.extra_info["ms an object"] = benchmark.stats["median"] * 1000 / objects


def test_lint_is_linear(benchmark):
    """Ten times the objects take ten times as long; quadratic growth would show as a hundred."""
    costs = {}
    for objects in (500, 5000):
        texts = one_object_files(objects)
        taken = []
        for _ in range(3):
            start = time.process_time()
            lint(texts)
            taken.append(time.process_time() - start)
        costs[objects] = min(taken) / objects
    growth = costs[5000] / costs[500]
    benchmark.extra_info["growth of an object's cost"] = growth
    benchmark.pedantic(lint, args=(one_object_files(100),), rounds=1)
    # Generous: the collector and the caches have their share.
    assert growth < 3


def test_report_as_text(benchmark):
    from checker.report.text.findings import findings_text
    from checker.report.text.style import Style

    texts = sources(1000)
    broken = [Source(name, text.replace("port: 80\n", "port: 0\n")) for name, text in texts]
    findings = admit(read(broken).manifests).findings
    assert len(findings) >= 500
    named = {source.name: source.text for source in broken}
    benchmark(lambda: findings_text(findings, named, 1000, Style()))
