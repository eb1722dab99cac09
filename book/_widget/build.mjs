// Bundles the page's scripts and packs its Python, each folder named by a hash of its content.
//
//   node build.mjs STAGE STATIC
//
// STAGE holds Python sources as `build.py` laid them out; the result goes to STATIC/pyodide-HASH
// and STATIC/widget-HASH. Python is compiled by the very Pyodide that will run it, and started: the
// page takes over its memory, which is quicker by seconds than to start one of its own.
import { createHash } from "node:crypto";
import { cp, mkdir, readFile, readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { loadPyodide } from "pyodide";

const [stage, out] = process.argv.slice(2);
const modules = join(import.meta.dirname, "node_modules");
const RUNTIME = ["pyodide.asm.wasm", "pyodide.asm.mjs", "pyodide.mjs", "python_stdlib.zip"];

// Two memories made from the same sources differ, yet one is as good as the other.
const MEMORY = "memory.bin";

async function hashed(folder, name) {
  const digest = createHash("sha256");
  for (const file of (await readdir(folder)).sort()) {
    if (file === MEMORY) continue;
    digest.update(file).update("\0").update(await readFile(join(folder, file)));
  }
  const named = `${name}-${digest.digest("hex").slice(0, 12)}`;
  await rename(folder, join(out, named));
  return named;
}

async function runtime() {
  const folder = join(out, "pyodide");
  await mkdir(folder, { recursive: true });
  for (const file of RUNTIME) await cp(join(modules, "pyodide", file), join(folder, file));
  // The list of packages on another host: the page wants none of them.
  const lock = JSON.parse(await readFile(join(modules, "pyodide", "pyodide-lock.json"), "utf8"));
  await writeFile(join(folder, "pyodide-lock.json"), JSON.stringify({ ...lock, packages: {} }));
  for (const file of ["pyodide.mjs", "pyodide.asm.mjs"]) {
    const path = join(folder, file);
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replace(/\n?\/\/# sourceMappingURL=.*/g, ""));
  }
  return hashed(folder, "pyodide");
}

async function packPython(target) {
  const python = await loadPyodide({ indexURL: join(modules, "pyodide") });
  python.mountNodeFS("/stage", stage);
  python.mountNodeFS("/target", target);
  await python.runPythonAsync(`
import compileall, pathlib, py_compile, zipfile
stage = pathlib.Path("/stage")
assert compileall.compile_dir(
    "/stage", quiet=1, legacy=True, stripdir="/stage", optimize=0,
    invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
)
with zipfile.ZipFile("/target/python.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
    for path in sorted(stage.rglob("*")):
        if path.is_file() and path.suffix != ".py":
            # One date for all: the same sources give the same archive.
            entry = zipfile.ZipInfo(str(path.relative_to(stage)), (2020, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
`);
}

// The memory of a Python that has read the whole course and answered each question once. Without it,
// or where a browser cannot use it, a page starts Python itself.
async function keepMemory(target) {
  const python = await loadPyodide({ indexURL: join(modules, "pyodide"), _makeSnapshot: true });
  const archive = new Uint8Array(await readFile(join(target, "python.zip")));
  python.unpackArchive(archive, "zip", { extractDir: "/checker" });
  python.runPython(await readFile(join(import.meta.dirname, "src/start.py"), "utf8"));
  python.runPython(`
import gc, json
from checker.report.page import editor_text

def answer_once():
    with open("/checker/kubernetes_ports_course.json", encoding="utf-8") as file:
        for name in json.load(file):
            file_name, text = editor_text(page.exercise(name))
            page.check(name, text, 640.0)
            page.solution(name)
            request = {"sources": [{"name": file_name, "text": text}], "width": 640.0}
            page.inspect(json.dumps({**request, "from": "external", "to": "node:80", "protocol": "TCP"}))

answer_once()
del answer_once, editor_text
gc.collect()
None
`);
  // Not all hosts compress what they do not know, so this is compressed here.
  const memory = gzipSync(python.makeMemorySnapshot(), { level: 9 });
  await writeFile(join(target, MEMORY), memory);
}

async function licences(inputs) {
  const names = new Set(["pyodide"]);
  for (const input of Object.keys(inputs)) {
    const found = input.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/);
    if (found) names.add(found[1]);
  }
  let text = await readFile(join(stage, "..", "stage-licences.txt"), "utf8");
  for (const name of [...names].sort()) {
    const folder = join(modules, name);
    const about = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const file = (await readdir(folder)).find((each) => /^licen[cs]e/i.test(each));
    const terms = file ? await readFile(join(folder, file), "utf8") : elsewhere(about);
    text += `${"-".repeat(78)}\n${name} ${about.version} (${about.license})\n\n${terms}\n`;
  }
  return text;
}

// A package without the file: its licence's name, and where its source is, as the licence asks.
function elsewhere(about) {
  const source = about.repository?.url ?? about.homepage ?? "";
  const pyodide =
    about.name === "pyodide"
      ? "\nIt contains Python, under the Python Software Foundation License Version 2:" +
        "\nhttps://docs.python.org/3/license.html\n"
      : "";
  const mpl = about.license === "MPL-2.0" ? " (https://www.mozilla.org/MPL/2.0/)" : "";
  return `Licensed under ${about.license}${mpl}. Source: ${source}\n${pyodide}`;
}

async function widget(pyodideFolder) {
  const folder = join(out, "widget");
  await mkdir(folder, { recursive: true });
  const result = await esbuild.build({
    absWorkingDir: import.meta.dirname,
    entryPoints: ["src/main.js", "src/worker.js", "src/widget.css"],
    outdir: folder,
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    minify: true,
    metafile: true,
    legalComments: "none",
    chunkNames: "part-[hash]",
    external: ["*/pyodide.mjs"],
    loader: { ".py": "text" },
    define: { PYODIDE: JSON.stringify(`../${pyodideFolder}/`) },
    logLevel: "warning",
  });
  await writeFile(join(folder, "licences.txt"), await licences(result.metafile.inputs));
  await packPython(folder);
  await keepMemory(folder);
  return hashed(folder, "widget");
}

const pyodideFolder = await runtime();
await widget(pyodideFolder);
