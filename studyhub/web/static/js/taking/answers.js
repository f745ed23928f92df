// Between the controls of a question and its answer as the interface writes it. `null` is no answer.

import { readOrder, writeOrder } from "./ordering.js";

// Blanks carry their number: in the sentence the second may stand before the first.
const inputs = (section) =>
  Array.from(section.querySelectorAll("[data-answer]")).sort(
    (one, other) => Number(one.dataset.answer) - Number(other.dataset.answer),
  );

const readers = {
  single: (controls) => checked(controls)[0] || null,
  multiple: (controls) => {
    const letters = checked(controls);
    return letters.length ? letters : null;
  },
  truefalse: (controls) => {
    const word = checked(controls)[0];
    return word ? word === "true" : null;
  },
  blank: (controls) => {
    const texts = controls.map((control) => control.value);
    return texts.some((text) => text !== "") ? texts : null;
  },
  number: (controls) => controls[0].value || null,
  essay: (controls) => controls[0].value || null,
  match: (controls) => {
    const pairs = {};
    controls.forEach((control) => {
      if (control.value) pairs[control.dataset.answer] = control.value;
    });
    return Object.keys(pairs).length ? pairs : null;
  },
};

function checked(controls) {
  return controls.filter((control) => control.checked).map((control) => control.value);
}

/** What the controls of a question say at this moment. */
export function readAnswer(section) {
  if (section.dataset.type === "order") return readOrder(section);
  return readers[section.dataset.type](inputs(section));
}

/** Show `answer` in the controls of a question. */
export function writeAnswer(section, answer) {
  if (section.dataset.type === "order") return writeOrder(section, answer);
  if (section.dataset.type === "match") return writePairs(section, answer || {});
  const chosen = [].concat(answer === null ? [] : answer).map(String);
  inputs(section).forEach((control, index) => {
    if (control.type === "radio" || control.type === "checkbox") {
      control.checked = chosen.includes(control.value);
    } else {
      control.value = chosen[index] || "";
    }
  });
}

function writePairs(section, pairs) {
  inputs(section).forEach((control) => {
    control.value = pairs[control.dataset.answer] || "";
  });
}

/** An answer as a person would write it down: `A、C`, `正确`, `第二十一条；每季度`; `words` has comma and semicolon. */
export function answerText(section, answer, words) {
  if (answer === null) return "–";
  if (section.dataset.type === "truefalse") {
    const control = inputs(section).find((each) => each.value === String(answer));
    return control ? control.dataset.word : String(answer);
  }
  if (section.dataset.type === "match") {
    return Object.keys(answer).map((left) => `${left} – ${answer[left]}`).join(words.semicolon);
  }
  if (section.dataset.type === "order") return answer.join(" → ");
  if (!Array.isArray(answer)) return String(answer);
  return answer.map((part) => part || "–").join(section.dataset.type === "blank" ? words.semicolon : words.comma);
}

/** Whether two answers are the same. */
export function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}
