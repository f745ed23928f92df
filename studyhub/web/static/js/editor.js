// The question editor: while one types, the server judges what is there, and the preview and the hints follow.
const PAUSE_MS = 500;
const form = document.getElementById("editor");
const preview = document.querySelector("[data-part=preview]");
let waiting = 0;
let asked = 0;

function show(answer) {
  if (answer.preview) preview.innerHTML = answer.preview;
  for (const list of form.querySelectorAll("[data-faults]")) {
    const faults = answer.faults[list.dataset.faults] || [];
    list.textContent = "";
    list.append(...faults.map(line));
  }
}

function line(fault) {
  const item = document.createElement("li");
  const tag = document.createElement("span");
  item.className = fault.error ? "bad" : "soon";
  tag.className = `tag ${item.className}`;
  tag.textContent = fault.error ? form.dataset.error : form.dataset.warning;
  item.append(tag, ` ${fault.message}`);
  return item;
}

async function look() {
  const mine = ++asked;
  const answer = await fetch(form.dataset.live, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  // A later look may have been answered already.
  if (answer.ok && mine === asked) show(await answer.json());
}

form.addEventListener("input", () => {
  clearTimeout(waiting);
  // A lost connection is no reason to stop: the next key asks again, and saving checks in any case.
  waiting = setTimeout(() => look().catch(() => undefined), PAUSE_MS);
});

// Other values of the variables, without leaving the page.
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=draw]");
  if (!button) return;
  event.preventDefault();
  form.elements.drawn.value = Number(form.elements.drawn.value) + 1;
  look().then(() => document.querySelector("button[name=draw]").focus()).catch(() => undefined);
});

let saving = false;
let changed = "changed" in form.dataset;
form.addEventListener("input", () => { changed = true; });
form.addEventListener("submit", () => { saving = true; });
window.addEventListener("beforeunload", (event) => {
  if (changed && !saving) event.preventDefault();
});
