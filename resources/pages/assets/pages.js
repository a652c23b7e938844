// The pages' own script: answers, uploads, posts, and the search of the Active Agency Map.
// Words of other people reach the page only as textContent. Nothing is kept, and nothing goes to another host.

document.documentElement.dataset.script = "on";

const AGAIN = { title: "The connection broke off.", advice: "Nothing is lost. Try again in a moment." };
const STOPPED = { title: "You stopped it.", advice: "Nothing was shared of this recording." };
/** How long a busy service is given, in milliseconds, before each new try. */
const BUSY_WAITS = [1000, 3000, 9000];

const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const one = (selector, within = document) => within.querySelector(selector);
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

/** A new element with a class and words; words are always text. */
function make(tag, className = "", words = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (words) element.textContent = words;
  return element;
}

/** Puts lines into a status place: [class, words] each. */
function say(place, ...lines) {
  place.replaceChildren(...lines.map(([className, words]) => make("p", className, words)));
}

/** The refusal in an answer: its code, title and advice. */
function refusalIn(status, text) {
  try {
    const { code, title, advice } = JSON.parse(text);
    if (typeof title === "string" && title) return { code: String(code), title, advice: String(advice ?? "") };
  } catch {
    // Not the service's own words: a proxy's, perhaps.
  }
  return { code: "", title: `The service did not take it (${status}).`, advice: "Nothing is lost. Try again in a moment." };
}

const wordsOf = ({ title, advice }) => [title, advice].filter(Boolean).join(" ");

/** Sends JSON; answers null when it was kept, else the refusal. */
async function send(method, path, body) {
  try {
    const answer = await fetch(path, {
      method,
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(body),
      redirect: "error",
    });
    return answer.ok ? null : refusalIn(answer.status, await answer.text());
  } catch {
    return AGAIN;
  }
}

/** Runs one action of a control at a time; the control stays in the tab order meanwhile. */
function once(control, action) {
  return async (event) => {
    event?.preventDefault();
    if (control.getAttribute("aria-disabled") === "true") return;
    control.setAttribute("aria-disabled", "true");
    try {
      await action();
    } finally {
      control.removeAttribute("aria-disabled");
    }
  };
}

// -- the announcement and the switch ------------------------------------------------------------------

function announcement() {
  const button = one("#put-away");
  button?.addEventListener("click", once(button, async () => {
    const refusal = await send("POST", "/n/announcement", { seen_only: true });
    if (refusal) return say(one("#announcement-status"), ["stop", wordsOf(refusal)]);
    one("#announcement").remove();
    one("#main").focus();
  }));
}

function optOut() {
  const box = one("#opt-out");
  if (!box) return;
  const status = one("#opt-out-status");
  let missing = box.checked; // then the requests are not in this page
  box.addEventListener("click", (event) => {
    if (box.getAttribute("aria-disabled") === "true") event.preventDefault();
  });
  box.addEventListener("change", once(box, async () => {
    const off = box.checked;
    const refusal = await send("PUT", "/n/opt-out", { opted_out: off });
    if (refusal) {
      box.checked = !off;
      return say(status, ["stop", wordsOf(refusal)]);
    }
    say(status, ["good", off ? "Video requests are off." : "Video requests are on."]);
    for (const words of all(".when-on")) words.hidden = off;
    for (const words of all(".when-off")) words.hidden = !off;
    one("#request-list").hidden = off;
    one("#requests-off").hidden = !off;
    if (missing && !off) {
      missing = !(await redraw("#request-list", request));
      if (missing) say(status, ["", "Video requests are on. Load the page again to see them."]);
    }
  }));
}

/** Takes one part of the page anew from the service, and wires what is in it. */
async function redraw(selector, wire) {
  try {
    const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
    const fresh = answer.ok && one(selector, new DOMParser().parseFromString(await answer.text(), "text/html"));
    if (!fresh) return false;
    one(selector).replaceChildren(...fresh.childNodes);
    for (const part of one(selector).children) wire(part);
    return true;
  } catch {
    return false; // the page as it stands is still true
  }
}

// -- sharing and declining ----------------------------------------------------------------------------

let sending = 0;
window.addEventListener("beforeunload", (event) => {
  if (sending > 0) event.preventDefault();
});

