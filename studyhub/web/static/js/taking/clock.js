// The time that is left, by the server's clock only. The device's wall clock may be wrong or be changed;
// `performance.now()` merely says how much time went by since the server last told us its own.

const MOST_DRIFT_MS = 2000;

/** Counts down to `deadlineAt`. `serverNow` was true when the answer that brought this page began. */
export function createClock({ serverNow, deadlineAt, warnAt, onTick, onWarning, onDeadline }) {
  const deadline = Date.parse(deadlineAt);
  let base = Date.parse(serverNow) - answerBegan();
  let warned = [];
  let timer = null;

  const now = () => base + performance.now();
  const secondsLeft = () => Math.max(0, Math.ceil((deadline - now()) / 1000));

  /** Take the server's word again: after a sleep, `performance.now()` may have stood still. */
  function correct(moment) {
    const told = Date.parse(moment) - performance.now();
    if (Math.abs(told - base) > MOST_DRIFT_MS) base = told;
    tick();
  }

  function tick() {
    const left = secondsLeft();
    onTick(left);
    const due = warnAt.filter((seconds) => left <= seconds && left > 0 && !warned.includes(seconds));
    if (due.length) {
      warned = warned.concat(due);
      onWarning(Math.min(...due), left);
    }
    if (left === 0 && timer !== null) {
      stop();
      onDeadline();
    }
  }

  function start() {
    // Whoever opens the page with three minutes left is told of the last minute, not of five.
    const left = secondsLeft();
    warned = warnAt.filter((seconds) => left < seconds - 5);
    timer = setInterval(tick, 1000);
    tick();
  }

  function stop() {
    clearInterval(timer);
    timer = null;
  }

  return { start, stop, correct, secondsLeft };
}

/** 24:18, 1:02:05. */
export function clocked(seconds) {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const two = (number) => String(number).padStart(2, "0");
  const rest = two(seconds % 60);
  return hours ? `${hours}:${two(minutes)}:${rest}` : `${two(minutes)}:${rest}`;
}

// When the answer that brought the page began, on the scale of `performance.now()`. Safari learnt the first way
// with version 15.
function answerBegan() {
  const [navigation] = performance.getEntriesByType("navigation");
  if (navigation && navigation.responseStart) return navigation.responseStart;
  const timing = performance.timing;
  return timing && timing.responseStart ? timing.responseStart - timing.navigationStart : performance.now();
}
