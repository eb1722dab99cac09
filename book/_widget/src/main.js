// Starts on pages that have something to do: Python first, as it takes longest, then the editors.
import { Python } from "./python.js";

const read = (holder) => JSON.parse(holder.querySelector("script[type='application/json']").textContent);

const active = [...document.querySelectorAll("[data-exercise], [data-try]")];
const python = new Python();
// Who saves data is asked first: pressing Check is the question.
if (active.length && !navigator.connection?.saveData) python.start();

const course = JSON.parse(document.getElementById("ports-course").textContent);
course.root = new URL(document.documentElement.dataset.content_root ?? course.root, document.baseURI).href;

const { ProgressPage, showInSidebar } = await import("./progress.js");
showInSidebar(course);
for (const section of document.querySelectorAll("[data-progress]")) new ProgressPage(section, course);

if (active.length) {
  const [{ Exercise }, { Playground }] = await Promise.all([import("./exercise.js"), import("./playground.js")]);
  for (const section of active) {
    const Widget = "exercise" in section.dataset ? Exercise : Playground;
    new Widget(section, read(section), course, python);
    section.classList.add("ports-ready");
  }
}
