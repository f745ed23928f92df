// The video lesson: resumes where it was left, offers speeds, follows the transcript, and reports what was shown.
import { length, merged } from "./intervals.js";
import { onLeaving, Reporter, show } from "./reporting.js";

const REPORT_EVERY_MS = 10000;
const MOST_CATCHING_UP = 24;
const video = document.getElementById("video");
const duration = Number(video.dataset.duration);

let intervals = [];
let last = null; // { at: seconds in the video, clock: milliseconds } of the tick before, while playing
let credited = Number(video.dataset.covered);
let catchingUp = 0;

const reporter = new Reporter(video, report, told);

function report() {
  const position = video.readyState > 0 ? video.currentTime : Number(video.dataset.position);
  return {
    intervals: intervals.map((part) => part.map(rounded)).slice(-500),
    position_s: rounded(Math.min(position, duration)),
    rate: video.playbackRate,
  };
}

function rounded(seconds) {
  return Math.round(seconds * 1000) / 1000;
}

function told(answer) {
  show(answer);
  const grew = answer.covered_s > credited;
  credited = answer.covered_s;
  // The server credits no faster than time passes. What it holds back now, it takes a little later.
  const more = length(intervals) > credited + 0.5 && !answer.completed;
  if (video.paused && more && (grew || catchingUp < 3) && catchingUp < MOST_CATCHING_UP) {
    catchingUp += 1;
    setTimeout(() => video.paused && reporter.send(), 4000);
  }
}

// ---- what was shown ----
function tick() {
  const now = { at: video.currentTime, clock: performance.now() };
  if (last) {
    const shown = now.at - last.at;
    const possible = ((now.clock - last.clock) / 1000) * video.playbackRate + 0.5;
    // A jump is not watching: more than the clock allows, or backwards.
    if (shown > 0 && shown <= possible) intervals = merged([...intervals, [last.at, now.at]]);
  }
  last = now;
}

function stop() {
  if (last && !video.seeking) tick();
  last = null;
}

let begun = false;
video.addEventListener("play", () => {
  catchingUp = 0;
  if (!begun) reporter.send();
  begun = true;
});
video.addEventListener("playing", () => {
  last = { at: video.currentTime, clock: performance.now() };
});
video.addEventListener("timeupdate", () => {
  if (last && !video.paused && !video.seeking) tick();
});
video.addEventListener("seeking", () => {
  last = null;
});
video.addEventListener("seeked", () => {
  if (!video.paused) last = { at: video.currentTime, clock: performance.now() };
});
video.addEventListener("waiting", stop);
video.addEventListener("pause", () => {
  stop();
  if (begun && !video.ended) reporter.send();
});
video.addEventListener("ended", () => {
  stop();
  reporter.send();
});
setInterval(() => {
  if (!video.paused && begun) reporter.send();
}, REPORT_EVERY_MS);
onLeaving(() => {
  if (last) tick();
  if (begun && length(intervals) > 0) reporter.send(true);
});

const kept = reporter.kept();
if (kept && Array.isArray(kept.intervals) && kept.intervals.length) {
  intervals = merged(kept.intervals);
  reporter.send();
}

// ---- where it was left ----
const position = Number(video.dataset.position);
const resume = document.getElementById("resume");
const resumes = position > 3 && position < duration - 3;
if (resumes) resume.hidden = false;
let from = resumes ? position : 0;
video.addEventListener("loadedmetadata", () => {
  if (from) video.currentTime = from;
  from = 0;
});
document.getElementById("restart").addEventListener("click", () => {
  from = 0;
  if (video.readyState > 0) video.currentTime = 0;
  resume.hidden = true;
  video.play();
});
video.addEventListener("play", () => {
  resume.hidden = true;
});

// ---- speed ----
const speeds = document.getElementById("speed");
speeds.hidden = false;
speeds.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-rate]");
  if (button) video.playbackRate = Number(button.dataset.rate);
});
video.addEventListener("ratechange", () => {
  for (const button of speeds.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(Number(button.dataset.rate) === video.playbackRate));
  }
});

// ---- transcript: a tap on a time goes there, and the line being said is marked ----
const lines = [...document.querySelectorAll(".transcript li")];
for (const line of lines) {
  const time = line.querySelector(".cue-time");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "cue-time";
  button.textContent = time.textContent;
  button.addEventListener("click", () => {
    const start = Number(line.dataset.start);
    if (video.readyState > 0) video.currentTime = start;
    else from = start;
    video.play();
  });
  time.replaceWith(button);
}
video.addEventListener("timeupdate", () => {
  for (const line of lines) {
    const now = video.currentTime >= Number(line.dataset.start) && video.currentTime < Number(line.dataset.end);
    line.classList.toggle("now", now);
  }
});
