// One exercise: its editor, its hints, its result.
import { checksList, findingsList, marked, place } from "./findings.js";
import { Panel } from "./panel.js";
import { element, inline, paragraphs } from "./prose.js";
import * as store from "./store.js";

const svgBox = (html) => {
  const box = element("div", { class: "ports-picture" });
  // The checker's own SVG, which escapes whatever comes from a manifest.
  box.innerHTML = html;
  return box;
};

export class Exercise {
  constructor(section, data, course, python) {
    Object.assign(this, { section, data, course, python });
    this.name = data.name;
    const host = element("div", { class: "ports-widget" });
    section.querySelector(".exercise-files").hidden = true;
    section.querySelector(".exercise-files").before(host);
    this.badge = element("span", { class: "ports-badge" });
    section.querySelector(".exercise-title")?.append(this.badge);
    this.panel = new Panel(host, {
      key: data.name,
      file: data.file,
      start: data.text,
      label: `${data.file} of exercise ${data.number}: ${data.title}`,
      python,
      check: (text, width) => this.check(text, width),
    });
    this.#buttons();
    this.hintList = element("ol", { class: "ports-hints", hidden: true, "aria-label": "Hints" });
    this.hintList.setAttribute("aria-live", "polite");
    this.solutionBox = element("div", { class: "ports-solution", hidden: true });
    this.panel.bar.after(this.hintList);
    this.panel.root.append(this.solutionBox);
    for (let shown = 0; shown < store.entry(this.name).hints_shown; shown += 1) this.#addHint();
    store.changed.addEventListener("change", () => this.#showProgress());
    this.#showProgress();
  }

  #buttons() {
    const { panel } = this;
    panel.checkButton();
    this.hintButton = panel.button("hint", "Hint", () => this.hint());
    panel.resetButtons();
    this.solutionButton = panel.button("solution", "Solution", () => this.solution());
  }

  async check(text, width) {
    const answer = await this.python.ask("check", this.name, text, width);
    const { report } = answer;
    // For tests, and for whoever wants the document that the terminal prints.
    this.section.dataset.report = JSON.stringify(report);
    if (report.status !== "error") store.recordResult(this.name, report);
    return {
      status: report.status,
      told: this.#told(answer),
      marks: marked(report, this.data.file),
      evidence: this.#evidence(answer),
    };
  }

  #told(answer) {
    const { report } = answer;
    if (report.status === "error") return this.#unreadable(report);
    const points = `${report.points} of ${report.max_points} points`;
    if (report.status === "pass") return this.#passed(answer, points);
    const check = firstFailure(report);
    // These count in no points: "4 of 4" would read like all of it.
    const unknown = report.checks.filter((each) => each.status === "cannot-tell").length;
    const open = unknown ? `, ${unknown} cannot be told` : "";
    const parts = [element("p", { class: "ports-headline" }, `Not yet: ${points}${open}.`)];
    const verdict = check.status === "cannot-tell" ? ": it cannot be told." : ": it does not hold yet.";
    parts.push(
      element("p", {}, element("strong", {}, ...inline(check.title)), verdict),
      element("p", {}, ...inline(check.message), " ", place(check.location, this.data.file, this.panel.editor)),
    );
    if (check.why) parts.push(element("p", { class: "ports-why" }, ...inline(check.why)));
    if (check.misconception) parts.push(this.#misconception(check.misconception));
    if (check.fix) parts.push(element("p", {}, element("strong", {}, "Next step: "), ...inline(check.fix)));
    return parts;
  }

