// What becomes of the answers, in words and with a sign, always in sight. Only trouble and its end are spoken.

import { fill, part, timeOfDay } from "./words.js";

const SHOWN_MS = 8000;
const GOOD_NEWS_MS = 3000; // the line above says so too

/** `show(state, savedAt)`; `say(sentence)` is read out and shown for a while. */
export function createStatus({ words, zone }) {
  const lines = Array.from(document.querySelectorAll("[data-save]"));
  const speech = part("speech");
  let last = null;
  let said = null;
  let timer = null;

  function show(state, savedAt) {
    lines.forEach((line) => {
      line.hidden = line.dataset.save !== state;
    });
    if (state === "saved") part("saved-at").textContent = timeOfDay(savedAt, zone);
    if (state === "retrying" && last !== "retrying") say(words.notSaved);
    if (state === "saved" && last === "retrying") say(words.savedAgain, {}, GOOD_NEWS_MS);
    last = state;
  }

  function say(sentence, values = {}, forMs = SHOWN_MS) {
    said = sentence;
    speech.textContent = fill(sentence, values);
    speech.classList.add("seen");
    clearTimeout(timer);
    timer = setTimeout(() => speech.classList.remove("seen"), forMs);
  }

  /** This sentence belonged to the question that was left. */
  function hush(sentence) {
    if (said === sentence) speech.classList.remove("seen");
  }

  return { show, say, hush };
}
