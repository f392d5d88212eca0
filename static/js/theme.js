// Light, dark or as the machine has it: set at once, and told to the server by a cookie.
document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-theme-form]");
  const choice = event.submitter?.value;
  if (!form || !choice) return;
  event.preventDefault();
  document.documentElement.dataset.theme = choice;
  document.cookie = `theme=${choice}; path=/; max-age=31536000; samesite=lax`;
  for (const button of form.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.value === choice));
  }
});
