"""Which cluster is asked: kind's, or one that is named; never one that is merely current."""

from pathlib import Path

import pytest

from checker.live.errors import LiveError
from checker.live.server.connection import choose_context, connect


def test_a_named_context_is_taken():
    assert choose_context(["prod", "kind-a"], "kind-a", "prod") == "prod"


def test_a_named_context_that_is_not_there_says_which_are():
    with pytest.raises(LiveError, match=r"no context 'x'.*kind-a, prod"):
        choose_context(["prod", "kind-a"], "prod", "x")


def test_the_current_context_is_taken_where_it_is_kinds():
    assert choose_context(["kind-kubernetes-ports", "kind-b"], "kind-b", None) == "kind-b"


def test_kinds_own_is_taken_where_the_current_one_is_somebody_elses():
    assert choose_context(["prod", "kind-kubernetes-ports"], "prod", None) == (
        "kind-kubernetes-ports"
    )


@pytest.mark.parametrize("current", ["prod", "kindness", "my-kind-a", ""])
def test_no_other_context_is_ever_taken_unasked(current):
    with pytest.raises(LiveError, match="--context"):
        choose_context(["prod", "kindness", "my-kind-a"], current, None)


@pytest.mark.parametrize("text", ["", "[]", "{", "contexts: 7\n", "\x00", "apiVersion: v1\n"])
def test_a_broken_kubeconfig_is_a_sentence(tmp_path: Path, text: str):
    file = tmp_path / "config"
    file.write_text(text)
    with pytest.raises(LiveError, match="kubeconfig"):
        connect(None, str(file))
