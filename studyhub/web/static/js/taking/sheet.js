// The answer sheet: the tiles (beside the question, and on their own screen) and what is still unanswered.

import { fill, part } from "./words.js";

/** `isAnswered`, `isFlagged`, `isUnsaved` are asked by position whenever `draw` is called. */
export function createSheet({ positions, words, isAnswered, isFlagged, isUnsaved }) {
  const tiles = new Map(
    positions.map((position) => [position, document.querySelectorAll(`[data-tile="${position}"]`)]),
  );

  function draw(current) {
    positions.forEach((position) => tiles.get(position).forEach((tile) => drawTile(tile, position, current)));
    const open = positions.filter((position) => !isAnswered(position));
    const flagged = positions.filter(isFlagged);
    const answered = positions.length - open.length;
    part("answered").textContent = fill(words.answered, { n: answered });
    const count = (sentence) => (open.length ? fill(sentence, { n: open.length }) : words.allAnswered);
    part("open-hint").textContent = count(words.unansweredHint);
    document.querySelectorAll('[data-part="open-count"]').forEach((line) => {
      line.textContent = count(words.unanswered);
    });
    part("sure-words").textContent = open.length ? fill(words.sureOpen, { n: open.length }) : words.sureAll;
    list(part("open-list"), open);
    list(part("flag-list"), flagged);
  }

  function drawTile(tile, position, current) {
    const done = isAnswered(position);
    tile.classList.toggle("done", done);
    tile.classList.toggle("flagged", isFlagged(position));
    tile.classList.toggle("unsaved", isUnsaved(position));
    tile.classList.toggle("now", position === current);
    if (position === current) tile.setAttribute("aria-current", "true");
    else tile.removeAttribute("aria-current");
    const states = [done ? words.stateAnswered : words.stateUnanswered];
    if (isFlagged(position)) states.push(words.stateFlagged);
    if (isUnsaved(position)) states.push(words.stateUnsaved);
    tile.querySelector("[data-state]").textContent = states.join(", ");
  }

  function list(row, positions) {
    row.hidden = positions.length === 0;
    const links = positions.map((position) => {
      const link = document.createElement("a");
      link.href = `#q${position}`;
      link.textContent = position;
      link.setAttribute("aria-label", fill(words.question, { n: position }));
      return link;
    });
    const box = row.querySelector("[data-links]");
    box.textContent = "";
    links.forEach((link) => box.appendChild(link));
  }

  return { draw };
}
