// What exercises and "try your own" share: an editor that keeps its text, a row of buttons, a
// result that is read aloud, and below it what is to be looked at.
import { Editor } from "./editor.js";
import { StartError, STAGES, TimeLimitError } from "./python.js";
import { element } from "./prose.js";
import { keepText, textOf } from "./store.js";

const SOON = 250;
let panels = 0;

export class Panel {
  // `check` is called when a check is asked for.
  constructor(place, { key, file, start, label, python, check }) {
    this.key = key;
    this.file = file;
    this.start = start;
    this.python = python;
    this.busy = false;
    const id = `ports-${++panels}`;
    this.run = () => this.#run(check);

    this.box = element("div", { class: "ports-editor" });
    this.keys = element(
      "p",
      { class: "ports-keys", id: `${id}-keys` },
      element("kbd", {}, "Ctrl"),
      "+",
      element("kbd", {}, "Enter"),
      " checks, ",
      element("kbd", {}, "Tab"),
      " leaves the editor.",
    );
    this.warning = element("p", { class: "ports-warning", role: "alert", hidden: true });
    this.bar = element("div", { class: "ports-bar" });
    this.python_state = element("span", { class: "ports-python" });
    this.status = element("div", { class: "ports-result", role: "status" });
    this.evidence = element("div", { class: "ports-evidence" });
    const caption = element("div", { class: "ports-caption" }, element("code", {}, file), this.python_state);
    this.root = element(
      "div",
      { class: "ports-panel" },
      caption,
      this.box,
      this.keys,
      this.warning,
      this.bar,
      this.status,
      this.evidence,
    );
    place.append(this.root);
    this.editor = new Editor(this.box, {
      text: textOf(key) ?? start,
      label,
      description: `${id}-keys`,
      onText: (text) => this.#keepSoon(text),
      onCheck: this.run,
    });
    // Whatever is not kept yet when the page goes away.
    addEventListener("pagehide", () => this.keep());
    document.addEventListener("visibilitychange", () => this.keep());
    python.addEventListener("change", () => this.#showPython());
    this.#showPython();
  }

  get width() {
    const style = getComputedStyle(this.evidence);
    const room = this.evidence.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    return Math.max(Math.min(Math.floor(room), 720), 280);
  }

  button(action, label, onclick, more = {}) {
    const made = element("button", { type: "button", "data-action": action, onclick, ...more }, label);
    this.bar.append(made);
    return made;
  }

  #keepSoon(text) {
    this.unkept = text;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), SOON);
    if (this.status.dataset.status && this.status.dataset.status !== "working") {
      this.root.classList.add("ports-stale");
    }
  }

  keep() {
    if (this.unkept === undefined) return;
    const kept = keepText(this.key, this.unkept === this.start ? null : this.unkept);
    this.unkept = undefined;
    this.warning.hidden = kept;
    this.warning.textContent = kept
      ? ""
      : "Your browser does not keep this text (its storage is full or blocked). Copy it before you leave the page.";
  }

  show(status, ...content) {
    this.root.classList.remove("ports-stale");
    this.status.dataset.status = status;
    this.status.replaceChildren(...content);
  }

  async #run(check) {
    if (this.busy) return;
    this.busy = true;
    clearTimeout(this.timer);
    this.keep();
    const first = this.python.state !== "ready";
    const soon = "Python starts in this page; your check follows at once.";
    const words = first ? `Checking … ${soon}` : "Checking …";
    this.evidence.replaceChildren();
    this.show("working", element("p", { class: "ports-headline" }, words));
    try {
      await check();
    } catch (error) {
      this.editor.mark([]);
      this.show("error", ...explained(error));
    }
    this.busy = false;
  }

  #showPython() {
    const { state, stage } = this.python;
    const label = { off: "", ready: "", failed: "Python did not start" }[state];
    if (label !== undefined) {
      this.python_state.replaceChildren(label);
      return;
    }
    const value = Math.max(stage, 1);
    this.python_state.replaceChildren(
      element("span", {}, `${STAGES[value]} …`),
      element("progress", { max: STAGES.length, value, "aria-label": "Start of Python in this page" }),
    );
  }
}

function explained(error) {
  const safe = "Your text is kept.";
  const headline = (text) => element("p", { class: "ports-headline" }, text);
  if (error instanceof TimeLimitError) {
    const next = "No manifest should need that long. Make it smaller, or undo your last change, and check again.";
    return [headline(error.message), element("p", {}, `${next} ${safe}`)];
  }
  if (error instanceof StartError) {
    const next =
      "Reload the page or press Check to try again. A browser from 2023 or newer is needed; " +
      "in a terminal the command below needs none.";
    return [headline(`Python did not start: ${error.message}.`), element("p", {}, `${next} ${safe}`)];
  }
  return [
    headline("The checker itself failed. That is its mistake, not yours."),
    element("p", {}, `It said: ${error.message}. ${safe}`),
  ];
}
