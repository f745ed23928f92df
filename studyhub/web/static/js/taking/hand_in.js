// 交卷: asked once more, then sent until the server has answered. Unsaved answers travel in the same request.

import { part } from "./words.js";

const PAUSES_MS = [1000, 2000, 4000, 8000, 15000];

/**
 * `send(content)` posts the submit; `unsaved()` gives what must travel along.
 * `on`: { done(), refused(position, code), stopped(code), silence() }
 */
export function createHandIn({ epoch, send, unsaved, on }) {
  const ask = part("ask");
  const sure = part("sure");
  const busy = part("handing-in");
  let under = false;

  part("hand-in").addEventListener("click", () => {
    sure.hidden = false;
    ask.hidden = true;
    sure.querySelector("[data-heading]").focus({ preventScroll: true });
    sure.scrollIntoView({ block: "center" });
  });
  part("not-yet").addEventListener("click", () => {
    calm();
    part("hand-in").focus();
  });
  part("yes").addEventListener("click", () => handIn());

  function calm() {
    sure.hidden = true;
    ask.hidden = false;
  }

  async function handIn() {
    if (under) return;
    under = true;
    document.body.classList.add("handing-in");
    busy.hidden = false;
    for (let tries = 0; under; tries += 1) {
      const answer = await send({ epoch, answers: unsaved() });
      if (answer.status === 200) return on.done();
      if (answer.status >= 400 && answer.status < 500 && answer.status !== 429) return refused(answer);
      on.silence();
      const pause = PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)];
      await wait(Math.max(pause, answer.retryAfter * 1000));
    }
  }

  function refused(answer) {
    under = false;
    busy.hidden = true;
    document.body.classList.remove("handing-in");
    calm();
    const { code, position } = answer.body;
    if (code === "taken_over" || code === "attempt_closed") on.stopped(code);
    else if (position) on.refused(position, code);
    else on.stopped("signed_out");
  }

  return { handIn };
}

function wait(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
