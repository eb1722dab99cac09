"""`lint --suppressed`: what annotations and the baseline silence, as SARIF has it.

It is left out unless asked for: GitHub's code scanning does not read `suppressions`, so each would
be an open alert there. Other viewers, and the action advanced-security/dismiss-alerts, do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from checker.api import Finding
from checker.cli.manifests import Input
from checker.cli.options import Options
from checker.network import Cluster
from checker.report.reading_order import in_reading_order
from checker.report.sarif import Suppressed


def by_annotations(found: Input, cluster: Cluster) -> list[Suppressed]:
    """What annotations on the objects silence, with the reasons that they give."""
    from checker.advice import ignored

    admission = found.admission
    reasons = dict(ignored(cluster, admission.resources, admission.findings))
    ordered = in_reading_order(list(reasons), found.texts)
    return [Suppressed(finding, "inSource", reasons[finding]) for finding in ordered]


def by_baseline(
    before: Sequence[Finding], after: Sequence[Finding], found: Input, options: Options
) -> list[Suppressed]:
    """What was among the findings `before` the baseline was asked, and is not `after` it."""
    if options.write_baseline:
        # What has just been written is shown nowhere.
        return []
    left = Counter(before) - Counter(after)
    reason = f"in the baseline {options.baseline}"
    ordered = in_reading_order(list(left.elements()), found.texts)
    return [Suppressed(finding, "external", reason) for finding in ordered]
