"""A text as large as the limits allow takes seconds, not minutes: every part is looked at once."""

import time

import pytest

from checker.manifests import LIMITS, Source, read

COUNT = 16_000
#: Each takes less than two seconds on two slow cores; quadratic work took forty and more.
SECONDS = 15

HEAD = "apiVersion: v1\nkind: ConfigMap\n"
#: So long that all of them are nearly as much as may be read.
COMMENT = "# " + "x" * (LIMITS.text // COUNT - 120) + "\n"
TEXTS = {
    "documents": ("", "---\n" + HEAD + "metadata: {name: a}\n" + COMMENT),
    "templates": ("", "---\n" + HEAD + 'metadata: {name: "{{ a }}"}\n' + COMMENT),
    "duplicates": ("", "---\n" + HEAD + "metadata: {name: a, name: b}\n" + COMMENT),
    "items": (
        "apiVersion: v1\nkind: List\nitems:\n",
        "- {apiVersion: v1, kind: ConfigMap, metadata: {name: a, name: b}}\n" + COMMENT,
    ),
}


@pytest.mark.parametrize("case", TEXTS)
def test_time_grows_as_the_text_does(case):
    head, part = TEXTS[case]
    text = head + part * COUNT
    assert LIMITS.text * 0.8 < len(text) <= LIMITS.text
    began = time.process_time()
    reading = read([Source("a.yaml", text)])
    assert time.process_time() - began < SECONDS
    assert len(reading.manifests) + len(reading.problems) == COUNT


def test_lines_of_templates_and_duplicates():
    text = TEXTS["templates"][1] + TEXTS["duplicates"][1] + TEXTS["templates"][1]
    reading = read([Source("a.yaml", text)])
    assert [one.location.line for one in reading.problems] == [4, 14]
    (manifest,) = reading.manifests
    (duplicate,) = manifest.duplicates
    assert (duplicate.location.line, duplicate.document_line) == (9, 3)
