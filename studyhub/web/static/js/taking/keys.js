// The keyboard: a letter chooses an option, left, right and Page Up / Page Down turn to another question, and
// Enter in a line of text goes on: to the next blank, after the last one to the next question.

const BACK = ["ArrowLeft", "PageUp"];
const ON = ["ArrowRight", "PageDown"];
const LINE_PX = 40;
const COMPOSING = 229; // Safari's Enter that ends the composing of a Chinese word

/** `question()` is the section on the screen or null; `go(step)` turns the page by -1 or +1. */
export function listenToKeys({ question, go }) {
  let byLetter = null; // the radio button that a letter chose, until the focus leaves it

  document.addEventListener("focusout", () => {
    byLetter = null;
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.keyCode === COMPOSING) return;
    if (BACK.includes(event.key) && !isTaken(event)) turn(event, -1);
    else if (ON.includes(event.key) && !isTaken(event)) turn(event, 1);
    else if (event.key === "Enter" && isLine(event.target) && question()) goOn(event, question());
    else if (["ArrowUp", "ArrowDown"].includes(event.key) && event.target === byLetter) scroll(event);
    else if (event.key.length === 1 && question() && !writesText(event.target)) {
      const control = choose(event, question());
      if (control && control.type === "radio") byLetter = control;
    }
  });

  function turn(event, step) {
    event.preventDefault();
    go(step);
  }

  function goOn(event, section) {
    const lines = Array.from(section.querySelectorAll("input")).filter(isLine);
    const next = lines[lines.indexOf(event.target) + 1];
    if (!next) return turn(event, 1);
    event.preventDefault();
    next.focus();
  }
}

function isLine(target) {
  return target.tagName === "INPUT" && target.type === "text";
}

function writesText(target) {
  return ["TEXTAREA", "SELECT"].includes(target.tagName) || isLine(target);
}

// Within a text and in a select box left and right have their own work. Of radio buttons they never change
// the answer, only up and down do, and not those of somebody who chose by letter.
function isTaken(event) {
  return event.key.startsWith("Arrow") && writesText(event.target);
}

function scroll(event) {
  event.preventDefault();
  window.scrollBy(0, event.key === "ArrowDown" ? LINE_PX : -LINE_PX);
}

function choose(event, section) {
  const wanted = event.key.toUpperCase();
  const control = Array.from(section.querySelectorAll("[data-key]")).find((each) => each.dataset.key === wanted);
  if (!control) return null;
  event.preventDefault();
  control.focus();
  if (control.type !== "radio" || !control.checked) control.click();
  return control;
}
