// <form data-passkey="get"> asks the browser for a passkey, puts its answer into the hidden field
// "credential" and sends the form. Options: a JSON element named by data-options, or data-options-url.
const { create, get } = window.webauthnJSON;

async function options(form) {
  if (form.dataset.optionsUrl) {
    const answer = await fetch(form.dataset.optionsUrl, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`passkey options: ${answer.status}`);
    return answer.json();
  }
  return JSON.parse(document.getElementById(form.dataset.options).textContent);
}

// A key that signs in without a password stays on the device and checks its owner.
function asKept(wanted, kept) {
  const choice = wanted.publicKey.authenticatorSelection;
  choice.residentKey = kept ? "required" : "discouraged";
  choice.requireResidentKey = kept;
  if (kept) choice.userVerification = "required";
  return wanted;
}

async function answerOf(form) {
  const found = await options(form);
  if (form.dataset.passkey === "create") {
    return create(asKept(found.creation_options, Boolean(form.elements.passwordless?.checked)));
  }
  return get(found.request_options);
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const fault = form.querySelector("[data-passkey-fault]");
  form.hidden = !window.PublicKeyCredential;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    fault.hidden = true;
    try {
      form.elements.credential.value = JSON.stringify(await answerOf(form));
      form.submit();
    } catch {
      fault.hidden = false;
    }
  });
}
