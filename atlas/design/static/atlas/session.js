// Two minutes before a session ends, say so and offer to stay (WCAG 2.2.1). Without this, the link in the footer does the same. Once it is over,
// a page left open on a shared computer is covered, with all that is typed still on it, until the same person is signed in again.
const link = document.querySelector("[data-stay]"), title = document.title;
const WARN = 120;
let note = null, timer = 0;

const ask = async (method) => {
  const token = document.querySelector("input[name=csrfmiddlewaretoken]");
  const headers = { "X-Requested-With": "stay", ...(token ? { "X-CSRFToken": token.value } : {}) };
  const answer = await fetch(link.href, { method, headers });
  return answer.ok && !answer.redirected ? answer.json() : {};
};

const say = (name, ...parts) => {
  note?.remove();
  note = document.createElement("div");
  note.className = "atlas-note atlas-note--warning atlas-note--fixed govuk-body";
  note.setAttribute("role", "alertdialog");
  note.setAttribute("aria-label", name);
  note.append(...parts);
  document.body.append(note);
};
const made = (kind, what) => Object.assign(document.createElement(kind), what);

const warn = () => {
  const words = "You will be signed out within two minutes, because nothing was done. What you typed is kept when you send it.";
  const stay = made("button", { type: "button", className: "govuk-button govuk-!-margin-bottom-0", textContent: "Stay signed in" });
  stay.addEventListener("click", async () => { await ask("POST").catch(() => {}); look(); });
  say("You will soon be signed out", made("p", { textContent: words }), stay);
};

const cover = () => {
  document.body.classList.add("atlas-covered");
  document.title = "Signed out – Atlas";
  const again = made("a", { className: "govuk-link", href: "/", target: "_blank", rel: "noopener", textContent: "Sign in again in a new tab" });
  say("You are signed out", "You are signed out, so this page is covered. What you typed is still on it. ", again, ", and come back to this one.");
};
const show = () => {
  document.body.classList.remove("atlas-covered");
  document.title = title;
  note?.remove();
  note = null;
};

const wait = (seconds) => { clearTimeout(timer); timer = setTimeout(look, Math.max(1, seconds) * 1000); };
const look = async () => {
  const now = await ask("GET").catch(() => null);
  if (!now) return wait(WARN); // no signal: the page stays as it is
  if (now.who !== link.dataset.who) return cover();
  if (document.body.classList.contains("atlas-covered") || now.seconds > WARN) show();
  if (now.seconds > WARN) return wait(now.seconds - WARN);
  if (!note) warn();
  return wait(now.seconds + 1);
};
if (link) {
  wait(Number(link.dataset.stay) - WARN);
  new BroadcastChannel("atlas").addEventListener("message", look); // another tab was opened, or signed out
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") look(); });
  addEventListener("pageshow", (event) => { if (event.persisted) look(); });
}
