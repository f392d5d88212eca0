// A double click does one thing: a form that was sent waits for its answer.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-again")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
});

function release() {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[aria-busy=true]")) button.removeAttribute("aria-busy");
}

// Back from the history, or after htmx has put in the answer, the form can be sent again.
window.addEventListener("pageshow", (event) => event.persisted && release());
document.addEventListener("htmx:afterRequest", release);
