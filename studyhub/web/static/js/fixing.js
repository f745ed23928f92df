// The fix-it desk by one key each: what has data-key is pressed by it. Without this the buttons do the same.
const typing = (element) => element.matches("input:not([type=radio]), textarea, select");

document.addEventListener("keydown", (event) => {
  const text = document.getElementById("text");
  if (event.target === text) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      document.getElementById("take-text").click();
    }
    if (event.key === "Escape") text.blur();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing(event.target)) return;
  const pressed = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!pressed) return;
  event.preventDefault();
  if (pressed.tagName === "SUMMARY") {
    pressed.parentElement.open = true;
    text.focus();
  } else {
    pressed.click();
  }
});
