// Listens to a room for as long as the page is there. Not an EventSource: that one hides the
// heartbeats, so a dead Wi-Fi looks like a quiet room, and it gives up for good when a proxy answers
// with an error while the server restarts.

const SILENT = 25_000; // The server says something at least every ten seconds.
const FIRST_WAIT = 400, LONGEST_WAIT = 5_000;

/** Call back with each event (with a key at once, as the room's own screen); `lost` each time the stream breaks, `found` when it is there again. */
export async function listen(address, key, { room, gone, lost, found }) {
  let last = "", wait = FIRST_WAIT;
  for (;;) {
    const stop = new AbortController();
    let patience = 0;
    const heard = () => {
      clearTimeout(patience);
      patience = setTimeout(() => stop.abort(), SILENT);
    };
    try {
      heard();
      const headers = { ...(last && { "Last-Event-ID": last }), ...(key && { "X-Screen-Key": key }) };
      const answer = await fetch(address, { headers, cache: "no-store", signal: stop.signal });
      if (answer.status === 404) gone();
      if (answer.ok) {
        found();
        wait = FIRST_WAIT;
        for await (const event of events(answer.body, heard)) {
          if (event.event === "room") {
            last = event.id;
            room(JSON.parse(event.data), last);
          } else if (event.event === "gone") {
            gone();
          }
        }
      }
    } catch { /* What broke it is not for a room to read. */ }
    clearTimeout(patience);
    lost();
    await pause(wait * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, LONGEST_WAIT);
  }
}

/** Wait, or until the network comes back. */
function pause(milliseconds) {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
    addEventListener("online", resolve, { once: true });
  });
}

async function* events(body, heard) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    heard();
    const parts = (text + value).split("\n\n");
    text = parts.pop();
    for (const part of parts) {
      const event = {};
      for (const line of part.split("\n")) {
        const at = line.indexOf(": ");
        if (at > 0) event[line.slice(0, at)] = line.slice(at + 2);
      }
      if (event.event) yield event;
    }
  }
}
