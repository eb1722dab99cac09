# Runs in the build's Python, whose memory the page takes over; or else in the page's own.
import sys
from pathlib import Path

sys.path.insert(0, "/checker")
from checker.report.page import Page

page = Page(Path("/checker/kubernetes_ports_course.json").read_text(encoding="utf-8"))
