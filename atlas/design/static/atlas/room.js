// A meeting's page while it goes on. Enhancement only: without it each form opens, and is sent, by a page of its own address.
// What others write comes in; what somebody writes in, has the focus on or has marked is left alone, and so is every open form.
import * as govuk from "../govuk/govuk-frontend.min.js";

const { htmx } = window, room = () => document.getElementById("room");
const words = (part) => part.textContent.replace(/\s+/g, " ");
const held = (part) => {
  const marked = getSelection();
  return part.contains(document.activeElement) || part.querySelector("form[data-writing]") || (!marked.isCollapsed && part.contains(marked.anchorNode));
};
const ready = (part) => { htmx.process(part); govuk.initAll({ scope: part }); };

// Of a part in which somebody writes, each part of its own is looked at; whatever stands on the way to a form has an id.
const merge = (old, fresh) => {
  if (words(old) === words(fresh)) return;
  if (!held(old)) { old.replaceWith(fresh); ready(fresh); return; }
  if ("write" in old.dataset) return;
  const parts = [...fresh.children].filter((one) => one.id), names = new Set(parts.map((one) => one.id));
  const mine = new Map([...old.children].filter((one) => one.id).map((one) => [one.id, one]));
  for (const [id, part] of mine) if (!names.has(id) && !held(part)) part.remove();
  let last = null;
  for (const part of parts) {
    if (mine.has(part.id)) merge(mine.get(part.id), part);
    else { if (last) last.after(part); else old.prepend(part); ready(part); }
    last = document.getElementById(part.id);
  }
};

// A form is taken away only for what stands in its place: after a sign-in page, an error or no signal it stays, with all that is typed.
let focused = "";
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const { target, xhr, requestConfig } = event.detail, fresh = new DOMParser().parseFromString(xhr.responseText, "text/html");
  const slot = target.closest("[data-write]"), incoming = fresh.getElementById("room");
  if (slot) {
    const again = fresh.getElementById(slot.id);
    event.detail.shouldSwap = Boolean(again);
    event.detail.isError = !again && !incoming;
    focused = slot.contains(document.activeElement) ? slot.id : "";
    if (incoming) document.getElementById("kept").textContent = requestConfig.verb === "post" ? "Kept." : "";
    if (incoming && !again) { slot.replaceChildren(); document.querySelector("h1").focus(); }
  }
  if (incoming) merge(room(), incoming);
});
document.body.addEventListener("htmx:load", ({ detail: { elt } }) => {
  if (!("write" in elt.dataset)) return;
  govuk.initAll({ scope: elt });
  if (elt.id === focused) (elt.querySelector(".govuk-error-summary") ?? elt.querySelector("textarea, select, input:not([type=hidden]), a, button"))?.focus();
  focused = "";
});
