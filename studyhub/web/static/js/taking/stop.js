// When the paper cannot be written on any more, or something could not be saved: the page says why, and shows
// what it could not save, so that it can be copied.

import { answerText } from "./answers.js";
import { fill, part } from "./words.js";

/** `sections` by position; `words.lost` puts an answer behind the name of its question. */
export function createStop({ sections, words }) {
  const panel = part("stop");
  const box = part("lost");
  const lost = new Map();

  part("copy").addEventListener("click", () => {
    const text = box.querySelector("textarea");
    text.select();
    part("copied").hidden = !document.execCommand("copy");
  });

  function lose(position, answer) {
    lost.set(position, answer);
    const lines = Array.from(lost.keys())
      .sort((one, other) => one - other)
      .map((each) => fill(words.lost, { n: each, answer: answerText(sections.get(each), lost.get(each), words) }));
    const text = box.querySelector("textarea");
    text.value = lines.join("\n");
    text.rows = Math.min(10, lines.length + 1);
    box.hidden = false;
  }

  /** Close the paper; `code` names what is said: taken_over, attempt_closed. */
  function close(code, unsaved) {
    Object.keys(unsaved).forEach((position) => lose(Number(position), unsaved[position].answer));
    document.body.classList.add("stopped");
    panel.querySelectorAll("[data-why]").forEach((why) => {
      why.hidden = why.dataset.why !== code;
    });
    panel.hidden = false;
    window.scrollTo(0, 0);
    panel.querySelector(`[data-why="${code}"] h2`).focus();
  }

  return { lose, close };
}
