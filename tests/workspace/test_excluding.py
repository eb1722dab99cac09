import os

import pytest

from checker.workspace.excluding import excluded


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("charts", "charts", True),
        ("charts/", "apps/charts", True),
        ("charts", "my-charts", False),
        ("*.tpl.yaml", "apps/web.tpl.yaml", True),
        ("apps/charts", "apps/charts", True),
        ("apps/charts", "more/apps/charts", False),
        ("./charts", "charts", True),
        ("./charts", "apps/charts", False),
        ("apps/*.yaml", "apps/web.yaml", True),
        ("apps/*/charts", "apps/a/b/charts", True),
        ("../other/*", "../other/web.yaml", True),
        ("web.[jy]*", "web.json", True),
        ("Charts", "charts", False),
    ],
)
@pytest.mark.parametrize("folder", ["plain", "with [a] *"])
def test_patterns(tmp_path, monkeypatch, folder, pattern, path, expected):
    here = tmp_path / folder
    here.mkdir()
    monkeypatch.chdir(here)
    test = excluded([pattern], str(here))
    assert test(os.path.basename(path), path) is expected  # noqa: PTH119
    assert test(os.path.basename(path), str(here / path)) is expected  # noqa: PTH119
