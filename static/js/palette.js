// Ctrl+K or "/": one box for every page and everything that search finds.
const palette = document.getElementById("palette");
const input = palette?.querySelector("input");
const pages = palette?.querySelector("[data-pages]");

const links = () => [...palette.querySelectorAll(".palette-list a")].filter((link) => !link.closest("[hidden]"));

function pointAt(link) {
  palette.querySelector("a.at")?.classList.remove("at");
  link?.classList.add("at");
  link?.scrollIntoView({ block: "nearest" });
  if (link) {
    link.id ||= `palette-${Math.random().toString(36).slice(2)}`;
    input.setAttribute("aria-activedescendant", link.id);
  } else {
    input.removeAttribute("aria-activedescendant");
  }
}

function narrow() {
  const words = input.value.trim().toLowerCase();
  let shown = 0;
  for (const item of pages.querySelectorAll("[data-words]")) {
    item.hidden = words !== "" && !item.dataset.words.toLowerCase().includes(words);
    if (!item.hidden) shown += 1;
  }
  pages.hidden = shown === 0;
  pointAt(links()[0]);
}

export function open() {
  if (palette.open) return;
  input.value = "";
  narrow();
  palette.showModal();
}

if (palette) {
  document.addEventListener("workbench:palette", open);
  input.addEventListener("input", narrow);
  document.addEventListener("htmx:afterSettle", (event) => {
    if (palette.contains(event.target)) pointAt(links()[0]);
  });
  input.addEventListener("keydown", (event) => {
    const all = links();
    const at = all.findIndex((link) => link.classList.contains("at"));
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      pointAt(all[(at + step + all.length) % all.length]);
    } else if (event.key === "Enter" && at >= 0 && !event.isComposing) {
      event.preventDefault();
      all[at].click();
    }
  });
  palette.addEventListener("click", (event) => event.target === palette && palette.close());
}
