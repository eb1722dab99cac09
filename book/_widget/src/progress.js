// Progress: marks in the sidebar, and the page that lists all exercises and moves them elsewhere.
import { element } from "./prose.js";
import * as store from "./store.js";

export function showInSidebar(course) {
  const draw = () => {
    const pages = new Map();
    for (const { name, href } of course.exercises) {
      const page = href.split("#")[0];
      const { passed } = store.entry(name);
      const [done, all] = pages.get(page) ?? [0, 0];
      pages.set(page, [done + passed, all + 1]);
    }
    for (const [page, [done, all]] of pages) {
      const target = new URL(course.root + page, location.href).pathname;
      for (const link of document.querySelectorAll(".bd-sidebar-primary a")) {
        // The link to the page itself is "#".
        const own = link.getAttribute("href") === "#" ? location.pathname : link.pathname;
        if (own !== target) continue;
        link.querySelector(".ports-done")?.remove();
        if (!done) continue;
        const said = `${done} of ${all} exercises passed`;
        const sign = done === all ? "✓" : `${done}/${all}`;
        link.append(element("span", { class: "ports-done", title: said }, element("span", { class: "visually-hidden" }, said), element("span", { "aria-hidden": "true" }, sign)));
      }
    }
  };
  store.changed.addEventListener("change", draw);
  draw();
}

export class ProgressPage {
  constructor(section, course) {
    this.section = section;
    this.course = course;
    this.status = element("div", { class: "ports-result", role: "status" });
    this.total = element("p", { class: "ports-total" });
    const file = element("input", { type: "file", accept: ".json,application/json", class: "visually-hidden", tabindex: -1, "aria-hidden": "true" });
    file.addEventListener("change", () => this.take(file));
    const button = (action, label, onclick) => element("button", { type: "button", "data-action": action, onclick }, label);
    const bar = element(
      "div",
      { class: "ports-bar" },
      button("export", "Export as progress.json", () => this.give()),
      button("import", "Import …", () => file.click()),
      file,
    );
    section.prepend(this.total);
    section.append(bar, this.status);
    store.changed.addEventListener("change", () => this.draw());
    this.draw();
  }

  draw() {
    let done = 0;
    for (const { name } of this.course.exercises) {
      const { passed, tried, points, max_points: most } = store.entry(name);
      done += passed;
      const state = this.section.querySelector(`[data-progress-of="${name}"]`);
      if (!state) continue;
      state.textContent = passed ? "✓ passed" : tried ? `${points} of ${most} points` : "";
      state.classList.toggle("ports-passed", passed);
    }
    this.total.textContent = `${done} of ${this.course.exercises.length} exercises passed in this browser.`;
  }

  give() {
    const text = store.exported(this.course.exercises.map(({ name }) => name));
    const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    const link = element("a", { href: address, download: "progress.json" });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    this.say("pass", "Saved as progress.json. Put it into your course folder, or import it in another browser.");
  }

  async take(input) {
    const [file] = input.files;
    if (!file) return;
    try {
      const { exercises, texts } = store.imported(await file.text());
      const answers = texts ? ` and ${texts} answer${texts === 1 ? "" : "s"}` : "";
      this.say("pass", `Taken in: ${exercises} exercise${exercises === 1 ? "" : "s"}${answers}. The better result of each is kept.`);
    } catch (error) {
      this.say("error", error.message);
    }
    input.value = "";
  }

  say(status, words) {
    this.status.dataset.status = status;
    this.status.replaceChildren(element("p", {}, words));
  }
}
