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

// Where the editor's lines are marked: each finding, and each check that fails.
export function marks(findings, checks, file) {
  const found = findings
    .filter(({ location }) => location?.file === file)
    .map((finding) => ({ ...finding.location, severity: finding.severity, message: told(finding) }));
  const failed = checks
    .filter(({ status, location }) => status === "fail" && location?.file === file)
    .map(({ location, message }) => ({ ...location, severity: "error", message }))
    .filter(({ line }) => !found.some((one) => one.line === line && one.severity === "error"));
  return [...found, ...failed];
}

export { place };
