// The page's side of the worker: starts it at once, asks it one thing at a time, and ends it where
// an answer takes too long, so that no manifest can hang the page.

// Seconds. Starting may have to fetch 13 MB first; what counts is that something happens.
const START_LIMIT = 180;
const ANSWER_LIMIT = 10;
export const STAGES = ["", "Python is being fetched", "Python starts", "The checker starts"];

export class TimeLimitError extends Error {
  constructor(seconds) {
    super(`No answer within ${seconds} seconds, so the check was stopped.`);
  }
}

export class StartError extends Error {}

export class Python extends EventTarget {
  // "off", "starting", "ready" or "failed"; `stage` is an index of STAGES while it starts.
  state = "off";
  stage = 0;
  #worker = null;
  #queue = [];
  #current = null;
  #timer = 0;
  #count = 0;

  start() {
    if (this.#worker) return;
    this.#set("starting", 0);
    this.#limit(START_LIMIT, () => this.#failed(`nothing came within ${START_LIMIT} seconds`));
    try {
      this.#worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
    } catch (error) {
      this.#failed(error.message);
      return;
    }
    this.#worker.onmessage = ({ data }) => this.#heard(data);
    this.#worker.onerror = (event) => {
      event.preventDefault?.();
      if (this.state === "starting") this.#failed(event.message || "its script did not load");
    };
  }

  // Calls a method of checker.report.page.Page; gives its answer, parsed. Rejects with
  // TimeLimitError, StartError, or an Error with what Python said.
  ask(method, ...args) {
    return new Promise((resolve, reject) => {
      this.#queue.push({ id: ++this.#count, method, args, resolve, reject });
      this.start();
      this.#next();
    });
  }

  #next() {
    if (this.state !== "ready" || this.#current || !this.#queue.length) return;
    this.#current = this.#queue.shift();
    const { id, method, args } = this.#current;
    this.#limit(ANSWER_LIMIT, () => this.#tooLong());
    this.#worker.postMessage({ id, method, args });
  }

  #heard(data) {
    if (data.stage) {
      this.#set("starting", data.stage);
      this.#limit(START_LIMIT, () => this.#failed(`nothing came within ${START_LIMIT} seconds`));
    } else if (data.ready) {
      clearTimeout(this.#timer);
      this.#set("ready", STAGES.length);
      this.#next();
    } else if (data.failed) {
      this.#failed(data.failed);
    } else if (data.id === this.#current?.id) {
      clearTimeout(this.#timer);
      const { resolve, reject } = this.#current;
      this.#current = null;
      if ("answer" in data) resolve(data.answer);
      else reject(new Error(data.error));
      this.#next();
    }
  }

  #tooLong() {
    const { reject } = this.#current;
    this.#end();
    reject(new TimeLimitError(ANSWER_LIMIT));
    this.start();
  }

  #failed(why) {
    this.#end();
    this.#set("failed", 0);
    for (const { reject } of this.#queue.splice(0)) reject(new StartError(why));
  }

  #end() {
    clearTimeout(this.#timer);
    this.#worker?.terminate();
    this.#worker = this.#current = null;
  }

  #limit(seconds, then) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(then, seconds * 1000);
  }

  #set(state, stage) {
    this.state = state;
    this.stage = stage;
    this.dispatchEvent(new Event("change"));
  }
}
