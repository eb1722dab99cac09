"""Cost a manifest: reading, admitting, and both, with growth from ten to a thousand objects."""

import pytest

from checker.api import admit
from checker.manifests import Source, read

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


def test_report_as_text(benchmark):
    from checker.report.text.findings import findings_text
    from checker.report.text.style import Style

    texts = sources(1000)
    broken = [Source(name, text.replace("port: 80\n", "port: 0\n")) for name, text in texts]
    findings = admit(read(broken).manifests).findings
    assert len(findings) >= 500
    named = {source.name: source.text for source in broken}
    benchmark(lambda: findings_text(findings, named, 1000, Style()))
