// A button that copies the text of an element. Without it the text can be selected by hand.
for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}

async function copy(button) {
  const text = document.getElementById(button.dataset.copy);
  // Selected as well: where the clipboard is closed to pages, the reader's own copy takes it from here.
  window.getSelection().selectAllChildren(text);
  try {
    // Only a page by https has navigator.clipboard.
    if (navigator.clipboard) await navigator.clipboard.writeText(text.textContent);
    else if (!document.execCommand("copy")) return;
    button.textContent = button.dataset.copied;
  } catch (error) {
    // Not allowed: the text stays selected.
  }
}
