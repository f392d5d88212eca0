// 点数: what each denomination comes to while it is typed; the server counts again.
const yuan = (fen) => (fen / 100).toLocaleString("en", { minimumFractionDigits: 2 });

for (const table of document.querySelectorAll("[data-count]")) {
  const fields = [...table.querySelectorAll("[data-worth]")];
  const sum = () => {
    let total = 0;
    for (const field of fields) {
      const fen = Math.max(0, Math.trunc(Number(field.value) || 0)) * Number(field.dataset.worth);
      table.querySelector(`output[for="${field.id}"]`).textContent = fen ? yuan(fen) : "";
      total += fen;
    }
    table.querySelector("[data-total]").textContent = yuan(total);
  };
  table.addEventListener("input", sum);
  sum();
}
