"""The script of a watched class's page: it looks for a newer version, and shows that.

A page in a file may fetch nothing, but it may load a script that lies beside it: VERSION_FILE says
which version the page has by now. Where it is gone (the watch has ended) the page stays as it is.
The browser itself keeps the place in a page that is loaded again; tables that were scrolled
sideways and what was unfolded are put back by the script.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

VERSION_FILE = "version.js"

#: How often to look, in milliseconds.
_OFTEN = 1000

SCRIPT = f"""
(() => {{
  const mine = document.documentElement.dataset.version;
  const places = "checker " + location.pathname;
  const all = (what) => [...document.querySelectorAll(what)];
  try {{
    const kept = JSON.parse(sessionStorage.getItem(places) || "{{}}");
    sessionStorage.removeItem(places);
    for (const fold of all("details")) fold.open = !!kept.open;
    for (const table of all(".scroll")) table.scrollLeft = kept[table.ariaLabel] || 0;
  }} catch {{ /* storage may be refused: the tables begin at their left */ }}
  const look = () => {{
    const script = document.createElement("script");
    script.src = "{VERSION_FILE}?" + Date.now();
    script.onerror = script.onload = () => {{
      script.remove();
      const newest = document.documentElement.dataset.newest;
      if (newest && newest !== mine) {{
        try {{
          const now = {{ open: all("details").some((fold) => fold.open) }};
          for (const table of all(".scroll")) now[table.ariaLabel] = table.scrollLeft;
          sessionStorage.setItem(places, JSON.stringify(now));
        }} catch {{ /* as above */ }}
        location.reload();
      }} else setTimeout(look, {_OFTEN});
    }};
    document.head.append(script);
  }};
  setTimeout(look, {_OFTEN});
}})();
"""

#: What the page's policy lets run: this script, and scripts from where the page is.
SOURCES = f"'sha256-{b64encode(sha256(SCRIPT.encode()).digest()).decode()}' 'self' file:"


def version_script(version: str) -> str:
    """The content of VERSION_FILE: `version` is of hexadecimal digits."""
    return f'document.documentElement.dataset.newest = "{version}";\n'
