// What a learner has written and done, in this browser. `progress` has the form of the course
// folder's progress.json (schema checker/progress/v1), so that one can stand for the other.

const PREFIX = "kubernetes-ports:";
const SCHEMA = "checker/progress/v1";
const PROGRESS = "progress";

// Where the browser keeps nothing (private windows, blocked storage, a full one), the page does,
// until it is closed.
const memory = new Map();

function read(key) {
  if (memory.has(key)) return memory.get(key);
  try {
    return localStorage.getItem(PREFIX + key);
  } catch {
    return null;
  }
}

// Whether the browser keeps it. What it does not keep is still there until the page is closed.
function write(key, value) {
  try {
    if (value === null) localStorage.removeItem(PREFIX + key);
    else localStorage.setItem(PREFIX + key, value);
    memory.delete(key);
    return true;
  } catch {
    memory.set(key, value);
    return value === null;
  }
}

export const textOf = (name) => read(`text:${name}`);
export const keepText = (name, text) => write(`text:${name}`, text);
export const replacedText = (name) => read(`replaced:${name}`);
export const keepReplaced = (name, text) => write(`replaced:${name}`, text);

const count = (value) => (Number.isInteger(value) && value > 0 ? value : 0);
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

function load() {
  try {
    const data = JSON.parse(read(PROGRESS));
    if (data.schema === SCHEMA && isObject(data.exercises)) return data;
  } catch {
    // Nothing there yet, or nothing that can be used.
  }
  return { schema: SCHEMA, exercises: {} };
}

export function entry(name) {
  const fields = load().exercises[name];
  const known = isObject(fields) ? fields : {};
  return {
    ...known,
    passed: known.status === "pass",
    tried: count(known.attempts) > 0 || known.status === "pass",
    points: count(known.points),
    max_points: count(known.max_points),
    attempts: count(known.attempts),
    hints_shown: count(known.hints_shown),
  };
}

export const changed = new EventTarget();

function change(name, update) {
  const data = load();
  const fields = isObject(data.exercises[name]) ? data.exercises[name] : {};
  data.exercises[name] = { ...fields, ...update(entry(name)) };
  const kept = write(PROGRESS, JSON.stringify(data));
  changed.dispatchEvent(new Event("change"));
  return kept;
}

// The best result counts: an exercise once passed stays passed.
function better(before, status, points, maxPoints) {
  if (status !== "pass" && before.passed) return {};
  if (points * Math.max(before.max_points, 1) < before.points * Math.max(maxPoints, 1)) {
    return { status };
  }
  return { status, points, max_points: maxPoints };
}

const now = () => new Date().toISOString().replace(/\.\d+Z$/, "Z");

export function recordResult(name, { status, points, max_points: maxPoints }) {
  change(name, (before) => ({
    attempts: before.attempts + 1,
    ...(status === "pass" && !before.passed ? { passed_at: now() } : {}),
    ...better(before, status, points, maxPoints),
  }));
}

export function recordHints(name, shown) {
  change(name, (before) => ({ hints_shown: Math.max(shown, before.hints_shown) }));
}

export function recordSolutionAsked(name) {
  change(name, (before) => ({ solution_asked: count(before.solution_asked) + 1 }));
}

// The file to keep or to carry elsewhere: progress.json, with the texts beside.
export function exported(names) {
  const answers = {};
  for (const name of names) if (textOf(name) !== null) answers[name] = textOf(name);
  return JSON.stringify({ ...load(), answers }, null, 2) + "\n";
}

// Takes in what `exported` or a course folder's progress.json holds. The better result stays, and
// no text that stands here is replaced. Gives how many of each; throws an Error with a sentence.
export function imported(text) {
  let data;
  try {
    data = JSON.parse(text);
  } catch {
    throw new Error("This file is not JSON. Choose a progress.json.");
  }
  if (!isObject(data) || data.schema !== SCHEMA || !isObject(data.exercises)) {
    throw new Error(`This file does not hold ${SCHEMA}. Choose a progress.json.`);
  }
  const names = Object.keys(data.exercises).filter((name) => /^exercise\d+$/.test(name));
  for (const name of names) {
    const theirs = isObject(data.exercises[name]) ? data.exercises[name] : {};
    change(name, (before) => merged(before, theirs));
  }
  let texts = 0;
  for (const [name, answer] of Object.entries(isObject(data.answers) ? data.answers : {})) {
    if (typeof answer === "string" && /^exercise\d+$/.test(name) && textOf(name) === null) {
      keepText(name, answer);
      texts += 1;
    }
  }
  return { exercises: names.length, texts };
}

function merged(before, theirs) {
  const result = {};
  if (theirs.status === "pass" || theirs.status === "fail") {
    const points = count(theirs.points);
    Object.assign(result, better(before, theirs.status, points, count(theirs.max_points)));
    if (theirs.status === "pass" && !before.passed && typeof theirs.passed_at === "string") {
      result.passed_at = theirs.passed_at;
    }
  }
  for (const field of ["attempts", "hints_shown", "solution_asked"]) {
    const most = Math.max(count(before[field]), count(theirs[field]));
    if (most) result[field] = most;
  }
  return result;
}

// Another tab has written.
addEventListener("storage", (event) => {
  if (event.key === PREFIX + PROGRESS) changed.dispatchEvent(new Event("change"));
});
