"""The directive `agreement`: how often the checker's predictions and a real Kubernetes agree.

    ```{agreement}
    ```

Counts, while the book is built, over the recordings in `tests/conformance`: what an API server
said of objects, and what clients saw in a cluster. What differs is listed.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from tests.conformance.cases import ApiCase, Scenario

ROOT = Path(__file__).parents[2]
#: A dry run allocates nothing, and so never looks at the range of node ports.
ANY_PORT = (-(2**31), 2**31)
#: Groups of fewer questions share a row.
FEW = 5


class Asked(NamedTuple):
    """One question: which group it belongs to, what was predicted and what was observed."""

    group: str
    id: str
    about: str
    predicted: str
    observed: str
    #: Whether the messages are the same, too; None where there are none to compare.
    same_words: bool | None


class AgreementDirective(SphinxDirective):
    """Two tables and the list of what differs."""

    def run(self) -> list[nodes.Node]:
        if str(ROOT) not in sys.path:
            sys.path.insert(0, str(ROOT))
        from tests.conformance.cases import RECORDED, api_cases, traffic_scenarios, version

        for path in sorted(RECORDED.glob("*.json")):
            self.env.note_dependency(str(path))
        verdicts = [_api_asked(case) for case in api_cases()]
        traffic = [asked for scenario in traffic_scenarios() for asked in _traffic(scenario)]
        return [
            _paragraph(f"The recordings are of Kubernetes {version()}."),
            _paragraph("What the API server says of an object:"),
            _table(verdicts, ("objects", "same verdict", "same words"), _api_row),
            _paragraph("What a client sees:"),
            _table(traffic, ("connections", "same verdict", "cannot tell"), _traffic_row),
            *_differences([*verdicts, *traffic]),
        ]


def _api_asked(case: ApiCase) -> Asked:
    from checker.api import ClusterSettings, admit
    from checker.manifests import Source, read

    settings = ClusterSettings() if case.create else ClusterSettings(node_port_range=ANY_PORT)
    given = read([Source("given", case.given)]).manifests
    asked = read([Source("case", case.manifests)])
    before = len(admit(given, settings).findings)
    findings = admit([*given, *asked.manifests], settings).findings[before:]
    errors = [
        finding.message
        for finding in findings
        if finding.source == "api-server" and finding.severity == "error"
    ]
    errors += [problem.message for problem in asked.problems]
    undecoded = re.match(r".*? cannot be handled as a \w+: (.*)", case.message, re.DOTALL)
    said = [undecoded[1]] if undecoded else [cause["message"] for cause in case.causes]
    return Asked(
        _group(case.manifests),
        case.id,
        case.about,
        _verdict(not errors),
        _verdict(case.accepted),
        None if case.accepted else sorted(errors) == sorted(said or [case.message]),
    )


def _verdict(accepted: bool) -> str:
    return "accepted" if accepted else "refused"


def _group(manifests: str) -> str:
    """The kind of the object that was asked about."""
    kind = re.search(r"^kind: *(\w+)", manifests, re.MULTILINE) or re.search(
        r'"kind": *"(\w+)"', manifests
    )
    return kind[1] if kind else "no object"


def _traffic(scenario: Scenario) -> Iterator[Asked]:
    from checker.api import ClusterSettings, admit
    from checker.manifests import Source, read
    from checker.network import BadEndpoint, build_cluster, trace

    settings = ClusterSettings(
        namespace=scenario.namespace,
        proxy_mode="iptables" if scenario.proxy_mode == "iptables" else "nftables",
    )
    sources = [Source("nodes", _nodes(scenario.nodes)), Source("case", scenario.manifests)]
    admission = admit(read(sources).manifests, settings)
    cluster = build_cluster(admission.resources, settings)
    for probe in scenario.probes:
        try:
            predicted: str = trace(cluster, probe.source, probe.target, probe.protocol).verdict
        except BadEndpoint:
            predicted = "no such endpoint"
        yield Asked(
            f"{scenario.id.partition('-')[0]}, {scenario.proxy_mode}",
            f"{scenario.id}: {probe.source} to {probe.target}, {probe.protocol}",
            scenario.about,
            predicted,
            probe.observed,
            None,
        )


def _nodes(names: Sequence[str]) -> str:
    documents = (
        f"apiVersion: v1\nkind: Node\nmetadata:\n  name: {name}\n"
        f"  labels: {{kubernetes.io/hostname: {name}}}\n"
        for name in names
    )
    return "---\n".join(documents)


def _api_row(asked: Sequence[Asked]) -> tuple[int, ...]:
    refused = [one for one in asked if one.same_words is not None]
    return (
        len(asked),
        sum(one.predicted == one.observed for one in asked),
        len(asked) - sum(not one.same_words for one in refused),
    )


def _traffic_row(asked: Sequence[Asked]) -> tuple[int, ...]:
    return (
        len(asked),
        sum(one.predicted == one.observed for one in asked),
        sum(one.predicted == "cannot-tell" for one in asked),
    )


def _table(asked: Sequence[Asked], heads: Sequence[str], row: Any) -> nodes.Node:
    """A row a group, and the sum of all."""
    groups: dict[str, list[Asked]] = defaultdict(list)
    for one in asked:
        groups[one.group].append(one)
    for group in [group for group, members in groups.items() if len(members) < FEW]:
        groups["others"] += groups.pop(group)
    order = sorted(groups, key=lambda group: (group == "others", group))
    rows = [(group, *row(groups[group])) for group in order]
    rows.append(("all", *row(asked)))
    table = nodes.table(classes=["table"])
    group = nodes.tgroup(cols=len(heads) + 1)
    table += group
    for _ in range(len(heads) + 1):
        group += nodes.colspec(colwidth=1)
    group += nodes.thead("", _row(("", *heads)))
    body = nodes.tbody()
    body += [_row(cells) for cells in rows]
    group += body
    return table


def _row(cells: Sequence[object]) -> nodes.row:
    row = nodes.row()
    for cell in cells:
        row += nodes.entry("", _paragraph(str(cell)))
    return row


def _differences(asked: Sequence[Asked]) -> list[nodes.Node]:
    """Where prediction and observation are not the same verdict."""
    found = [one for one in asked if one.predicted != one.observed]
    if not found:
        return [_paragraph("No verdict differs.")]
    listing = nodes.bullet_list()
    for one in found:
        text = f": {one.about}; predicted {one.predicted}, observed {one.observed}."
        words = nodes.paragraph("", "", nodes.literal(one.id, one.id), nodes.Text(text))
        listing += nodes.list_item("", words)
    return [_paragraph("Where the two differ:"), listing]


def _paragraph(text: str) -> nodes.paragraph:
    return nodes.paragraph("", "", nodes.Text(text))


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("agreement", AgreementDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
