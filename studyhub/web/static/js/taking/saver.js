// Saves answers one by one, until the server has acknowledged each. The rules of the interface:
// a question's seq rises with every new content, the same content is repeated with the same seq, and no
// question ever has two saves on their way.

import { same } from "./answers.js";

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30000;
// Not signed in, an old form token, a password to set first, or signed in as somebody else.
const SIGN_IN_AGAIN = [400, 401, 403, 404];

/**
 * `stored`: { position: { answer, seq, saved_at } } as the server holds it.
 * `send(position, { answer, epoch, seq })` resolves to an answer of `api.js`.
 * `on`: { state(), kept(unsaved), told(moment), newer(position, stored, mine), refused(position, mine, code),
 *         stopped(code) } - stopped with "taken_over", "attempt_closed" or "signed_out".
 */
export function createSaver({ positions, stored, epoch, send, look, on }) {
  const questions = new Map();
  let stopped = null;
  let lastSavedAt = null;

  positions.forEach((position) => {
    const known = stored[position];
    questions.set(position, {
      position,
      stored: known ? known.answer : null,
      seq: known ? known.seq : 0,
      pending: null, // what the server has not acknowledged: { answer, seq, sent, tries }
      flying: null, // the one of them that is on its way
      unsure: false, // an earlier content was sent, and what became of it is not known
      failed: false,
      timer: null,
    });
    if (known && (lastSavedAt === null || known.saved_at > lastSavedAt)) lastSavedAt = known.saved_at;
  });

  /** The person gave another answer; it is sent after `delay` ms without a further change. */
  function change(position, answer, delay) {
    const question = questions.get(position);
    if (question.pending ? same(question.pending.answer, answer) : same(question.stored, answer)) return;
    question.failed = false;
    if (!question.flying && !question.unsure && same(question.stored, answer)) {
      question.pending = null;
      clearTimeout(question.timer);
    } else {
      enqueue(question, answer);
      schedule(question, delay);
    }
    changed();
  }

  /** Put back what an earlier page of this tab could not save any more. */
  function restore(position, answer, seq) {
    const question = questions.get(position);
    question.seq = Math.max(question.seq, seq);
    question.pending = { answer, seq, sent: true, tries: 0 };
    question.unsure = true;
    schedule(question, 0);
    changed();
  }

  function enqueue(question, answer) {
    const waiting = question.pending;
    if (waiting && !waiting.sent) {
      waiting.answer = answer;
    } else {
      question.seq += 1;
      const tries = waiting ? waiting.tries : 0;
      question.pending = { answer, seq: question.seq, sent: false, tries };
    }
  }

  function schedule(question, delay) {
    clearTimeout(question.timer);
    question.timer = setTimeout(() => fly(question), delay);
  }

  async function fly(question) {
    clearTimeout(question.timer);
    const save = question.pending;
    if (stopped || question.flying || !save) return;
    save.sent = true;
    question.flying = save;
    on.state();
    const answer = await send(question.position, { answer: save.answer, epoch, seq: save.seq });
    question.flying = null;
    if (!stopped) await land(question, save, answer);
    changed();
    if (!stopped && question.pending && question.pending !== save) fly(question);
  }

  async function land(question, save, answer) {
    const code = answer.body.code;
    if (answer.status === 200) acknowledged(question, save, answer.body);
    else if (answer.status === 409 && code === "conflict") await conflicted(question, save);
    else if (answer.status === 409) stop(code === "taken_over" ? "taken_over" : "attempt_closed");
    else if (answer.status === 422 || answer.status === 413) refuse(question, save, "bad_answer");
    else if (SIGN_IN_AGAIN.includes(answer.status)) stop("signed_out");
    else tryAgain(question, save, answer.retryAfter);
  }

  function acknowledged(question, save, body) {
    question.stored = body.answer;
    question.unsure = false;
    if (lastSavedAt === null || body.saved_at > lastSavedAt) lastSavedAt = body.saved_at;
    if (body.outcome === "saved") on.told(body.saved_at);
    if (body.outcome === "superseded") {
      overtaken(question, save, body);
    } else if (question.pending === save) {
      question.pending = null;
    }
  }

  // The same seq with another content: a copy of this tab was faster. Its answer stands.
  async function conflicted(question, save) {
    const answer = await look();
    const known = answer.status === 200 && answer.body.answers && answer.body.answers[question.position];
    if (known) overtaken(question, save, known);
    else tryAgain(question, save, answer.retryAfter);
  }

  function overtaken(question, save, known) {
    question.stored = known.answer;
    question.seq = Math.max(question.seq, known.seq);
    if (question.pending === save) {
      question.pending = null;
      if (!same(save.answer, known.answer)) on.newer(question.position, known.answer, save.answer);
    } else if (question.pending && !question.pending.sent) {
      question.seq += 1;
      question.pending.seq = question.seq;
    }
  }

  function refuse(question, save, code) {
    if (question.pending !== save) return;
    question.pending = null;
    question.failed = true;
    on.refused(question.position, save.answer, code);
  }

  function tryAgain(question, save, retryAfter) {
    question.unsure = true;
    save.tries += 1;
    if (question.pending !== save) return;
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (save.tries - 1));
    schedule(question, Math.max(retryAfter * 1000, pause * (0.75 + Math.random() / 2)));
  }

  function stop(code) {
    if (stopped) return;
    stopped = code;
    questions.forEach((question) => clearTimeout(question.timer));
    on.kept(unsaved());
    on.stopped(code);
  }

  function changed() {
    on.kept(unsaved());
    on.state();
  }

  /** { position: { answer, seq } } of what is not acknowledged. */
  function unsaved() {
    const all = {};
    questions.forEach((question) => {
      if (question.pending) all[question.position] = { answer: question.pending.answer, seq: question.pending.seq };
    });
    return all;
  }

  /** Give up what the server will not take, as it said in answer to the submit. */
  function drop(position) {
    const question = questions.get(position);
    if (question.pending) refuse(question, question.pending, "bad_answer");
    changed();
  }

  /** Send everything that waits, without waiting for timers. */
  function flush() {
    questions.forEach((question) => fly(question));
  }

  /** Send what waits for a pause in typing; what failed before keeps its own pace, for the server may be busy. */
  function hurry() {
    questions.forEach((question) => {
      if (question.pending && question.pending.tries === 0) fly(question);
    });
  }

  /** One word for all questions together, the worst first. */
  function state() {
    const all = Array.from(questions.values());
    if (all.some((question) => question.failed)) return "failed";
    if (all.some((question) => question.pending && question.pending.tries > 0)) return "retrying";
    if (all.some((question) => question.pending)) return "saving";
    return lastSavedAt === null ? "untouched" : "saved";
  }

  return {
    change,
    restore,
    drop,
    flush,
    hurry,
    stop,
    state,
    unsaved,
    answer: (position) => {
      const question = questions.get(position);
      return question.pending ? question.pending.answer : question.stored;
    },
    isUnsaved: (position) => Boolean(questions.get(position).pending) || questions.get(position).failed,
    get lastSavedAt() {
      return lastSavedAt;
    },
    get stopped() {
      return stopped;
    },
  };
}
