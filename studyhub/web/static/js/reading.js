// The reading lesson: counts the time while the text is in view and somebody is there, and how far down it was read.
import { onLeaving, Reporter, show } from "./reporting.js";

const REPORT_EVERY_S = 10;
// After two minutes without a touch, a key or a scroll, nobody is reading.
const AWAY_AFTER_MS = 120000;
const text = document.getElementById("text");

let seconds = Number(text.dataset.covered);
let reached = Number(text.dataset.reached);
let active = performance.now();
let unreported = 0;
// Of a text, to whoever reads its last lines: the server asks for as much.
const NEARLY_ALL = 0.95;
const needed = Number(text.dataset.needed);
let completed = !document.getElementById("done").hidden;
let due = 0; // how many of the two, the end and the time for it, were there when it was last reported

const reporter = new Reporter(text, report, told);

function told(answer) {
  completed = answer.completed;
  // Less than its whole time completes a text: what is shown is how much of that is there.
  const share = Math.min(answer.covered_s / needed, reached, 0.99);
  show({ ...answer, coverage: completed ? 1 : share });
  if (completed || reached < NEARLY_ALL || answer.covered_s === 0) return;
  // Whoever is at the end already learns what is missing.
  const left = Math.max(5, Math.ceil((needed - answer.covered_s) / 5) * 5);
  reporter.say(text.dataset.missing.replace("{time}", spoken(left)));
}

// As the first page says it: what is left there and here is one figure.
function spoken(left) {
  const [minutes, rest] = [Math.floor(left / 60), left % 60];
  const form = !minutes ? text.dataset.seconds : rest ? text.dataset.both : text.dataset.minutes;
  return form.replace("{minutes}", minutes).replace("{seconds}", rest);
}

// The end is reached, or the time for it has come too: that is said at once, and not with the next turn.
function isDue() {
  const there = reached < NEARLY_ALL ? 0 : seconds < needed ? 1 : 2;
  const more = !completed && there > due;
  due = Math.max(due, there);
  return more;
}

function report() {
  unreported = 0;
  return { seconds: Math.round(seconds * 10) / 10, reached: Math.min(1, Math.round(reached * 1000) / 1000) };
}

function look() {
  const box = text.getBoundingClientRect();
  const read = (window.innerHeight - box.top) / Math.max(1, box.height);
  reached = Math.max(reached, Math.min(1, Math.max(0, read)));
}

for (const event of ["scroll", "pointerdown", "keydown", "touchstart", "mousemove"]) {
  window.addEventListener(
    event,
    () => {
      active = performance.now();
      if (event === "scroll") look();
    },
    { passive: true },
  );
}

setInterval(() => {
  if (document.visibilityState !== "visible" || performance.now() - active > AWAY_AFTER_MS) return;
  look();
  seconds += 1;
  unreported += 1;
  if (isDue() || unreported >= REPORT_EVERY_S) reporter.send();
}, 1000);

onLeaving(() => {
  if (unreported > 0) reporter.send(true);
});

const kept = reporter.kept();
if (kept && kept.seconds > seconds) {
  seconds = kept.seconds;
  reached = Math.max(reached, kept.reached || 0);
}
look();
isDue();
reporter.send();
