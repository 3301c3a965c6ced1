// The sign-in package's own script drives the passkey; this only says, beside the button, that it was not used.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const said = document.getElementById("passkey-said");
  if (said) said.hidden = false;
});
