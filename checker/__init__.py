"""Predicts what Kubernetes would do with your manifests, and says where the packet dies.

The rooms of this package, in the one direction that data flows:

    manifests -> api -> network -> advice -> course -> report, live, workspace -> cli

From `manifests` to `report` everything is pure: text in, values out.
"""

__version__ = "0.1.0"

#: The one Kubernetes version whose rules this package knows.
KUBERNETES_VERSION = "1.36"
