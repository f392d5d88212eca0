// <form data-draft="name"> keeps what was typed in this tab until it is accepted.
// A session that ends gives the form back; passwords and files are never kept.
const PREFIX = "draft:";
const keyOf = (form) => PREFIX + location.pathname + ":" + form.dataset.draft;
const kept = (field) => field.name && !["password", "file", "hidden", "submit"].includes(field.type);

function read(form) {
  const values = [];
  for (const field of form.elements) {
    if (!kept(field) || (["checkbox", "radio"].includes(field.type) && !field.checked)) continue;
    values.push([field.name, field.value]);
  }
  return values;
}

function write(form, values) {
  for (const field of form.elements) {
    if (!kept(field)) continue;
    const mine = values.filter(([name]) => name === field.name).map(([, value]) => value);
    if (["checkbox", "radio"].includes(field.type)) field.checked = mine.includes(field.value);
    else if (mine.length) field.value = mine[0];
  }
}

function settle() {
  // What was sent and did not come back with its form has been accepted.
  const sent = sessionStorage.getItem("draft-sent");
  if (!sent || document.body.dataset.page === "login") return;
  sessionStorage.removeItem("draft-sent");
  const here = [...document.querySelectorAll("form[data-draft]")].some((form) => keyOf(form) === sent);
  if (!here) sessionStorage.removeItem(sent);
}

settle();
for (const form of document.querySelectorAll("form[data-draft]")) {
  const key = keyOf(form);
  const untouched = JSON.stringify(read(form));
  const draft = sessionStorage.getItem(key);
  const offered = form.querySelector("[data-draft-offer]");
  // A form that comes back with errors carries the server's values: they are newer.
  if (draft && draft !== untouched && !form.hasAttribute("data-bound")) {
    write(form, JSON.parse(draft));
    if (offered) offered.hidden = false;
  }
  offered?.querySelector("button")?.addEventListener("click", () => {
    sessionStorage.removeItem(key);
    write(form, JSON.parse(untouched));
    offered.hidden = true;
  });
  form.addEventListener("input", () => sessionStorage.setItem(key, JSON.stringify(read(form))));
  form.addEventListener("submit", () => sessionStorage.setItem("draft-sent", key));
}
