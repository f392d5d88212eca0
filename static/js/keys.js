// Fast hands: Ctrl+K and "/" search, "g" and a letter goes, "?" shows the keys.
const GO_WITHIN_MS = 1200;
let goingSince = 0;

const typing = (target) => target.closest?.("input, textarea, select, [contenteditable]");
const tell = (name) => document.dispatchEvent(new CustomEvent(`workbench:${name}`));

document.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    tell("palette");
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (document.querySelector("dialog[open]")) return;

  if (event.timeStamp - goingSince < GO_WITHIN_MS && goingSince > 0) {
    goingSince = 0;
    document.body.classList.remove("keys-shown");
    const link = document.querySelector(`[data-go="${CSS.escape(event.key.toLowerCase())}"]`);
    if (link) {
      event.preventDefault();
      link.click();
    }
    return;
  }
  if (event.key === "/") {
    event.preventDefault();
    tell("palette");
  } else if (event.key === "?") {
    document.getElementById("keys")?.showModal();
  } else if (event.key === "g") {
    goingSince = event.timeStamp;
    document.body.classList.add("keys-shown");
    setTimeout(() => document.body.classList.remove("keys-shown"), GO_WITHIN_MS);
  }
});

for (const opener of document.querySelectorAll("[data-opens]")) {
  opener.addEventListener("click", () => document.getElementById(opener.dataset.opens)?.showModal());
}
