// A slip on the screen is shown this once: offer to print it, or to copy its code, where the browser can.
const print = document.querySelector("[data-print]");
const copy = document.querySelector("[data-copy]");

if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}

// Outside of https there is no clipboard.
if (copy && navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(copy.dataset.copy);
      copy.textContent = copy.dataset.copied;
    } catch {
      copy.hidden = true; // Not allowed here: the code can still be read.
    }
  });
}
