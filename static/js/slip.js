// 收据: the printer's dialog, for those who have script; without it the browser's own menu prints.
document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
