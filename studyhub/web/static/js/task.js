// Keeps the page of a task up to date: the progress moves, and the page is loaded anew when the state changes.
const script = document.getElementById("task-script");
const bar = document.querySelector("#task progress");
const text = document.querySelector("#task .progress-text");
const state = script.dataset.state;

async function look() {
  const answer = await fetch(script.dataset.url, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const task = await answer.json();
  if (task.state !== state || (task.total && !bar)) {
    location.reload();
    return;
  }
  if (bar && task.total) {
    bar.max = task.total;
    bar.value = task.done;
    if (text) text.textContent = `${task.done} / ${task.total}`;
  }
}

function again() {
  // A lost connection is no reason to stop: the next look may reach the server.
  look().catch(() => undefined).finally(() => setTimeout(again, 1500));
}

again();
