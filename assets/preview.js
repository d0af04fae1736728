// Takes the first picture away for good once the page is there: assets/preview.css says when.
"use strict";
const picture = document.getElementById("first-picture");
const watcher = new MutationObserver(look);

function look() {
  if (!picture.isConnected || getComputedStyle(picture).visibility !== "hidden") return;
  watcher.disconnect();
  // Whoever has read on stays where they are.
  const main = document.querySelector('[data-testid="stMain"]');
  if (main && picture.scrollTop) main.scrollTop = picture.scrollTop;
  picture.remove();
  // Its style asks of every change of the page whether the page is there.
  document.getElementById("first-picture-style").remove();
}

if (picture) {
  const root = document.getElementById("root");
  watcher.observe(root, { subtree: true, childList: true, attributes: true });
  picture.addEventListener("transitionend", look);
  look();
}
