// The taking page. The server's form works by itself; this makes it one question a screen, saved as one goes.

import { readAnswer, writeAnswer } from "./answers.js";
import { createApi } from "./api.js";
import { clocked, createClock } from "./clock.js";
import { createHandIn } from "./hand_in.js";
import { listenToKeys } from "./keys.js";
import { listenToMaterial } from "./material.js";
import { listenToMoves } from "./ordering.js";
import { createSaver } from "./saver.js";
import { createScreens } from "./screens.js";
import { createSheet } from "./sheet.js";
import { createStatus } from "./status.js";
import { createStop } from "./stop.js";
import { openStore } from "./store.js";
import { fill, part } from "./words.js";

const TYPING_PAUSE_MS = 800;
const WARN_AT_S = [300, 60];
const LONG_ABSENCE_MS = 10000;

const data = JSON.parse(document.getElementById("paper-data").textContent);
const sections = new Map(
  Array.from(document.querySelectorAll(".question"), (section) => [Number(section.dataset.position), section]),
);
const positions = Array.from(sections.keys());
const store = openStore(data.attempt);
const api = createApi(data.urls.paper);
const status = createStatus({ words: data.words, zone: data.zone });
const stop = createStop({ sections, words: data.words });

if (data.fresh) begin();
if (store.epoch === null) offerToContinue();
else if (store.epoch !== data.epoch) takenOver();
else write();
document.documentElement.setAttribute("data-ready", "");

// This page was just started or taken over. What an older page of this tab could not save is still shown.
function begin() {
  Object.keys(store.unsent).forEach((position) => stop.lose(Number(position), store.unsent[position].answer));
  store.keepUnsent({});
  store.hold(data.epoch);
}

// This tab neither began the attempt nor took it over: only the button leads on.
function offerToContinue() {
  part("take-over").hidden = false;
  part("writing").hidden = true;
  part("foot").hidden = true;
}

function takenOver() {
  offerToContinue();
  part("take-over").hidden = true;
  stop.close("taken_over", store.unsent);
}

