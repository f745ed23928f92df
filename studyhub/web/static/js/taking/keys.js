// The keyboard: a letter chooses an option, the arrows and Page Up / Page Down turn to another question.

const BACK = ["ArrowLeft", "PageUp"];
const ON = ["ArrowRight", "PageDown"];

/** `question()` is the section on the screen or null; `go(step)` turns the page by -1 or +1. */
export function listenToKeys({ question, go }) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (BACK.includes(event.key) && !isTaken(event)) turn(event, -1);
    else if (ON.includes(event.key) && !isTaken(event)) turn(event, 1);
    else if (event.key.length === 1 && question() && !writesText(event.target)) choose(event, question());
  });

  function turn(event, step) {
    event.preventDefault();
    go(step);
  }
}

function writesText(target) {
  return ["TEXTAREA", "SELECT"].includes(target.tagName) || (target.tagName === "INPUT" && target.type === "text");
}

// Left and right move between radio buttons, within a text and in a select box; Page Up and Page Down are free.
function isTaken(event) {
  const isRadio = event.target.tagName === "INPUT" && event.target.type === "radio";
  return event.key.startsWith("Arrow") && (isRadio || writesText(event.target));
}

function choose(event, section) {
  const wanted = event.key.toUpperCase();
  const control = Array.from(section.querySelectorAll("[data-key]")).find((each) => each.dataset.key === wanted);
  if (!control) return;
  event.preventDefault();
  control.focus();
  if (control.type === "radio" && control.checked) return;
  control.click();
}
