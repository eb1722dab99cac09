// Findings and checks as parts of the page, and as marks in the editor.
import { element, inline } from "./prose.js";

export const SIGNS = { pass: "✓", fail: "✗", "cannot-tell": "?", "not-reached": "·" };
const SAID = {
  pass: "passed",
  fail: "failed",
  "cannot-tell": "cannot be told",
  "not-reached": "not reached",
};

const told = ({ field, message }) =>
  field && !message.includes(field) ? `${field}: ${message}` : message;

// A place as a button that goes there, or as text where it is in another file.
function place(location, file, editor) {
  if (!location) return null;
  const { line } = location;
  if (location.file !== file) return element("span", { class: "ports-place" }, `${location.file}, line ${line}`);
  const go = () => editor.goTo(line);
  return element("button", { type: "button", class: "ports-place", onclick: go }, `line ${line}`);
}

export function findingsList(findings, file, editor) {
  const entries = findings.map((finding) =>
    element(
      "li",
      { class: `ports-finding ports-${finding.severity}` },
      element("strong", {}, finding.severity),
      " ",
      element("code", {}, finding.rule),
      " ",
      place(finding.location, file, editor),
      element("p", {}, ...inline(told(finding))),
      finding.why ? element("p", { class: "ports-why" }, ...inline(finding.why)) : null,
      finding.fix ? element("p", {}, element("strong", {}, "Fix: "), ...inline(finding.fix)) : null,
    ),
  );
  return element("ul", { class: "ports-findings" }, ...entries);
}

export function checksList(checks) {
  const entries = checks.map(({ id, status, title, points, max_points: most }) =>
    element(
      "li",
      { class: `ports-check ports-check-${status}`, "data-check": id, "data-check-status": status },
      element("span", { class: "ports-sign", "aria-hidden": "true" }, SIGNS[status]),
      element("span", {}, ...inline(title), element("span", { class: "visually-hidden" }, `: ${SAID[status]}`)),
      element("span", { class: "ports-points" }, `${points}/${most}`),
    ),
  );
  return element("ol", { class: "ports-checks" }, ...entries);
}

// Where the editor's lines are marked: what cannot be read, each finding, and each check that fails.
// Of an exercise's report, or of findings.
export function marked({ error, findings, checks = [] }, file) {
  const mark = (location, severity, message) => ({ column: 1, ...location, severity, message });
  const here = ({ location }) => location?.line && location.file === file;
  const found = findings
    .filter(here)
    .map((finding) => mark(finding.location, finding.severity, told(finding)));
  if (error && here(error)) found.push(mark(error.location, "error", error.message));
  const failed = checks
    .filter((check) => check.status === "fail" && here(check))
    .filter(({ location }) => !found.some(({ line, severity }) => line === location.line && severity === "error"))
    .map(({ location, message }) => mark(location, "error", message));
  return [...found, ...failed];
}

export { place };
