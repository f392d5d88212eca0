// The split of a bill: what the parts come to and what is left, while they are typed.
const form = document.getElementById("split");
const line = document.getElementById("sums");
const yuan = (fen) => (fen / 100).toFixed(2);

function sum() {
  const parts = [...form.querySelectorAll("[data-part]")].map((field) => Math.round(Number(field.value || 0) * 100));
  const total = parts.reduce((before, part) => before + part, 0);
  const left = Number(form.dataset.left) - total;
  if (!total) return;
  const words = left < 0 ? line.dataset.over : line.dataset.words;
  line.textContent = words.replace("{sum}", yuan(total)).replace("{left}", yuan(Math.abs(left)));
}

function choose(how) {
  const radio = form.querySelector(`[name=how][value=${how}]`);
  if (radio) radio.checked = true;
}

if (form && line) {
  form.addEventListener("input", (event) => {
    if (event.target.matches("[data-part]") && event.target.value) choose("amounts");
    if (event.target.matches("[name=line]") && event.target.checked) choose("lines");
    sum();
  });
  sum();
}
