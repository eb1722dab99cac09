"""File names as CI systems look them up."""

from pathlib import Path

from checker.workspace.relative_names import names_below, names_from, report_root


def test_below_the_root_and_outside(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "repo").mkdir()
    names = ["repo/a.yaml", "./repo/../repo/b c.yaml", str(tmp_path / "repo/c.yaml"), "d.yaml"]
    assert list(names_below(tmp_path / "repo", names).values()) == [
        "a.yaml",
        "b c.yaml",
        "c.yaml",
        (tmp_path / "d.yaml").as_posix(),
    ]
    assert list(names_from(tmp_path / "repo", names).values())[-1] == "../d.yaml"
    assert names_below(tmp_path, ["<stdin>"]) == {"<stdin>": "stdin"}


def test_a_link_keeps_its_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert names_below(tmp_path, ["link/a.yaml"]) == {"link/a.yaml": "link/a.yaml"}


def test_the_checkout_is_the_root_where_we_are_in_it(tmp_path, monkeypatch):
    (tmp_path / "repo" / "app").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "repo" / "app")
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    assert report_root() == Path.cwd()
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path / "repo"))
    assert report_root() == tmp_path / "repo"
    for elsewhere in (str(tmp_path / "other"), "repo", ""):
        monkeypatch.setenv("GITHUB_WORKSPACE", elsewhere)
        assert report_root() == Path.cwd()
