// The text of a passage stands on the screen of each of its questions: folded on one, it is folded on all.

export function listenToMaterial(texts) {
  texts.forEach((text) => {
    text.addEventListener("toggle", () => {
      texts.forEach((other) => {
        if (other.dataset.material === text.dataset.material && other.open !== text.open) other.open = text.open;
      });
    });
  });
}
