// What exercises and "try your own" share: an editor that keeps its text, a row of buttons, a
// result that is read aloud, and below it what is to be looked at.
//
// `check` is given the text and the width that a picture may have. It promises what is to be shown:
// `status`, `told` (elements of the result), `marks` (of the editor's lines) and `evidence`.
import { Editor } from "./editor.js";
import { StartError, STAGES, TimeLimitError } from "./python.js";
import { element } from "./prose.js";
import { keepReplaced, keepText, replacedText, textOf } from "./store.js";

const SOON = 250;
// A result that comes sooner replaces the one before at once: nothing jumps.
const NOTICED = 150;
let panels = 0;

export class Panel {
  constructor(place, { key, file, start, label, python, check }) {
    Object.assign(this, { key, file, start, python });
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
    const asked = element("div", {}, caption, this.box, this.keys, this.warning, this.bar);
    const answered = element("div", {}, this.status, this.evidence);
    this.root = element("div", { class: "ports-panel" }, asked, answered);
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

  get #width() {
    const style = getComputedStyle(this.evidence);
    const room = this.evidence.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    return Math.max(Math.min(Math.floor(room), 720), 280);
  }

  button(action, label, onclick, more = {}) {
    const made = element("button", { type: "button", "data-action": action, onclick, ...more }, label);
    this.bar.append(made);
    return made;
  }

  checkButton() {
    this.button("check", "Check", this.run, { class: "ports-primary", "aria-keyshortcuts": "Control+Enter" });
  }

  // Back to the start, and back again.
  resetButtons() {
    this.button("reset", "Reset", () => this.#reset());
    this.undoButton = this.button("undo-reset", "Undo reset", () => this.#undoReset(), {
      hidden: replacedText(this.key) === null,
    });
  }

  #reset() {
    if (this.editor.text === this.start) return;
    keepReplaced(this.key, this.editor.text);
    this.#replace(this.start, "As it was at the start. “Undo reset” brings your text back.");
    this.undoButton.hidden = false;
  }

  #undoReset() {
    const before = replacedText(this.key);
    if (before === null) return;
    keepReplaced(this.key, null);
    this.#replace(before, "Your text is back.");
    this.undoButton.hidden = true;
  }

  #replace(text, words) {
    this.editor.text = text;
    this.editor.mark([]);
    this.keep();
    this.evidence.replaceChildren();
    delete this.status.dataset.status;
    this.say(words);
    this.editor.view.focus();
  }

  // A sentence that is no result.
  say(words) {
    this.status.replaceChildren(element("p", {}, words));
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

  #show(status, ...content) {
    this.root.classList.remove("ports-stale");
    this.status.dataset.status = status;
    this.status.replaceChildren(...content);
  }

  async #run(check) {
    if (this.busy) return;
    this.busy = true;
    clearTimeout(this.timer);
    this.keep();
    this.status.dataset.status = "working";
    const waiting = setTimeout(() => this.#sayWorking(), this.python.state === "ready" ? NOTICED : 0);
    const { text } = this.editor;
    try {
      const { status, told, marks, evidence } = await check(text, this.#width);
      clearTimeout(waiting);
      // Marks on lines that have moved meanwhile would mislead.
      if (this.editor.text === text) this.editor.mark(marks);
      this.#show(status, ...told);
      this.evidence.replaceChildren(...evidence);
      this.root.classList.toggle("ports-stale", this.editor.text !== text);
    } catch (error) {
      clearTimeout(waiting);
      this.editor.mark([]);
      this.#show("error", ...explained(error));
      this.evidence.replaceChildren();
    }
    this.busy = false;
  }

  #sayWorking() {
    const soon = this.python.state === "ready" ? "" : " Python starts in this page; your check follows at once.";
    this.#show("working", element("p", { class: "ports-headline" }, `Checking …${soon}`));
    this.evidence.replaceChildren();
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
