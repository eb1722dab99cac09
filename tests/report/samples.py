"""Results made by hand, to be looked at in every format."""

from checker.api.finding import Finding, ObjectRef
from checker.course.result import CheckResult, ExerciseReport, ToldMisconception
from checker.manifests import Location
from checker.network.answer import Axis, EndpointVerdict, Hop, Matrix, Trace

WEB = """\
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
    - port: 80
      targetPort: 8080  # the old application
"""
TEXTS = {"answer/web.yaml": WEB}
SERVICE = ObjectRef("v1", "Service", "default", "web")
PLACE = Location("answer/web.yaml", 10, 7)

TRACE = Trace(
    "pod/client",
    "svc/web:80",
    "TCP",
    "refused",
    (
        Hop(
            "service",
            "pass",
            SERVICE,
            "spec.ports[0]",
            "web:80 → 8080",
            Location("answer/web.yaml", 9, 7),
        ),
        Hop("endpoints", "pass", SERVICE, "spec.selector", "2 ready pods: web-1, web-2", None),
        Hop(
            "listener",
            "fail",
            ObjectRef("v1", "Pod", "default", "web-1"),
            "spec.containers[0].args",
            "nothing listens on 8080/TCP in pod web-1: agnhost serve-hostname listens on 9376/TCP, "
            "on all addresses",
            PLACE,
        ),
    ),
    (EndpointVerdict("web-1", 8080, "refused"), EndpointVerdict("web-2", 8080, "refused")),
)
UNKNOWN = TRACE._replace(
    verdict="cannot-tell",
    hops=(*TRACE.hops[:2], TRACE.hops[2]._replace(status="unknown", location=None)),
)
CONNECTED = TRACE._replace(
    verdict="connected",
    hops=(*TRACE.hops[:2], TRACE.hops[2]._replace(status="pass", detail="agnhost answers")),
    endpoints=(EndpointVerdict("web-1", 9376, "connected"),),
)

FINDING = Finding(
    "api-required",
    "error",
    "api-server",
    SERVICE,
    "spec.ports[0].name",
    "Required value",
    "Several ports need names to be told apart.",
    "Name each port.",
    Location("answer/web.yaml", 9, 7),
    "https://kubernetes.io/docs/concepts/services-networking/service/",
)
WARNING = FINDING._replace(rule="some-trap", severity="warning", source="analysis", object=None)
NOTE = WARNING._replace(rule="a-note", severity="note", location=None, url="", field="")

ACCEPTED = CheckResult(
    "accepted", "The API server accepts the objects", "pass", "static",
    2, 2, "", "", "", None, None, None,
)  # fmt: skip
FAILED = CheckResult(
    "service",
    "Clients reach the Service on port 80",
    "fail",
    "static",
    0,
    5,
    "Expected connected, seen refused: nothing listens on 8080/TCP in pod web-1.",
    "A Service forwards to targetPort on each pod.",
    "Compare the Service's targetPort with the application's arguments.",
    ToldMisconception("declaring", "containerPort moves it.", "It moves nothing.", "chapter 2"),
    PLACE,
    TRACE,
)
LATER = ACCEPTED._replace(
    id="later", title="Nobody else gets in", status="not-reached", points=0, max_points=3
)
LIVE = LATER._replace(id="live", title="The cluster agrees", status="cannot-tell", mode="live")

FAIL = ExerciseReport(
    "exercise3", "Wrong target", "fail", 2, 10, (ACCEPTED, FAILED, LATER, LIVE), (FINDING, WARNING)
)
PASS = ExerciseReport(
    "exercise3", "Wrong target", "pass", 10, 10,
    (ACCEPTED, FAILED._replace(status="pass", points=5, message="", trace=CONNECTED)), (),
)  # fmt: skip
ERROR = ExerciseReport(
    "exercise3", "Wrong target", "error", 0, 10, (), (),
    "not YAML: mapping values are not allowed here", Location("answer/web.yaml", 5, 5),
)  # fmt: skip
MATRIX = Matrix(
    "TCP",
    (
        Axis("pod/client.default", ("pod/client.default",)),
        Axis("pod/web-1.default", ("pod/web-1.default", "pod/web-2.default")),
    ),
    (
        Axis("svc/web.default:80", ("svc/web.default:80",)),
        Axis("pod/web-1.default:9376", ("pod/web-1.default:9376",)),
    ),
    (("refused", "connected"), ("refused", "connected")),
)
