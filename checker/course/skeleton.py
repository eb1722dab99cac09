"""A new exercise's first files: complete enough to be read, unfinished enough to be told so.

The skeleton is a small working exercise about a Service's targetPort. Whoever writes an exercise
replaces it piece by piece, with `dev check` saying what does not fit together yet.
"""

from __future__ import annotations

import json

#: The image that plays applications and clients; the version is test/images/agnhost/VERSION of
#: Kubernetes 1.36.
AGNHOST = "registry.k8s.io/e2e-test-images/agnhost:2.63.0"

_EXPLANATION = "What was wrong, and why."

#: What the skeleton says in place of the exercise's own words, as long as nobody has written them.
PLACEHOLDERS = (
    "What happened, at whose work, and what can be seen of it. A few sentences.",
    "What must hold afterwards, and what must stay as it is.",
    "One sentence for the list of exercises.",
    "A nudge: where to look.",
    "More: what to compare there.",
    "Nearly the answer.",
    "Why the solution works.",
    "What the learner seems to believe.",
    "What is true.",
    _EXPLANATION,
)

_README = """# {title}

## Situation

What happened, at whose work, and what can be seen of it. A few sentences.

## Task

What must hold afterwards, and what must stay as it is.
"""

_TOML = """#:schema ../../checker/course/exercise.schema.json
schema = "checker/exercise/v1"
title = {quoted}
chapter = 4
summary = "One sentence for the list of exercises."
files = ["service.yaml"]

hints = [
  "A nudge: where to look.",
  "More: what to compare there.",
  "Nearly the answer.",
]

works = "Why the solution works."

[[checks]]
id = "accepted"
kind = "accepted"
title = "The API server accepts the Service"
points = 2
why = "What the API server refuses is never created."
fix = "Repair what the API server complains about."

[[checks]]
id = "service"
kind = "flow"
title = "Clients reach the Service on port 80"
points = 8
flows = [{{ from = "pod/client", to = "svc/web:80" }}]
why = "That is what the Service is for."
fix = "Compare targetPort with the port on which the application listens."

[[misconceptions]]
id = "port-is-target"
check = "service"
chapter = 4
believes = "What the learner seems to believe."
truth = "What is true."

[misconceptions.when.field]
object = "Service/web"
path = "spec.ports[*].targetPort"
equals = 80
"""

_SERVICE = """apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
    - port: 80
      targetPort: {target}
"""

_POD = """apiVersion: v1
kind: Pod
metadata:
  name: {name}
  labels:
    app: {name}
spec:
  containers:
    - name: {name}
      image: {image}
      args:
"""


def skeleton(name: str, title: str) -> dict[str, str]:
    """The files of a new exercise `name`: texts by their path in the repository.

    `title` is one line of text.
    """
    web = _POD.format(name="web", image=AGNHOST)
    client = _POD.format(name="client", image=AGNHOST)
    mark = "# fails: service misconception: port-is-target\n"
    return {
        f"exercises/{name}/README.md": _README.format(title=title),
        f"exercises/{name}/exercise.toml": _TOML.format(
            quoted=json.dumps(title, ensure_ascii=False)
        ),
        f"exercises/{name}/start/service.yaml": _SERVICE.format(target=80),
        f"exercises/{name}/given/web.yaml": web
        + "        - serve-hostname\n        - --port=8080\n",
        f"exercises/{name}/given/client.yaml": client + "        - pause\n",
        f"solutions/{name}/service.yaml": _SERVICE.format(target=8080),
        f"solutions/{name}/README.md": f"# {title}: the answer\n\n{_EXPLANATION}\n",
        f"tests/wrong_answers/{name}/unchanged.yaml": mark + _SERVICE.format(target=80),
    }
