// The child's own page. Enhancement only: without it the page shuts by itself after five minutes all the same, and *Leave now* is a link.
import { ExitThisPage } from "../govuk/govuk-frontend.min.js";

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("govuk-frontend-supported");
const exit = document.querySelector(".govuk-exit-this-page");
if (exit) new ExitThisPage(exit);

const { shut, hides } = document.body.dataset;
let touched = Date.now(), told = Date.now();
const hide = () => {
  const box = document.querySelector("textarea"), form = box?.form;
  document.documentElement.classList.add("atlas-mine-hidden");
  if (!form || !box.value.trim()) return location.replace(shut);
  form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "hide", value: "1" }));
  HTMLFormElement.prototype.submit.call(form); // its button is called submit; what is typed waits on the server for a new code
};
if (shut) {
  for (const kind of ["pointerdown", "keydown", "scroll", "input"]) addEventListener(kind, () => { touched = Date.now(); }, { passive: true });
  setInterval(async () => {
    const now = Date.now();
    if (now - touched >= hides * 1000) return hide();
    if (touched <= told || now - told < 60000) return;
    told = now; // somebody reads it: the server keeps it open, or says that it was taken back
    const answer = await fetch(location.pathname, { redirect: "manual", cache: "no-store" }).catch(() => null);
    if (answer && !answer.ok) hide();
  }, 5000);
  // The picture of open apps shows nothing of it; and *Back* brings no page from memory.
  document.addEventListener("visibilitychange", () => document.documentElement.classList.toggle("atlas-mine-hidden", document.visibilityState === "hidden"));
  addEventListener("pageshow", (event) => { if (event.persisted) location.replace(shut); });
}
document.documentElement.dataset.ready = "yes";
