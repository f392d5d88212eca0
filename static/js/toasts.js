// Toasts leave by themselves, unless they bear bad news or someone is reading them.
const READING_MS = 6000;

function attend(toast) {
  if (toast.dataset.attended) return;
  toast.dataset.attended = "yes";
  toast.querySelector("button")?.addEventListener("click", () => toast.remove());
  if (toast.matches(".bad, .warning")) return;
  let timer = setTimeout(() => toast.remove(), READING_MS);
  toast.addEventListener("pointerenter", () => clearTimeout(timer));
  toast.addEventListener("focusin", () => clearTimeout(timer));
  toast.addEventListener("pointerleave", () => { timer = setTimeout(() => toast.remove(), READING_MS); });
}

function attendAll() {
  document.querySelectorAll(".toasts .toast").forEach(attend);
}

attendAll();
document.addEventListener("htmx:afterSettle", attendAll);
