"""The words of the API server's findings, in one place for whoever translates or improves them."""

from __future__ import annotations

_DOCS = "https://kubernetes.io/docs"
_SERVICE = f"{_DOCS}/concepts/services-networking/service/"

#: Kind, or rule, -> the page that explains it; "" for all others.
PAGES = {
    "": f"{_DOCS}/concepts/overview/working-with-objects/",
    "Pod": f"{_DOCS}/concepts/workloads/pods/",
    "Deployment": f"{_DOCS}/concepts/workloads/controllers/deployment/",
    "ReplicaSet": f"{_DOCS}/concepts/workloads/controllers/replicaset/",
    "StatefulSet": f"{_DOCS}/concepts/workloads/controllers/statefulset/",
    "DaemonSet": f"{_DOCS}/concepts/workloads/controllers/daemonset/",
    "Job": f"{_DOCS}/concepts/workloads/controllers/job/",
    "CronJob": f"{_DOCS}/concepts/workloads/controllers/cron-jobs/",
    "Service": _SERVICE,
    "Endpoints": f"{_DOCS}/concepts/services-networking/endpoint-slices/",
    "EndpointSlice": f"{_DOCS}/concepts/services-networking/endpoint-slices/",
    "Ingress": f"{_DOCS}/concepts/services-networking/ingress/",
    "IngressClass": f"{_DOCS}/concepts/services-networking/ingress/",
    "NetworkPolicy": f"{_DOCS}/concepts/services-networking/network-policies/",
    "Namespace": f"{_DOCS}/concepts/overview/working-with-objects/namespaces/",
    "ConfigMap": f"{_DOCS}/concepts/configuration/configmap/",
    "Secret": f"{_DOCS}/concepts/configuration/secret/",
    "ServiceAccount": f"{_DOCS}/concepts/security/service-accounts/",
    "PodDisruptionBudget": f"{_DOCS}/tasks/run-application/configure-pdb/",
    "HorizontalPodAutoscaler": f"{_DOCS}/tasks/run-application/horizontal-pod-autoscale/",
    "GatewayClass": "https://gateway-api.sigs.k8s.io/api-types/gatewayclass/",
    "Gateway": "https://gateway-api.sigs.k8s.io/api-types/gateway/",
    "HTTPRoute": "https://gateway-api.sigs.k8s.io/api-types/httproute/",
    "ReferenceGrant": "https://gateway-api.sigs.k8s.io/api-types/referencegrant/",
    "api-removed-version": f"{_DOCS}/reference/using-api/deprecation-guide/",
    "api-pod-security": f"{_DOCS}/concepts/security/pod-security-standards/",
}

#: Rule -> why it matters, how to fix it.
DEFAULTS = {
    "api-required": (
        "The API server has no value to fill in here, so it refuses the object without one.",
        "Add the field with a value.",
    ),
    "api-invalid": (
        "The value breaks a rule that the API server holds this field to; the object is refused.",
        "Change the value as the message says.",
    ),
    "api-not-supported": (
        "Only the listed values exist, and upper and lower case count.",
        "Use one of the values in the message, spelled exactly so.",
    ),
    "api-duplicate": (
        "This has to be unique, and the same value stands further up.",
        "Change one of the two, or remove it.",
    ),
    "api-not-found": (
        "This names something that the object itself has to define, and it does not.",
        "Define it under that name, or correct the name.",
    ),
    "api-forbidden": (
        "The field is not allowed together with what else the object says.",
        "Remove the field, or change what it conflicts with.",
    ),
    "api-too-long": (
        "The API server limits how long this may be.",
        "Make it shorter.",
    ),
    "api-too-many": (
        "The API server limits how many of these an object may hold.",
        "Remove some, or split the object.",
    ),
    "api-internal": (
        "The API server cannot give out what the object asks for.",
        "Ask for something else, or leave the field out to get whatever is free.",
    ),
    "api-decode": (
        (
            "The value has the wrong type, so the server cannot read the object at all: a number "
            "in quotes is text, and an unquoted yes, no, on, off, y or n is true or false."
        ),
        "Write the type that the message asks for: numbers without quotes, text in quotes.",
    ),
    "api-unknown-field": (
        (
            "No field has this name at this place. kubectl refuses it; where validation is off the "
            "field silently vanishes, and with it what you meant."
        ),
        "Check the spelling, upper and lower case, and the indentation.",
    ),
    "api-duplicate-field": (
        "The key stands twice in one mapping. Only one of the two values can count.",
        "Keep one of them.",
    ),
    "api-missing-kind": (
        "Without a kind nobody can tell what this is.",
        "Add kind, for example kind: Service.",
    ),
    "api-missing-version": (
        "Without an apiVersion nobody can tell which fields this object may have.",
        "Add apiVersion, for example apiVersion: v1 for a Service or apps/v1 for a Deployment.",
    ),
    "api-unknown-kind": (
        "Kubernetes 1.36 serves no such kind in this group and version.",
        "Check the spelling of kind and apiVersion (kubectl api-resources lists them).",
    ),
    "api-removed-version": (
        "Kubernetes does not serve this kind in this version any more, or never did.",
        "Use the apiVersion that serves it now, and look whether its fields have changed.",
    ),
    "api-pod-security": (
        "The namespace's labels ask the API server to refuse such pods (Pod Security).",
        "Change the pod as the message says, or run it in a namespace that allows this.",
    ),
    "api-type-invalid": (
        "The value has another type than the schema of this custom resource asks for.",
        "Write the type that the message names: numbers without quotes, text in quotes.",
    ),
    "api-warning": (
        (
            "The API server takes the object, and warns: something in it will not do what it seems "
            "to."
        ),
        "Change it as the warning says.",
    ),
    "object-named-twice": (
        (
            "The second create would fail, and apply would make one object of the two: whichever "
            "is applied last wins, field by field."
        ),
        "Give one of them another name or namespace, or remove it.",
    ),
    "kind-not-checked": (
        "There are no rules here for what such a spec may say, so nothing is claimed about it.",
        "Nothing to do; a server dry run (kubectl apply --dry-run=server) would check it.",
    ),
}

