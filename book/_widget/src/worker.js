// The one worker of a page: Python, and the checker in it.
//
// In: {id, method, args}, a method of checker.report.page.Page; args are texts and numbers.
// Out: {stage}, while it starts; {ready}; {id, answer} or {id, error}; {failed}.

const base = new URL(PYODIDE, import.meta.url);

async function bytes(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.pathname}: ${response.status}`);
  return response.arrayBuffer();
}

async function start() {
  // Both at once: the archive is there before Python is.
  const archive = bytes(new URL("python.zip", import.meta.url));
  archive.catch(() => {});
  postMessage({ stage: 1 });
  const { loadPyodide } = await import(new URL("pyodide.mjs", base).href);
  const python = await loadPyodide({ indexURL: base.href });
  postMessage({ stage: 2 });
  python.unpackArchive(await archive, "zip", { extractDir: "/checker" });
  postMessage({ stage: 3 });
  return python.runPython(`
import sys
sys.path.insert(0, "/checker")
from checker.report.page import Page
with open("/checker/kubernetes_ports_course.json", encoding="utf-8") as file:
    page = Page(file.read())
page
`);
}

const started = start();
started.then(
  () => postMessage({ ready: true }),
  (error) => postMessage({ failed: String(error.message ?? error) }),
);

onmessage = async ({ data: { id, method, args } }) => {
  try {
    const page = await started;
    postMessage({ id, answer: JSON.parse(page[method](...args)) });
  } catch (error) {
    // The last line of Python's traceback says what; the rest is for whoever opens the console.
    console.error(error);
    const lines = String(error.message ?? error).trim().split("\n");
    postMessage({ id, error: lines[lines.length - 1] });
  }
};
