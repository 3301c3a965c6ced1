// Enhancement only: every page works without it. No inline code, nothing from elsewhere.
import * as govuk from "../govuk/govuk-frontend.min.js";
import * as moj from "../moj/moj-frontend.min.js";

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("govuk-frontend-supported");
govuk.initAll();
moj.initAll();

// A form marked data-autosave is kept on the server every ten seconds while it changes, and when a field is left.
for (const form of document.querySelectorAll("form[data-autosave]")) {
  const status = document.getElementById("saved");
  let kept = new URLSearchParams(new FormData(form)).toString();
  let busy = false;
  const save = async () => {
    const now = new URLSearchParams(new FormData(form)).toString();
    if (busy || now === kept) return;
    busy = true;
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body: new URLSearchParams(now), headers: { "X-Requested-With": "autosave" } });
      if (answer.ok && !answer.redirected) {
        kept = now;
        status.textContent = await answer.text();
      } else {
        status.textContent = "Not saved yet. What you typed is still on this page; sign in again in another tab, then carry on.";
      }
    } catch {
      status.textContent = "No signal. What you typed is still on this page and will be saved when there is one.";
    }
    busy = false;
  };
  setInterval(save, 10000);
  form.addEventListener("focusout", save);
}
document.documentElement.dataset.ready = "yes";
