// One question a screen. The address says which (#q5, #sheet), so that the phone's back key leads to the
// question before and not out of the exam.

import { part } from "./words.js";

const SHEET = "sheet";

/** `onShow(position | null)` hears what is on the screen now; null is the answer sheet. */
export function createScreens({ sections, start, onShow }) {
  const positions = Array.from(sections.keys());
  const sheet = part("sheet");
  const next = part("next");
  const previous = part("previous");
  let shown = null;
  let question = start; // the one on the screen, or the last that was

  const place = () => positions.indexOf(shown);

  function fromAddress() {
    const name = window.location.hash.slice(1);
    if (name === SHEET) return SHEET;
    const position = name[0] === "q" ? Number(name.slice(1)) : NaN;
    return positions.includes(position) ? position : undefined;
  }

  function show(target, { focus }) {
    shown = target;
    if (target !== SHEET) question = target;
    sections.forEach((section, position) => section.classList.toggle("current", position === target));
    sheet.hidden = target !== SHEET;
    document.body.classList.toggle("at-sheet", target === SHEET);
    steer();
    onShow(target === SHEET ? null : target);
    window.scrollTo(0, 0);
    if (focus) headingOf(target).focus({ preventScroll: true });
  }

  function headingOf(target) {
    return (target === SHEET ? sheet : sections.get(target)).querySelector("[data-heading]");
  }

  function steer() {
    const before = shown === SHEET ? question : positions[place() - 1];
    const after = positions[place() + 1];
    point(previous, before && `q${before}`);
    if (shown !== SHEET) point(next, after ? `q${after}` : SHEET);
    next.querySelector("[data-more]").hidden = !after;
    next.querySelector("[data-last]").hidden = Boolean(after);
  }

  function point(link, target) {
    link.classList.toggle("off", !target);
    if (target) link.setAttribute("href", `#${target}`);
    else link.removeAttribute("href");
  }

  window.addEventListener("hashchange", () => {
    const target = fromAddress();
    if (target !== undefined && target !== shown) show(target, { focus: true });
  });

  const first = fromAddress() || start;
  window.history.replaceState(null, "", `#${first === SHEET ? SHEET : `q${first}`}`);
  show(first, { focus: false });

  return {
    /** Turn the page at once: the next key may follow before the browser has told of the new address. */
    go(step) {
      const link = step < 0 ? previous : next;
      if (!link.hasAttribute("href") || (shown === SHEET && step > 0)) return;
      window.location.hash = link.hash;
      show(fromAddress(), { focus: true });
    },
    get current() {
      return shown === SHEET ? null : shown;
    },
  };
}
