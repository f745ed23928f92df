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

const reporter = new Reporter(text, report, show);

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
  if (unreported >= REPORT_EVERY_S) reporter.send();
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
reporter.send();
