"""Puts the built assets of `book/_widget` into the pages that have something to try.

Without the assets a page shows its manifests and the command to run, and nothing else is missing.
`make book` builds them first; `python book/_widget/build.py` does it alone.
"""

from __future__ import annotations

import json
import re
import shutil
from functools import cache
from pathlib import Path
from typing import Any

from course_pages import course
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

ROOT = Path(__file__).parents[2]
DIST = ROOT / "book/_widget/dist"

#: What in a page's body needs the script, and how the page says what the script must know.
LIVELY = re.compile(r"\bdata-(?:exercise|try|progress)=")

logger = logging.getLogger(__name__)


def assets_folder() -> str:
    """The name of the folder with the script; empty where the assets were not built."""
    try:
        state = json.loads((DIST / "assets.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ""
    return str(state["folder"])


def script(data: object, attributes: str) -> str:
    """Data in a page, for its script: nothing in it can end the element."""
    text = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script type="application/json"{attributes}>{text}</script>\n'


def add_assets(app: Sphinx) -> None:
    if not assets_folder():
        logger.info("the widget's assets are not built: pages show manifests and commands only")
        return
    app.config.html_static_path.append(str(DIST / "static"))
    # What an earlier build left there: nobody asks for it any more.
    for old in [
        *Path(app.outdir).glob("_static/widget-*"),
        *Path(app.outdir).glob("_static/pyodide-*"),
    ]:
        if not (DIST / "static" / old.name).exists():
            shutil.rmtree(old)


def outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """All pages, where the assets are not those of the last build.

    Pages name the folder, and with it the checker has changed, whose words they show.
    """
    before = getattr(env, "ports_assets", None)
    folder = assets_folder()
    env.ports_assets = folder  # kept with the environment
    return [] if before == folder else sorted(env.found_docs)


def enliven(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object
) -> None:
    """Give a page its script, its style and what they must know of the course."""
    folder = assets_folder()
    if not folder or not LIVELY.search(context.get("body", "")):
        return
    from checker.course.chapters import CHAPTERS

    app.add_css_file(f"{folder}/widget.css")
    app.add_js_file(f"{folder}/main.js", type="module")
    chapters = {number: f"{chapter_page(number)}.html" for number in CHAPTERS}
    root = "../" * page.count("/") or "./"
    data = {"root": root, "exercises": course(), "chapters": chapters}
    context["body"] += script(data, ' id="ports-course"')


@cache
def chapter_page(number: int) -> str:
    """The page of a chapter, by its number."""
    paths = sorted((ROOT / "book/chapters").glob(f"{number:02d}-*"))
    return f"chapters/{paths[0].stem}" if paths else "index"


def add_templates(app: Sphinx, config: Config) -> None:
    """Ours come before the theme's; they differ where a screen reader would be told nonsense."""
    config.templates_path.insert(0, str(Path(__file__).parent / "templates"))


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("config-inited", add_templates)
    app.connect("builder-inited", add_assets)
    app.connect("env-get-outdated", outdated)
    app.connect("html-page-context", enliven)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
