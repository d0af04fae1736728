"use strict";
// Sends what the form would send, so that the answer is there at once.
(async () => {
  const result = document.getElementById("result");
  try {
    const answer = await fetch(location.pathname, {
      method: "POST", body: "", headers: { Accept: "application/json" },
    });
    const reply = await answer.json();
    result.textContent = reply.works ? result.dataset.works : result.dataset.cookie;
  } catch {
    result.textContent = result.dataset.offline;
  }
})();
