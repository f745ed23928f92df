// The sentences come from the page, in the reader's language; only their gaps are filled here.

/** `fill("Question {n} of {total}", { n: 3, total: 20 })` */
export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (gap, name) => (name in values ? String(values[name]) : gap));
}

/** A moment as the organisation's clock shows it: 14:03:22. */
export function timeOfDay(moment, zone) {
  const format = { timeZone: zone, hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
  return new Intl.DateTimeFormat("en-GB", format).format(new Date(moment));
}

/** The one element that plays `role` on the page. */
export function part(role) {
  return document.querySelector(`[data-part="${role}"]`);
}