const sizeOf = (bytes) => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} KB` : `${(bytes / 1e6).toFixed(1)} MB`);

/** One chosen file, as a row: a preview, its name, how far it is, and what can be done with it. */
class Recording {
  state = "waiting"; // waiting, sending, shared or refused
  refusal = null;

  constructor(file, list, tryAgain) {
    this.file = file;
    this.row = make("li");
    this.address = URL.createObjectURL(file);
    this.preview = make("video");
    Object.assign(this.preview, { src: this.address, controls: true, muted: true, preload: "metadata", playsInline: true });
    this.preview.setAttribute("aria-label", `Preview of ${file.name}`);
    this.preview.addEventListener("error", () => {
      this.preview.replaceWith(make("p", "no-preview muted", "No preview: this browser cannot play it."));
    }, { once: true });
    this.bar = Object.assign(make("progress"), { max: 1, value: 0, hidden: true });
    this.bar.setAttribute("aria-label", `Sending ${file.name}`);
    this.words = make("p", "state muted", "Ready to share");
    this.tools = make("div", "tools");
    this.again = this.tool("Try again", () => tryAgain(this));
    this.leave = this.tool("Remove", () => this.remove());
    this.stop = this.tool("Stop", () => this.cancel());
    this.row.append(this.preview, make("strong", "", `${file.name} (${sizeOf(file.size)})`), this.bar, this.words, this.tools);
    list.append(this.row);
    this.show("waiting", "Ready to share");
  }

  tool(name, action) {
    const button = make("button", "", name);
    button.type = "button";
    button.setAttribute("aria-label", `${name}: ${this.file.name}`);
    button.addEventListener("click", action);
    return button;
  }

  show(state, words) {
    this.state = state;
    this.words.textContent = words;
    this.words.className = `state ${{ shared: "good", refused: "stop" }[state] ?? "muted"}`;
    this.bar.hidden = state !== "sending";
    const tools = { waiting: [this.leave], sending: [this.stop], refused: [this.again, this.leave], shared: [] }[state];
    this.tools.replaceChildren(...tools);
  }

  remove() {
    URL.revokeObjectURL(this.address);
    this.row.remove();
    this.state = "removed";
  }

  cancel() {
    this.stopped = true;
    this.call?.abort();
  }

  /** Sends the file whole; a busy service is asked again by itself. */
  async send(path) {
    this.stopped = false;
    for (const pause of [...BUSY_WAITS, null]) {
      this.show("sending", "Sending…");
      this.refusal = await this.put(path);
      if (this.refusal?.code !== "busy" || pause === null || this.stopped) break;
      this.show("sending", "The service is busy. Trying again…");
      await wait(pause);
      if (this.stopped) break;
    }
    if (this.stopped && this.refusal) this.refusal = STOPPED;
    if (this.refusal) return this.show("refused", this.stopped ? "Stopped, not shared" : "Not shared");
    this.show("shared", "Shared");
    URL.revokeObjectURL(this.address);
    this.preview.remove();
  }

  put(path) {
    return new Promise((done) => {
      const call = new XMLHttpRequest(); // fetch cannot tell how far an upload is
      this.call = call;
      this.bar.value = 0;
      call.open("PUT", path);
      call.setRequestHeader("X-File-Name", encodeURIComponent(this.file.name));
      call.setRequestHeader("Content-Type", this.file.type || "application/octet-stream");
      call.setRequestHeader("Accept", "application/json");
      call.upload.addEventListener("progress", ({ lengthComputable, loaded, total }) => {
        if (!lengthComputable || this.state !== "sending") return;
        this.bar.value = total ? loaded / total : 1;
        this.words.textContent = `Sending, ${Math.floor((100 * loaded) / (total || 1))} %`;
      });
      call.upload.addEventListener("load", () => {
        this.bar.value = 1;
        this.words.textContent = "Sent; waiting for the service…";
        this.stop.remove(); // it may have been kept by now
      });
      call.addEventListener("load", () => done(call.status >= 200 && call.status < 300 ? null : refusalIn(call.status, call.responseText)));
      call.addEventListener("error", () => done(AGAIN));
      call.addEventListener("abort", () => done(STOPPED));
      call.send(this.file);
    });
  }
}

function request(article) {
  const form = one(".share", article);
  if (!form) return;
  const status = one(".share-status", article);
  const list = one(".share-list", form);
  const input = one(".share-files", form);
  const button = one(".share-send", form);
  const declineButton = one(".decline", form);
  const declinedNote = one(".declined-note", article);
  const deciding = one(".deciding", article);
  let recordings = [];

  input.addEventListener("change", () => {
    for (const file of input.files) recordings.push(new Recording(file, list, (recording) => share(recording)));
    input.value = ""; // choosing again adds to the list
    status.replaceChildren();
  });

  const share = (only) => once(button, async () => {
    recordings = recordings.filter(({ state }) => state !== "removed");
    const due = only ? [only] : recordings.filter(({ state }) => state === "waiting" || state === "refused");
    if (due.length === 0) {
      input.focus();
      return say(status, ["stop", "Choose at least one recording first."]);
    }
    sending += 1;
    try {
      for (const [index, recording] of due.entries()) {
        if (recording.state === "removed") continue;
        say(status, ["", `Sending ${index + 1} of ${due.length}. Keep this page open.`], ...refusals());
        await recording.send(article.dataset.share);
        if (recording.state === "shared") countShared();
      }
    } finally {
      sending -= 1;
    }
    summarise();
  })();

  function countShared() {
    const count = one(".shared-count", article);
    const number = Number(count.textContent) + 1;
    count.textContent = String(number);
    one(".shared-noun", article).textContent = number === 1 ? "recording" : "recordings";
    one(".shared-note", article).hidden = false;
    declineButton.hidden = true;
  }

  function refusals() {
    const refused = recordings.filter(({ state }) => state === "refused");
    return refused.map(({ file, refusal }) => ["stop", `${file.name} was not shared. ${wordsOf(refusal)}`]);
  }

  function summarise() {
    const shared = recordings.filter(({ state }) => state === "shared").length;
    const lines = refusals();
    if (shared > 0) {
      const what = shared === 1 ? "1 recording was shared" : `${shared} recordings were shared`;
      lines.unshift(["good", `${what}. Position, device and owner are removed before the police get it. Thank you.`]);
    }
    say(status, ...lines);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    share();
  });
  declineButton.hidden = !one(".shared-note", article).hidden;
  declineButton.addEventListener("click", once(declineButton, async () => {
    if (recordings.some(({ state }) => state === "sending")) return;
    const refusal = await send("POST", article.dataset.decline, { seen_only: false });
    if (refusal) return say(status, ["stop", wordsOf(refusal)]);
    status.replaceChildren();
    deciding.hidden = true;
    declinedNote.hidden = false;
    declinedNote.focus();
  }));
  one(".reconsider", article).addEventListener("click", () => {
    declinedNote.hidden = true;
    deciding.hidden = false;
    input.focus();
  });
}

// -- posts and comments -------------------------------------------------------------------------------

/** Sends a form's fields; they stay in the form until they were kept. */
function writing(form, path, shown) {
  const status = one(".status", form);
  const button = one("button[type=submit]", form);
  form.addEventListener("submit", once(button, async () => {
    const fields = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim()]));
    const short = [...form.elements].find((field) => field.minLength > 0 && field.value.trim().length < field.minLength);
    if (short) {
      short.focus();
      return say(status, ["stop", `${short.labels[0].textContent.trim()}: at least ${short.minLength} ${short.minLength === 1 ? "letter" : "letters"}.`]);
    }
    const refusal = await send("POST", path, fields);
    if (refusal) return say(status, ["stop", wordsOf(refusal)]);
    form.reset();
    await shown(status);
  }));
}

/** The posts anew; comments that somebody is still writing stay as they are. */
async function redrawPosts() {
  const held = all(".post").map((article) => ({
    id: article.dataset.id,
    open: one(".commenting", article)?.open ?? false,
    text: one(".write-comment textarea", article)?.value ?? "",
  }));
  await redraw("#post-list", post);
  await redraw("#alert-list", post);
  for (const article of all(".post")) {
    const before = held.find(({ id }) => id === article.dataset.id);
    const box = one(".write-comment textarea", article);
    if (!before || !box) continue; // new, or it can no longer be commented on
    one(".commenting", article).open = before.open;
    box.value = before.text;
  }
}

function post(article) {
  all(".report", article).forEach(report);
  const form = one(".write-comment", article);
  if (!form) return;
  writing(form, form.dataset.path, async () => {
    await redrawPosts();
    const fresh = all(".post").find(({ dataset }) => dataset.id === article.dataset.id) ?? article;
    say(one(".write-comment .status", fresh), ["good", "Your comment was posted."]);
    one(".commenting > summary", fresh).focus();
  });
}

function writePost() {
  const form = one("#write-post");
  if (!form) return;
  writing(form, "/n/posts", async (status) => {
    say(status, ["good", "Your post is up, shown with your block only."]);
    await redrawPosts();
  });
}

// -- reports and decisions of the neutral moderators ----------------------------------------------------

let reports = 0;

/** The report's form is made when it is opened: it is the same for every post and comment. */
function report(details) {
  details.addEventListener("toggle", () => {
    if (!details.open || one("form", details)) return;
    const form = one("form", one("#report-form").content.cloneNode(true));
    reports += 1;
    for (const element of all("[id], [for], [aria-describedby]", form)) {
      for (const name of ["id", "for", "aria-describedby"]) {
        if (element.hasAttribute(name)) element.setAttribute(name, `${element.getAttribute(name)}-${reports}`);
      }
    }
    const danger = one(".danger", form);
    form.addEventListener("change", () => (danger.hidden = new FormData(form).get("reason") !== "emergency"));
    const button = one("button", form);
    form.addEventListener("submit", once(button, async () => {
      const fields = new FormData(form);
      const reason = fields.get("reason");
      if (!reason) {
        one("input[type=radio]", form).focus();
        return say(one(".status", form), ["stop", "Choose what is wrong with it first."]);
      }
      const refusal = await send("POST", details.dataset.path, { reason, words: fields.get("words").trim() });
      if (refusal) return say(one(".status", form), ["stop", wordsOf(refusal)]);
      const thanks = make("p", "note good", "Thank you. The neutral moderators look at it.");
      thanks.tabIndex = -1;
      if (reason === "emergency") thanks.textContent += " If somebody is in danger, call 911 now.";
      form.replaceWith(thanks);
      thanks.focus();
    }));
    details.append(form);
  });
}

function decision(article) {
  const form = one(".appeal", article);
  if (!form) return;
  writing(form, form.dataset.path, async () => {
    await redraw("#decision-list", decision);
    const fresh = all(".decision").find(({ dataset }) => dataset.id === article.dataset.id);
    const note = fresh && one(".note", fresh);
    if (!note) return say(one(".status", form), ["good", "Your appeal was sent. Another moderator looks at it."]);
    note.tabIndex = -1;
    note.focus();
  });
}

// -- the Active Agency Map ----------------------------------------------------------------------------

const plain = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function search() {
  const input = one("#search-text");
  if (!input) return;
  const rows = all("#agencies > li[data-ori]").map((row) => ({ row, words: plain(row.dataset.words) }));
  const frame = one("#agency-map");

  /** The map is a page of this host: its markers bear the agency's ORI. */
  function thinMap() {
    const shown = new Set(rows.filter(({ row }) => !row.hidden).map(({ row }) => row.dataset.ori));
    for (const marker of all(".leaflet-marker-icon[data-pl-id]", frame.contentDocument ?? document.createElement("p"))) {
      marker.style.display = shown.has(marker.dataset.plId) ? "" : "none";
    }
  }

  function filter() {
    const sought = plain(input.value).split(/\s+/).filter(Boolean);
    for (const { row, words } of rows) row.hidden = !sought.every((word) => words.includes(word));
    const found = rows.filter(({ row }) => !row.hidden).length;
    one("#found-count").textContent = `${found} ${found === 1 ? "agency" : "agencies"}`;
    one("#found-none").hidden = found > 0 || rows.length === 0;
    thinMap();
  }

  input.addEventListener("input", filter);
  input.addEventListener("keydown", ({ key }) => {
    if (key === "ArrowDown") one("#agencies > li:not([hidden]) a")?.focus();
  });
  one("#search").addEventListener("submit", (event) => {
    event.preventDefault();
    one("#agencies > li:not([hidden]) a")?.focus();
  });
  one("#agencies").addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const links = all("#agencies > li:not([hidden]) a");
    const next = links.indexOf(document.activeElement) + step;
    event.preventDefault();
    (next < 0 ? input : (links[next] ?? links.at(-1))).focus();
  });
  /** An agency's page cannot be framed: a link on the map leads the whole window there. */
  function leadOut(event) {
    const link = event.target.closest("a[href^='/']");
    if (!link) return;
    event.preventDefault();
    location.assign(new URL(link.getAttribute("href"), location.href));
  }

  function mapLoaded() {
    frame.contentDocument?.addEventListener("click", leadOut, true);
    filter();
  }

  frame.addEventListener("load", mapLoaded);
  if (frame.contentDocument?.readyState === "complete") mapLoaded(); // it was quicker than this script
}

announcement();
optOut();
all(".request").forEach(request);
writePost();
all(".post").forEach(post);
all(".decision").forEach(decision);
search();
