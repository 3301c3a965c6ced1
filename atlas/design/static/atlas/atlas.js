// Enhancement only: every page works without it. No inline code, nothing from elsewhere.
import * as govuk from "../govuk/govuk-frontend.min.js";
import * as moj from "../moj/moj-frontend.min.js";
import { holder, tidy, wipe } from "./phone.js";

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("govuk-frontend-supported");
govuk.initAll();
moj.initAll();

// The list of places closes again without a place being chosen.
const more = document.querySelector(".atlas-more");
document.addEventListener("click", (event) => { if (more && !more.contains(event.target)) more.open = false; });
document.addEventListener("keydown", (event) => { if (event.key === "Escape" && more?.open) { more.open = false; more.firstElementChild.focus(); } });

// What is typed into a form marked data-autosave is kept on the server, for this person alone: every ten seconds while it changes, two
// seconds after the last key, when a field is left, and when the page goes away. Sent, it is kept no longer.
// A page that outlives its sign-in keeps it once the same person has signed in again in another tab, which tells it so.
const PAUSE = 2000, EVERY = 10000, brought = [];
const tabs = new BroadcastChannel("atlas"), stay = document.querySelector("[data-stay]");
const renew = async (form) => {
  const answer = await fetch(stay.href, { headers: { "X-Requested-With": "stay" }, redirect: "manual" });
  const now = answer.ok ? await answer.json() : {};
  if (now.who !== form.dataset.autosave) return false;
  form.elements.csrfmiddlewaretoken.value = now.token;
  return true;
};
const keep = (form) => {
  const status = form.querySelector("[data-saved]");
  const address = form.getAttribute("action") || location.pathname;
  const typed = () => {
    const boxes = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") boxes.append(name, value);
    boxes.append("draft", "autosave");
    return boxes.toString();
  };
  // What is typed on a doorstep rests on the telephone while there is no signal, and goes to the server when the form is opened again.
  const phone = form.dataset.phone && crypto.subtle ? holder(address, form.dataset.phone) : null;
  const hold = () => phone?.hold(typed()).catch(() => {});
  let kept = typed(), busy = false, failed = false, sent = false, pause = 0;
  const send = async () => {
    const now = typed(), answer = await fetch(address, { method: "POST", body: new URLSearchParams(now), redirect: "manual" });
    if (answer.ok) { kept = now; phone?.release().catch(() => {}); }
    return answer;
  };
  const back = async () => {
    const held = await phone?.held().catch(() => "");
    if (!held) return;
    const boxes = new URLSearchParams(held);
    boxes.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    const answer = await fetch(address, { method: "POST", body: boxes, redirect: "manual" });
    if (!answer.ok) return;
    await phone.release();
    location.reload();
    await new Promise(() => {}); // this page goes: it is never ready
  };
  const signedOut = () => {
    const link = document.createElement("a");
    Object.assign(link, { className: "govuk-link", href: address, target: "_blank", rel: "noopener", textContent: "Sign in again in a new tab" });
    status.replaceChildren("You are signed out. What you typed is still on this page. ", link, ", and leave this one open: it will be kept then.");
  };
  const save = async () => {
    if (busy || sent || typed() === kept) return;
    busy = true;
    try {
      let answer = await send();
      if (!answer.ok && (await renew(form))) answer = await send();
      failed = !answer.ok;
      if (failed) hold();
      if (answer.ok) status.textContent = await answer.text();
      else if (answer.type === "opaqueredirect" || answer.status === 403) signedOut();
      else status.textContent = "This could not be kept just now. What you typed is still on this page.";
    } catch {
      failed = true;
      hold();
      status.textContent = "No signal. What you typed is still on this page and will be kept when there is one.";
    }
    busy = false;
    if (typed() !== kept && !failed) pause = setTimeout(save, PAUSE);
  };
  const leave = () => {
    const now = typed();
    if (sent || now === kept) return;
    if (failed || !navigator.onLine) hold();
    else if (navigator.sendBeacon(address, new URLSearchParams(now))) kept = now;
  };
  const ticking = setInterval(() => { if (form.isConnected) save(); else clearInterval(ticking); }, EVERY);
  form.addEventListener("input", () => { clearTimeout(pause); pause = setTimeout(save, PAUSE); });
  form.addEventListener("focusout", save);
  form.addEventListener("submit", () => { sent = true; });
  // Sent by a script, and still there: it did not arrive.
  form.addEventListener("htmx:afterRequest", () => { sent = false; kept = ""; status.textContent = "This was not sent. What you typed is still on this page."; save(); });
  addEventListener("online", save);
  brought.push(back());
  tabs.addEventListener("message", () => { if (failed) save(); });
  addEventListener("pagehide", leave);
  document.addEventListener("freeze", leave);
  addEventListener("pageshow", (event) => { if (event.persisted) sent = false; });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") leave(); });
  addEventListener("beforeunload", (event) => { if (failed && !sent && typed() !== kept) event.preventDefault(); });
};
document.querySelectorAll("form[data-autosave]").forEach(keep);
document.body.addEventListener("htmx:load", ({ detail: { elt } }) => { if (elt !== document.body) elt.querySelectorAll("form[data-autosave]").forEach(keep); });
tabs.postMessage("opened");
tidy().catch(() => {});
document.querySelector('form[action$="/logout/"]')?.addEventListener("submit", wipe);
if (document.querySelector("form[data-phone]")) navigator.serviceWorker?.register("/offline-worker.js").catch(() => {});

// What is to be pasted elsewhere is copied by a button. Without it the person selects the box.
for (const button of document.querySelectorAll("[data-copies]")) {
  const box = document.getElementById(button.dataset.copies), said = button.parentElement.querySelector("[role=status]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    box.select();
    const done = await navigator.clipboard?.writeText(box.value).then(() => true, () => false);
    said.textContent = done || document.execCommand("copy") ? "Copied. Paste it into the main system." : "Press Ctrl and C: all of it is selected.";
  });
}
// Ready once nothing more comes back from the telephone: what it held was sent to the server, and the page that offers it is another.
Promise.allSettled(brought).then(() => { document.documentElement.dataset.ready = "yes"; });
