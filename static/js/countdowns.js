// <time data-countdown datetime="…">: the words the server wrote, kept true by the business clock.
const server = Date.parse(document.documentElement.dataset.now);
const started = Date.now();
const now = () => server + (Date.now() - started);
const words = JSON.parse(document.documentElement.dataset.timeWords || "{}");

function say(seconds) {
  const left = Math.abs(Math.trunc(seconds));
  const [days, hours, minutes] = [Math.floor(left / 86400), Math.floor(left / 3600) % 24, Math.floor(left / 60) % 60];
  const parts = days ? [[days, words.day], [hours, words.hour]]
    : hours ? [[hours, words.hour], [minutes, words.minute]]
    : minutes > 4 ? [[minutes, words.minute]]
    : [[minutes, words.minute], [left % 60, words.second]];
  const text = parts.filter(([count], at) => count || at === parts.length - 1).map(([count, unit]) => `${count} ${unit}`).join(" ");
  return (seconds < 0 ? words.over : words.left).replace("%s", text);
}

function tick() {
  for (const time of document.querySelectorAll("time[data-countdown]")) {
    const seconds = (Date.parse(time.dateTime) - now()) / 1000;
    const warn = Number(time.dataset.warn || 3600);
    const meaning = seconds < 0 ? "bad" : seconds < warn ? "warning" : "waiting";
    const box = time.closest(".countdown");
    box.classList.remove("bad", "warning", "waiting");
    box.classList.add(meaning);
    time.textContent = say(seconds);
  }
}

if (document.documentElement.dataset.now) setInterval(tick, 1000);