function write() {
  part("take-over").hidden = true;
  part("writing").hidden = false;
  part("foot").hidden = false;
  let leaving = false;

  const saver = createSaver({
    positions,
    stored: data.answers,
    epoch: data.epoch,
    send: (position, content) => api.put(data.urls.answer.replace("{position}", position), content),
    look: () => api.get(data.urls.attempt),
    on: {
      state: showState,
      kept: (unsaved) => {
        if (!leaving) store.keepUnsent(unsaved);
      },
      told: (moment) => clock.correct(moment),
      newer: (position, answer, mine) => {
        writeAnswer(sections.get(position), answer);
        stop.lose(position, mine);
        status.say(data.words.newer, { n: position });
      },
      refused: (position, mine) => {
        stop.lose(position, mine);
        status.say(data.words.refused, { n: position });
      },
      stopped: halt,
    },
  });

  const isAnswered = (position) => {
    const answer = saver.answer(position);
    if (typeof answer === "string") return answer.trim() !== "";
    return answer !== null && !(Array.isArray(answer) && answer.every((text) => text.trim() === ""));
  };
  const sheet = createSheet({
    positions,
    words: data.words,
    isAnswered,
    isFlagged: (position) => store.flags.includes(position),
    isUnsaved: saver.isUnsaved,
  });

  let current = null;
  const clock = createClock({
    serverNow: data.server_now,
    deadlineAt: data.deadline_at,
    warnAt: WARN_AT_S,
    onTick: (left) => {
      part("clock").textContent = clocked(left);
      part("clock-box").classList.toggle("soon", left <= WARN_AT_S[0]);
    },
    onWarning: (seconds) => status.say(seconds > 60 ? data.words.minutesLeft : data.words.minuteLeft, { n: seconds / 60 }),
    onDeadline: () => {
      status.say(data.words.timeIsUp);
      sections.forEach((section, position) => take(position, 0));
      document.body.classList.add("time-is-up");
      window.location.hash = "sheet";
      handIn.handIn();
    },
  });

  const handIn = createHandIn({
    epoch: data.epoch,
    send: (content) => api.post(data.urls.submit, content),
    unsaved: saver.unsaved,
    on: {
      done: () => {
        leaving = true;
        store.forget();
        window.location.replace(data.urls.review);
      },
      refused: (position) => {
        saver.drop(position);
        status.say(data.words.refused, { n: position });
      },
      silence: () => status.say(data.words.handInRetry),
      stopped: (code) => saver.stop(code),
    },
  });

  restore();
  positions.forEach(listen);
  const screens = createScreens({ sections, start: firstToShow(), onShow: shown });
  listenToKeys({
    question: () => sections.get(screens.current) || null,
    go: screens.go,
  });
  listenToMaterial(Array.from(document.querySelectorAll("[data-material]")));
  listenToThePage();
  clock.start();
  showState();

  function showState() {
    const isHeldUp = saver.stopped && Object.keys(saver.unsaved()).length > 0;
    const heldUp = saver.stopped === "signed_out" ? "waiting" : "stopped";
    status.show(isHeldUp ? heldUp : saver.state(), saver.lastSavedAt);
    sheet.draw(current);
    sections.forEach((section, position) => {
      section.classList.toggle("answered", isAnswered(position));
      if (section.dataset.type === "essay") count(section);
    });
  }

  // How much of an essay is written: of what is in the field, saved or not.
  function count(section) {
    const field = section.querySelector("textarea");
    const words = { n: field.value.length, total: field.maxLength };
    section.querySelector("[data-count]").textContent = fill(data.words.characters, words);
  }

  function shown(position) {
    current = position;
    status.hush(data.words.moved);
    part("where").textContent = position
      ? fill(data.words.where, { n: position, total: positions.length })
      : data.words.sheet;
    if (position) store.stayAt(position);
    saver.hurry();
    showState();
  }

  function firstToShow() {
    if (sections.has(store.at)) return store.at;
    return positions.find((position) => !isAnswered(position)) || positions[0];
  }

  // What an earlier page of this tab had not saved, and what was chosen before this script was here.
  function restore() {
    const unsent = store.unsent;
    positions.forEach((position) => {
      if (unsent[position]) {
        writeAnswer(sections.get(position), unsent[position].answer);
        saver.restore(position, unsent[position].answer, unsent[position].seq);
      } else {
        take(position, 0);
      }
    });
  }

  function take(position, delay) {
    saver.change(position, readAnswer(sections.get(position)), delay);
  }

  function listen(position) {
    const section = sections.get(position);
    const isText = (control) => control.type === "text" || control.type === "textarea";
    section.addEventListener("input", (event) => {
      // While a Chinese word is being composed, the field holds half of it.
      if (!event.isComposing) take(position, isText(event.target) ? TYPING_PAUSE_MS : 0);
    });
    section.addEventListener("compositionend", () => take(position, TYPING_PAUSE_MS));
    section.addEventListener("change", () => take(position, 0));
    section.querySelector("[data-clear]").addEventListener("click", (event) => {
      event.preventDefault();
      writeAnswer(section, null);
      take(position, 0);
      section.querySelector("[data-heading]").focus();
    });
    if (section.dataset.type === "order") {
      writeAnswer(section, readAnswer(section));
      listenToMoves(section, (item, n, total) => status.say(data.words.moved, { item, n, total }));
    }
    drawFlag(section, store.flags.includes(position));
    section.querySelector("[data-flag]").addEventListener("click", () => {
      drawFlag(section, store.toggleFlag(position));
      showState();
    });
  }

  function drawFlag(section, flagged) {
    const button = section.querySelector("[data-flag]");
    button.setAttribute("aria-pressed", String(flagged));
    button.querySelector(".star").textContent = flagged ? "★" : "☆";
  }

  function halt(code) {
    if (code === "signed_out") {
      part("signed-out").hidden = false;
      window.scrollTo(0, 0);
    } else {
      clock.stop();
      stop.close(code, saver.unsaved());
      if (code === "attempt_closed") store.forget();
    }
    showState();
  }

  function listenToThePage() {
    let leftAt = 0;
    part("paper").addEventListener("submit", (event) => {
      event.preventDefault();
      saver.flush();
    });
    window.addEventListener("online", saver.flush);
    window.addEventListener("pagehide", saver.flush);
    window.addEventListener("beforeunload", (event) => {
      if (leaving || saver.stopped || Object.keys(saver.unsaved()).length === 0) return;
      event.preventDefault();
      event.returnValue = "";
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") {
        leftAt = Date.now(); // only for how long the page was away: a wrong clock does no harm
        saver.flush();
      } else {
        lookAgain(Date.now() - leftAt > LONG_ABSENCE_MS);
      }
    });
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) lookAgain(true);
    });
  }

  // After a sleep the clock may have stood still, and the exam may have gone on elsewhere.
  async function lookAgain(long) {
    saver.flush();
    if (!long || saver.stopped) return;
    const asked = performance.now();
    const answer = await api.get(data.urls.attempt);
    if (answer.status !== 200 || saver.stopped) return;
    if (answer.body.state !== "open") saver.stop("attempt_closed");
    else if (answer.body.epoch !== data.epoch) saver.stop("taken_over");
    else if (performance.now() - asked < 5000) clock.correct(answer.body.server_now);
  }
}
