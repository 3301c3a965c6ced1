// Two minutes before a session ends, say so and offer to stay (WCAG 2.2.1). Without this, the link in the footer does the same.
const link = document.querySelector("[data-stay]");
const WARN = 120;
let note = null;

const ask = async (method) => {
  const token = document.querySelector("input[name=csrfmiddlewaretoken]");
  const headers = { "X-Requested-With": "stay", ...(token ? { "X-CSRFToken": token.value } : {}) };
  const answer = await fetch(link.href, { method, headers });
  return answer.ok && !answer.redirected ? (await answer.json()).seconds : 0;
};

const show = () => {
  if (note) return;
  note = document.createElement("div");
  note.className = "atlas-note atlas-note--warning atlas-note--fixed govuk-body";
  note.setAttribute("role", "alertdialog");
  note.setAttribute("aria-label", "You will soon be signed out");
  const words = document.createElement("p");
  words.textContent = "You will be signed out within two minutes, because nothing was done. What you typed is kept when you send it.";
  const stay = document.createElement("button");
  stay.type = "button";
  stay.className = "govuk-button govuk-!-margin-bottom-0";
  stay.textContent = "Stay signed in";
  stay.addEventListener("click", async () => {
    const seconds = await ask("POST").catch(() => 0);
    note.remove();
    note = null;
    if (seconds) wait(seconds);
    else location.assign(link.href);
  });
  note.append(words, stay);
  document.body.append(note);
};

const look = async () => {
  const seconds = await ask("GET").catch(() => WARN + 60);
  if (seconds <= WARN) show();
  else wait(seconds);
};
const wait = (seconds) => setTimeout(look, Math.max(1, seconds - WARN) * 1000);
if (link) wait(Number(link.dataset.stay));
