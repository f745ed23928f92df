// Putting in order: two buttons move an item. The hidden select boxes of the plain page stay what is read.

const items = (section) => Array.from(section.querySelectorAll("li[data-item]"));
const placeOf = (item) => item.querySelector("select");

/** The items by their chosen places; those without one fill the gaps in the order shown. Null: nothing chosen. */
export function readOrder(section) {
  const all = items(section);
  if (all.every((item) => placeOf(item).value === "")) return null;
  const placed = new Map();
  const rest = [];
  all.forEach((item) => {
    const place = Number(placeOf(item).value);
    if (place && !placed.has(place)) placed.set(place, item);
    else rest.push(item);
  });
  return all.map((_, index) => (placed.get(index + 1) || rest.shift()).dataset.item);
}

/** Let the items stand in this order; null: as the paper shows them, without places. */
export function writeOrder(section, answer) {
  const list = section.querySelector(".order-items");
  const keys = answer || items(section).map((item) => item.dataset.item).sort();
  keys.forEach((key, index) => {
    const item = list.querySelector(`li[data-item="${key}"]`);
    placeOf(item).value = answer ? String(index + 1) : "";
    list.appendChild(item);
  });
  showEnds(section);
}

/** `onMove(key, place, total)` hears of each move, after the section's `change`. */
export function listenToMoves(section, onMove) {
  section.querySelectorAll("[data-move]").forEach((button) => {
    button.addEventListener("click", () => move(section, button, onMove));
  });
  section.querySelector("[data-keep]").addEventListener("click", () => {
    accept(section);
    section.querySelector("[data-heading]").focus({ preventScroll: true });
  });
  showEnds(section);
}

function move(section, button, onMove) {
  const item = button.closest("li");
  const other = button.dataset.move === "-1" ? item.previousElementSibling : item.nextElementSibling;
  if (!other) return;
  // The neighbour moves, so that the button keeps the focus.
  if (button.dataset.move === "-1") item.after(other);
  else item.before(other);
  accept(section);
  const all = items(section);
  onMove(item.dataset.item, all.indexOf(item) + 1, all.length);
}

function accept(section) {
  items(section).forEach((item, index) => {
    placeOf(item).value = String(index + 1);
  });
  showEnds(section);
  section.dispatchEvent(new Event("change"));
}

function showEnds(section) {
  const all = items(section);
  all.forEach((item, index) => {
    item.querySelector('[data-move="-1"]').setAttribute("aria-disabled", String(index === 0));
    item.querySelector('[data-move="1"]').setAttribute("aria-disabled", String(index === all.length - 1));
  });
}