#: Rule and end of the field -> why, how to fix it, and a page if it is another than the kind's.
TEXTS: dict[str, tuple[str, ...]] = {
    "api-required Service spec.ports.name": (
        (
            "A Service with more than one port needs a name for each, so that others can tell them "
            "apart: Ingresses, DNS SRV records, EndpointSlices."
        ),
        "Name every port of the Service, for example http and metrics.",
        f"{_SERVICE}#multi-port-services",
    ),
    "api-duplicate Service spec.ports": (
        (
            "Traffic arrives by protocol and port number; two entries with the same pair could not "
            "be told apart."
        ),
        "Give one of them another port, or another protocol.",
    ),
    "api-invalid Service spec.ports.nodePort": (
        "A node port is one number in the whole cluster, within the server's range.",
        (
            "Use a free number of the range (best 30000-30085, which is kept for fixed ones), or "
            "leave nodePort out to get one."
        ),
        f"{_SERVICE}#type-nodeport",
    ),
    "api-forbidden Service spec.ports.nodePort": (
        "Only Services of type NodePort or LoadBalancer open a port on the nodes.",
        "Set type: NodePort, or remove nodePort.",
        f"{_SERVICE}#type-nodeport",
    ),
    "api-invalid Service spec.ports.targetPort": (
        (
            "targetPort is a port number, or the name of a container's port: a number in quotes is "
            "read as a name, and names need a letter."
        ),
        "Write the number without quotes, or a port name of at most 15 characters.",
    ),
    "api-invalid ports.name": (
        (
            "Port names of containers follow IANA's service names: at most 15 lower-case letters, "
            "digits and single hyphens, with at least one letter."
        ),
        "Use a short name such as http or grpc-api.",
    ),
    "api-invalid Service spec.ports.name": (
        (
            "The names of a Service's ports become part of DNS names, so they are DNS labels: "
            "lower-case letters, digits and hyphens."
        ),
        "Use a name such as http or grpc-api.",
    ),
    "api-required ports.containerPort": (
        "An entry under ports says which port the container listens on; 0 is no port.",
        "Set containerPort to the number that the application listens on, or remove the entry.",
    ),
    "api-invalid ports.containerPort": (
        "Ports are numbers of 16 bits: 1 to 65535.",
        "Set the number that the application listens on.",
    ),
    "api-not-supported protocol": (
        (
            "Kubernetes knows three transport protocols, in capitals. HTTP is no transport "
            "protocol: it runs on TCP."
        ),
        "Write TCP, UDP or SCTP, or leave protocol out for TCP.",
    ),
    "api-duplicate ports.hostPort": (
        "Two containers of one pod ask for the same port of the node; only one can have it.",
        "Give one of them another hostPort. Better, use a Service and no hostPort.",
    ),
    "api-invalid template.metadata.labels": (
        (
            "A workload finds its own pods by its selector. If the template's labels do not match, "
            "it would create pods for ever and never find one."
        ),
        "Give the template the labels that the selector asks for.",
    ),
    "api-required spec.selector": (
        "A workload finds its own pods by its selector; apps/v1 has no default for it.",
        "Add selector.matchLabels with the labels of the template.",
    ),
    "api-not-found volumeMounts.name": (
        "The container mounts a volume that the pod does not define (or defines wrongly).",
        "Add a volume of that name under spec.volumes, or correct the name.",
    ),
    "api-invalid metadata.name": (
        "Names become parts of URLs, and often of DNS names.",
        "Use lower-case letters, digits and hyphens, and begin and end with a letter or digit.",
    ),
}
