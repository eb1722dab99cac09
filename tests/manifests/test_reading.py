"""Objects with their places, and problems with theirs."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.manifests import LIMITS, FieldPath, Limits, Reading, Source, read

SERVICE = """\
# the shop's front door
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: web}
  ports:
  - port: 80
    targetPort: http
  - port: 443
"""


def read_text(text: str, limits: Limits = LIMITS) -> Reading:
    return read([Source("web.yaml", text)], limits)


@pytest.mark.parametrize(
    ("path", "line", "column"),
    [
        ("kind", 3, 1),
        ("metadata.name", 5, 3),
        ("spec.selector[app]", 7, 14),
        ("spec.ports", 8, 3),
        ("spec.ports[0]", 9, 5),
        ("spec.ports[0].targetPort", 10, 5),
        ("spec.ports[1].port", 11, 5),
        # what was not written is placed at the nearest thing that was
        ("spec.ports[1].name", 11, 5),
        ("spec.ports[7].port", 8, 3),
        ("status.loadBalancer", 2, 1),
    ],
)
def test_every_field_has_its_place(path: str, line: int, column: int) -> None:
    (manifest,) = read_text(SERVICE).manifests
    assert manifest.locate(path) == ("web.yaml", line, column)


def test_a_value_has_its_place_too() -> None:
    (manifest,) = read_text(SERVICE).manifests
    assert manifest.locate("spec.ports[0].targetPort", value=True) == ("web.yaml", 10, 17)


def test_documents_and_lists_come_apart_in_order() -> None:
    text = "kind: A\n---\n# nothing\n---\nkind: List\nitems:\n- kind: B\n- kind: C\n---\nkind: D\n"
    reading = read_text(text)
    assert [(m.value["kind"], m.location.line) for m in reading.manifests] == [
        ("A", 1),
        ("B", 7),
        ("C", 8),
        ("D", 10),
    ]
    assert reading.problems == []


def test_several_sources_keep_their_names() -> None:
    reading = read([Source("a.yaml", "kind: A"), Source("b.json", '{"kind": "B"}')])
    assert [m.location.file for m in reading.manifests] == ["a.yaml", "b.json"]


def test_a_broken_source_does_not_hide_the_others() -> None:
    reading = read([Source("bad.yaml", "a: ["), Source("good.yaml", "kind: A")])
    assert [p.location.file for p in reading.problems] == ["bad.yaml"]
    assert [m.location.file for m in reading.manifests] == ["good.yaml"]


def test_a_repeated_key_is_noted_and_its_last_value_counts() -> None:
    text = "kind: A\n---\n# second\nspec:\n  ports:\n  - port: 80\n    port: 81\n"
    _, manifest = read_text(text).manifests
    assert manifest.value == {"spec": {"ports": [{"port": 81}]}}
    (duplicate,) = manifest.duplicates
    assert str(duplicate.path) == "spec.ports[0].port"
    assert duplicate.location == ("web.yaml", 7, 5)
    # the API server counts lines within the document it was sent
    assert duplicate.document_line == 5
    assert manifest.locate("spec.ports[0].port").line == 7


def test_anchors_and_merges_can_be_located() -> None:
    text = "base: &b\n  port: 80\nuse:\n  <<: *b\n  name: x\nalso: *b\n"
    (manifest,) = read_text(text).manifests
    assert manifest.value["use"] == {"port": 80, "name": "x"}
    assert manifest.locate("use.port").line == 2
    assert manifest.locate("also.port").line == 2


@pytest.mark.parametrize(
    ("text", "kind", "line"),
    [
        ("a: b: c", "syntax", 1),
        ("a:\n  - b\n c: d", "syntax", 3),
        ("kind: A\n---\na: [1,\n", "syntax", 4),
        ("a: \x00", "syntax", 1),
        ("é: ü\nb: \x01", "syntax", 2),
        ("a: .nan", "syntax", 1),
        ("just some words", "stray", 1),
        ("- kind: A", "stray", 1),
        ("kind: Pod\nname: {{ .Values.name }}", "template", 2),
        ("{{- if .Values.on }}\nkind: Pod\n{{- end }}", "template", 1),
        ("[" * 10_000, "limit", 1),
        ("- " * 10_000 + "x", "limit", 1),
        ("? " * 10_000 + "x", "limit", 1),
        ("\n".join(" " * depth + "a:" for depth in range(500)), "limit", 101),
        ("a: &a [*a]", "syntax", 1),
        ("a: " + "x" * LIMITS.text, "limit", 1),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_each_problem_has_its_kind_and_place(text: str, kind: str, line: int) -> None:
    (problem,) = read_text(text).problems
    assert (problem.kind, problem.location.line) == (kind, line)
    assert problem.message
    assert "\n" not in problem.message


@pytest.mark.parametrize(
    "text",
    [
        'kind: Service\nmetadata: {name: "{{ name }}"}',
        'kind: Service\nspec:\n  type: "{{ .Values.type }}"',
        "kind: Service\nspec:\n  type: '{{- include \"x.type\" . }}'",
    ],
)
def test_a_template_whose_placeholders_are_quoted_is_one(text: str) -> None:
    reading = read_text(text)
    assert reading.manifests == []
    assert [(p.kind, p.location.line) for p in reading.problems] == [
        ("template", text[: text.index("{{")].count("\n") + 1)
    ]


@pytest.mark.parametrize(
    "text",
    [
        'kind: PrometheusRule\nspec: {summary: "{{ $labels.instance }} is down"}',
        'kind: Workflow\nspec: {args: ["{{inputs.parameters.port}}"]}',
        "kind: ConfigMap\ndata:\n  chart.yaml: |\n    name: {{ .Values.name }}\n    x: y\n",
    ],
)
def test_braces_that_are_meant_are_left_alone(text: str) -> None:
    assert len(read_text(text).manifests) == 1


def test_an_alias_bomb_is_refused_before_anyone_walks_it() -> None:
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    (problem,) = read_text("\n".join(levels)).problems
    assert problem.kind == "limit"
    assert "aliases" in problem.message


def test_too_many_documents_end_the_reading() -> None:
    reading = read_text("---\nkind: A\n" * 5, LIMITS._replace(documents=3))
    assert len(reading.manifests) == 3
    assert [p.kind for p in reading.problems] == ["limit"]


def test_values_nest_up_to_the_limit() -> None:
    depth = LIMITS.depth - 1
    (manifest,) = read_text("a: " + "[" * depth + "]" * depth).manifests
    assert manifest.value["a"]


@given(st.text(max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_or_has_a_problem(text: str) -> None:
    reading = read_text(text)
    for problem in reading.problems:
        assert problem.location.line >= 1
        assert problem.location.column >= 1


@given(st.text(alphabet="ab:-[]{}&*<>|?!'\"#% \n\t,0.", max_size=120))
@settings(max_examples=600, deadline=None)
def test_text_made_of_yamls_own_signs_never_breaks_the_reader(text: str) -> None:
    lines = text.count("\n") + 2
    for manifest in (reading := read_text(text)).manifests:
        assert manifest.location.line <= lines
    for problem in reading.problems:
        assert problem.location.line <= lines


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.text(alphabet="abc", min_size=1, max_size=3), json_values, max_size=4))
@settings(max_examples=300, deadline=None)
def test_json_comes_back_as_it_was(value: dict[str, object]) -> None:
    reading = read_text(json.dumps(value, ensure_ascii=True))
    assert [m.value for m in reading.manifests] == [value]


def test_half_a_surrogate_becomes_what_go_makes_of_it() -> None:
    # encoding/json: "replaces invalid surrogate pairs with U+FFFD"
    (manifest,) = read_text(r'{"a": "\ud83d", "b": "\\ud83d", "c": "\ude00\ud83d\ude00"}').manifests
    assert manifest.value == {"a": "\ufffd", "b": "\\ud83d", "c": "\ufffd\U0001f600"}


def test_field_paths_print_as_kubernetes_prints_them() -> None:
    path = FieldPath("spec").child("template", "spec").child("containers").index(0)
    assert str(path.child("ports").index(1).child("name")) == (
        "spec.template.spec.containers[0].ports[1].name"
    )
    assert str(FieldPath("metadata").child("labels").key("app.kubernetes.io/name")) == (
        "metadata.labels[app.kubernetes.io/name]"
    )


@pytest.mark.parametrize("text", ["spec.ports[0].name", "data[a.b/c]", "spec.selector[app][0]"])
def test_printed_field_paths_read_back(text: str) -> None:
    assert str(FieldPath.parse(text)) == text


@pytest.mark.parametrize("text", ["", "[0]", "a..b", "a[", "a]b"])
def test_what_is_no_field_path_says_so(text: str) -> None:
    with pytest.raises(ValueError, match="field path"):
        FieldPath.parse(text)


def test_too_many_objects_end_the_reading() -> None:
    """Those of a list count, and those of all files together."""
    text = "kind: List\napiVersion: v1\nitems: [{kind: A}, {kind: A}, {kind: A}]\n"
    limits = LIMITS._replace(objects=2)
    (problem,) = read_text(text, limits).problems
    assert (problem.kind, problem.message) == ("limit", "more than 2 objects")
    assert read_text("kind: A\n---\nkind: B\n", limits).problems == []
