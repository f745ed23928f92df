// A large button over the poster: the player's own is small, and hidden on some phones. Gone once it plays.
const video = document.getElementById("video");
const button = document.getElementById("play");

button.hidden = false;
button.addEventListener("click", () => {
  // Whoever came by the keyboard goes on in the player.
  video.focus();
  video.play();
});
video.addEventListener("play", () => {
  button.hidden = true;
});
