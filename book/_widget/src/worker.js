// The one worker of a page: Python, and the checker in it.
//
// In: {id, method, args}, a method of checker.report.page.Page; args are texts and numbers.
// Out: {stage}, while it starts; {ready}; {id, answer} or {id, error}; {failed}.

import START from "./start.py";

const base = new URL(PYODIDE, import.meta.url);
const STARTED = new URL("memory.bin", import.meta.url);

async function fetched(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.pathname}: ${response.status}`);
  return response;
}

async function bytes(url) {
  return (await fetched(url)).arrayBuffer();
}

// The memory of a Python that the build has started: as many bytes again, seconds less to wait.
async function memory() {
  if (navigator.connection?.saveData) throw new Error("data is to be saved");
  const { body } = await fetched(STARTED);
  const unpacked = new Response(body.pipeThrough(new DecompressionStream("gzip")));
  return new Uint8Array(await unpacked.arrayBuffer());
}

async function start() {
  // All at once: they are there before Python is.
  const archive = bytes(new URL("python.zip", import.meta.url));
  const kept = memory();
  for (const coming of [archive, kept]) coming.catch(() => {});
  postMessage({ stage: 1 });
  const { loadPyodide } = await import(new URL("pyodide.mjs", base).href);
  const options = { indexURL: base.href };
  let python;
  let begun = true;
  try {
    python = await loadPyodide({ ...options, _loadSnapshot: kept });
  } catch (error) {
    console.warn("Python starts anew, as its kept memory cannot be used:", error);
    python = await loadPyodide(options);
    begun = false;
  }
  postMessage({ stage: 2 });
  python.unpackArchive(await archive, "zip", { extractDir: "/checker" });
  postMessage({ stage: 3 });
  if (!begun) python.runPython(START);
  return python.globals.get("page");
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