  #unreadable({ error }) {
    const where = place(error.location, this.data.file, this.panel.editor);
    return [
      element("p", { class: "ports-headline" }, "This cannot be read."),
      element("p", {}, ...inline(error.message), " ", where),
      element("p", {}, "Mind the indentation and the colons. Your text is kept."),
    ];
  }

  #passed({ works, other_ways: otherWays }, points) {
    const parts = [element("p", { class: "ports-headline" }, `Passed: ${points}.`), ...paragraphs(works)];
    if (otherWays.length) {
      const ways = otherWays.map((way) => element("li", {}, ...inline(way)));
      parts.push(element("p", {}, element("strong", {}, "Also right:")), element("ul", {}, ...ways));
    }
    const next = this.course.exercises[this.course.exercises.findIndex(({ name }) => name === this.name) + 1];
    if (next) {
      const link = element("a", { href: this.course.root + next.href }, `${next.number}: ${next.title}`);
      parts.push(element("p", {}, "Next: exercise ", link));
    }
    return parts;
  }

  #misconception({ id, believes, truth, chapter }) {
    const number = chapter.split(" ")[0];
    const page = this.course.chapters[number];
    const title = `chapter ${chapter}`;
    const link = page ? element("a", { href: this.course.root + page }, title) : title;
    return element(
      "div",
      { class: "ports-misconception", "data-misconception": id },
      element("p", {}, element("strong", {}, "It looks as if you think: "), ...inline(believes)),
      element("p", {}, element("strong", {}, "In fact: "), ...inline(truth), " ", element("span", {}, "See ", link, ".")),
    );
  }

  #evidence({ report, pictures }) {
    const parts = [];
    const failed = firstFailure(report);
    const picture = pictures[failed?.id] ?? Object.values(pictures).at(-1);
    if (picture) parts.push(svgBox(picture));
    if (report.checks.length) parts.push(checksList(report.checks));
    if (report.findings.length) {
      const count = report.findings.length;
      const summary = element("summary", {}, `${count} ${count === 1 ? "finding" : "findings"}`);
      const list = findingsList(report.findings, this.data.file, this.panel.editor);
      parts.push(element("details", { open: report.findings.some(({ severity }) => severity === "error") }, summary, list));
    }
    return parts;
  }

  hint() {
    const shown = this.hintList.children.length;
    if (shown >= this.data.hints.length) return;
    this.#addHint();
    store.recordHints(this.name, shown + 1);
  }

  #addHint() {
    const words = this.data.hints[this.hintList.children.length];
    if (!words) return;
    this.hintList.hidden = false;
    this.hintList.append(element("li", {}, ...inline(words)));
  }

  // The solution is for those who passed, and for those whom no hint has helped: the last one is
  // nearly the answer, so that to hold back the rest would teach nobody.
  get #solutionIsOpen() {
    return store.entry(this.name).passed || this.#hintsLeft === 0;
  }

  get #hintsLeft() {
    return this.data.hints.length - this.hintList.children.length;
  }

  async solution() {
    if (!this.#solutionIsOpen) return;
    const shown = !this.solutionBox.hidden;
    this.solutionBox.hidden = shown;
    this.solutionButton.setAttribute("aria-expanded", String(!shown));
    if (shown || this.solutionBox.children.length) return;
    if (!store.entry(this.name).passed) store.recordSolutionAsked(this.name);
    this.solutionBox.replaceChildren(element("p", {}, "Fetching the solution …"));
    try {
      const { text, explanation } = await this.python.ask("solution", this.name);
      const code = element("pre", { tabindex: 0, "aria-label": "Solution" }, element("code", {}, text));
      this.solutionBox.replaceChildren(...paragraphs(explanation), code);
    } catch (error) {
      this.solutionBox.replaceChildren();
      this.solutionBox.hidden = true;
      this.panel.say(`The solution cannot be shown: ${error.message}`);
    }
  }

  #showProgress() {
    const { passed, tried, points, max_points: most } = store.entry(this.name);
    this.badge.textContent = passed ? "✓ passed" : tried ? `${points} of ${most} points` : "";
    this.badge.classList.toggle("ports-passed", passed);
    const open = this.#solutionIsOpen;
    this.solutionButton.disabled = !open;
    this.solutionButton.textContent = open ? "Solution" : "Solution (once passed, or after all hints)";
    const left = this.#hintsLeft;
    this.hintButton.disabled = left === 0;
    this.hintButton.textContent = left ? `Hint (${left} left)` : "No more hints";
  }
}

function firstFailure({ checks }) {
  return checks.find(({ status }) => status === "fail") ?? checks.find(({ status }) => status === "cannot-tell");
}

export { svgBox };
