// Enhancement only: every page works without it. No inline code, nothing from elsewhere.
import * as govuk from "../govuk/govuk-frontend.min.js";
import * as moj from "../moj/moj-frontend.min.js";

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("govuk-frontend-supported");
govuk.initAll();
moj.initAll();

// What is typed into a form marked data-autosave is kept on the server, for this person alone: every ten seconds while it changes, two
// seconds after the last key, when a field is left, and when the page goes away. Sent, it is kept no longer.
const PAUSE = 2000, EVERY = 10000;
for (const form of document.querySelectorAll("form[data-autosave]")) {
  const status = form.querySelector("[data-saved]");
  const address = form.getAttribute("action") || location.pathname;
  const typed = () => {
    const boxes = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") boxes.append(name, value);
    boxes.append("draft", "autosave");
    return boxes.toString();
  };
  let kept = typed(), busy = false, failed = false, sent = false, pause = 0;
  const save = async () => {
    const now = typed();
    if (busy || sent || now === kept) return;
    busy = true;
    try {
      const answer = await fetch(address, { method: "POST", body: new URLSearchParams(now), redirect: "manual" });
      failed = !answer.ok;
      if (answer.ok) {
        kept = now;
        status.textContent = await answer.text();
      } else {
        status.textContent = "Your session has ended. Open this page again in a new tab and sign in: what you typed up to now is kept there.";
      }
    } catch {
      failed = true;
      status.textContent = "No signal. What you typed is still on this page and will be kept when there is one.";
    }
    busy = false;
    if (typed() !== kept && !failed) pause = setTimeout(save, PAUSE);
  };
  const leave = () => {
    const now = typed();
    if (!sent && now !== kept && navigator.sendBeacon(address, new URLSearchParams(now))) kept = now;
  };
  setInterval(save, EVERY);
  form.addEventListener("input", () => { clearTimeout(pause); pause = setTimeout(save, PAUSE); });
  form.addEventListener("focusout", save);
  form.addEventListener("submit", () => { sent = true; });
  addEventListener("online", save);
  addEventListener("pagehide", leave);
  addEventListener("pageshow", (event) => { if (event.persisted) sent = false; });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") leave(); });
  addEventListener("beforeunload", (event) => { if (failed && !sent && typed() !== kept) event.preventDefault(); });
}
document.documentElement.dataset.ready = "yes";
