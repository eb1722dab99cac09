"""The book's chapters by number: what exercises and misconceptions send a learner to."""

CHAPTERS = {
    1: "The pod network model",
    2: "Listener and containerPort",
    3: "Several containers in a pod, and probes",
    4: "port and targetPort",
    5: "Named and multi-protocol ports",
    6: "EndpointSlices and failures: refused or timeout?",
    7: "DNS, headless Services, environment variables",
    8: "NodePort, LoadBalancer, traffic policies, ExternalName",
    9: "hostPort and hostNetwork",
    10: "Ingress and Gateway",
    11: "NetworkPolicy and ports",
    12: "Namespaces, egress, Pod Security",
    13: "Connections, affinity, timeouts, sysctls, conntrack",
    14: "Monitoring ports",
    15: "Validation in CI/CD",
    16: "Service mesh naming, appProtocol, and the capstone",
}
