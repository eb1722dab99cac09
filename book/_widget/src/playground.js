// "Try your own": any manifests, what is wrong with them, one packet's way, and who reaches whom.
import { svgBox } from "./exercise.js";
import { findingsList, marked } from "./findings.js";
import { Panel } from "./panel.js";
import { element, inline } from "./prose.js";
import { keepText, textOf } from "./store.js";

const PROTOCOLS = ["TCP", "UDP", "SCTP"];
const GIVES_WAY = { connected: "pass" };
let fields = 0;

export class Playground {
  constructor(section, data, course, python) {
    Object.assign(this, { section, data, python });
    const host = element("div", { class: "ports-widget" });
    const still = section.querySelector(".exercise-files");
    still.hidden = true;
    still.before(host);
    this.panel = new Panel(host, {
      key: data.name,
      file: data.file,
      start: data.text,
      label: data.label,
      python,
      check: (text, width) => this.check(text, width),
    });
    const { panel } = this;
    panel.checkButton();
    panel.resetButtons();
    if (data.ask) this.#connection();
    if (still.dataset.picture !== undefined) {
      // The picture that was there before Python: the packet on its way, at once.
      const picture = still.querySelector(".ports-picture");
      if (picture && textOf(data.name) === null) panel.evidence.append(picture);
    }
  }

  #connection() {
    const kept = readJson(textOf(`${this.data.name}:connection`)) ?? {};
    const list = (id) => element("datalist", { id });
    const id = `ports-connection-${++fields}`;
    this.sources = list(`${id}-from`);
    this.targets = list(`${id}-to`);
    const field = (label, value, options, hint) => {
      const input = element("input", { type: "text", list: options.id, value, placeholder: hint, spellcheck: "false", autocapitalize: "off" });
      input.addEventListener("keydown", (event) => event.key === "Enter" && this.panel.run());
      return [element("label", {}, label, input), input];
    };
    const [from, fromInput] = field("From", kept.from ?? this.data.from, this.sources, "pod/client");
    const [to, toInput] = field("To", kept.to ?? this.data.to, this.targets, "svc/web:80");
    this.protocol = element("select", {}, ...PROTOCOLS.map((name) => element("option", {}, name)));
    this.protocol.value = kept.protocol ?? "TCP";
    Object.assign(this, { fromInput, toInput });
    const protocol = element("label", {}, "Protocol", this.protocol);
    this.panel.bar.before(
      element("div", { class: "ports-connection" }, from, to, protocol, this.sources, this.targets),
    );
  }

  #asked() {
    if (!this.data.ask) return { from: this.data.from, to: this.data.to, protocol: "TCP" };
    return {
      from: this.fromInput.value.trim(),
      to: this.toInput.value.trim(),
      protocol: this.protocol.value,
    };
  }

  async check(text, width) {
    const asked = this.#asked();
    const { file, name, ask, given } = this.data;
    if (ask) keepText(`${name}:connection`, JSON.stringify(asked));
    const request = JSON.stringify({ sources: [{ name: file, text }, ...given], ...asked, width });
    const answer = await this.python.ask("inspect", request);
    for (const [options, names] of [[this.sources, answer.sources], [this.targets, answer.targets]]) {
      options?.replaceChildren(...names.map((value) => element("option", { value })));
    }
    return {
      status: this.#status(answer),
      told: this.#told(answer, asked),
      marks: marked(answer.findings, file),
      evidence: this.#evidence(answer),
    };
  }

  #status({ findings, trace, problem }) {
    if (findings.error) return "error";
    if (findings.summary.errors || problem) return "fail";
    if (trace) return GIVES_WAY[trace.verdict] ?? "fail";
    return findings.summary.objects && !findings.summary.warnings ? "pass" : "fail";
  }

  #told({ findings, trace, problem }, { from, to, protocol }) {
    const headline = (...words) => element("p", { class: "ports-headline" }, ...words);
    const { error, summary } = findings;
    if (error) {
      const line = error.location?.line ? ` (line ${error.location.line})` : "";
      return [headline("This cannot be read."), element("p", {}, `${error.message}${line}`)];
    }
    if (!summary.objects) return [headline("No objects."), element("p", {}, "Paste one manifest or several, with --- between them.")];
    const parts = [];
    if (trace) {
      const way = `${from} → ${to} over ${protocol}: `;
      parts.push(headline(way, element("strong", {}, trace.verdict)));
      const failed = trace.hops.find(({ status }) => status !== "pass");
      if (failed) parts.push(element("p", {}, ...inline(failed.detail)));
      if (this.data.after && trace.verdict === "connected") parts.push(element("p", {}, ...inline(this.data.after)));
    }
    if (problem) parts.push(headline(problem));
    const counted = [["errors", "error"], ["warnings", "warning"], ["notes", "note"]]
      .filter(([key]) => summary[key])
      .map(([key, word]) => `${summary[key]} ${word}${summary[key] === 1 ? "" : "s"}`);
    const objects = `${summary.objects} object${summary.objects === 1 ? "" : "s"}`;
    parts.push(element("p", {}, `${objects}: ${counted.length ? counted.join(", ") : "nothing to complain about"}.`));
    return parts;
  }

  #evidence({ findings, trace_picture: way, matrix, matrix_picture: table }) {
    const parts = [];
    if (way) parts.push(svgBox(way));
    if (findings.findings.length) parts.push(findingsList(findings.findings, this.data.file, this.panel.editor));
    if (table && this.data.ask) parts.push(svgBox(table));
    else if (this.data.ask && matrix?.sources.length && matrix.targets.length) {
      const size = `${matrix.sources.length} × ${matrix.targets.length}`;
      parts.push(element("p", {}, `The matrix is too large to draw (${size}): use python -m checker matrix in a terminal.`));
    }
    return parts;
  }
}

function readJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
