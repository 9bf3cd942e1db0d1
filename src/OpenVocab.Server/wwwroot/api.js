// The server's API, as this page needs it. An answer that is no success is thrown with the server's own words.

const login = document.querySelector("#login");

export class Refused extends Error {}

async function ask(method, path, body, headers = {}) {
  const reply = await fetch(path, { method, body, headers });
  if (reply.status === 401 && path !== "/v1/session") {
    await askForToken();
    return ask(method, path, body, headers);
  }
  if (!reply.ok) {
    const problem = await reply.json().catch(() => ({}));
    throw new Refused([problem.detail ?? `${reply.status} ${reply.statusText}`, problem.remedy].filter(Boolean).join(" "));
  }
  return reply.status === 204 ? null : reply.json();
}

const json = { "Content-Type": "application/json" };

export const getClasses = () => ask("GET", "/v1/classes");
export const putClasses = (classes, threshold) => ask("PUT", "/v1/classes", JSON.stringify({ classes, threshold }), json);
export const getStreams = () => ask("GET", "/v1/streams");
export const getSeen = words => ask("GET", words === undefined ? "/v1/seen" : `/v1/seen?words=${encodeURIComponent(words)}`);
export const startStream = id => ask("POST", "/v1/streams", JSON.stringify({ id }), json);
export const stopStream = id => ask("DELETE", `/v1/streams/${id}`);
export const putFollow = (id, follow) => ask("PUT", `/v1/streams/${id}/follow`, JSON.stringify(follow), json);
export const detect = file => ask("POST", "/v1/detect", file, { "Content-Type": "application/octet-stream" });

// Several requests may be refused at once: one dialog is enough.
let asking = null;

function askForToken() {
  asking ??= new Promise(done => {
    const field = document.querySelector("#token"), answer = document.querySelector("#loginAnswer");
    login.querySelector("form").onsubmit = async event => {
      event.preventDefault();
      try {
        await ask("POST", "/v1/session", JSON.stringify({ token: field.value }), json);
        field.value = answer.textContent = "";
        login.close();
        asking = null;
        done();
      } catch (fault) { answer.textContent = fault.message; }
    };
    login.oncancel = event => event.preventDefault();
    login.showModal();
  });
  return asking;
}

// Frames and states of a stream, for ever: a connection that ends is opened again.
export function watch(id, { onFrame, onState, onLost }) {
  let socket, closed = false, wait = 500, timer;
  const open = () => {
    socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/v1/streams/${id}/socket`);
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) => {
      wait = 500;
      if (typeof data === "string") { onState(JSON.parse(data)); return; }
      const length = new DataView(data).getUint32(0, true);
      const text = new TextDecoder().decode(new Uint8Array(data, 4, length));
      onFrame(JSON.parse(text), new Blob([new Uint8Array(data, 4 + length)], { type: "image/jpeg" }));
    };
    socket.onclose = () => {
      if (closed) { return; }
      onLost();
      timer = setTimeout(open, wait);
      wait = Math.min(2 * wait, 5000);
    };
  };
  open();
  return () => { closed = true; clearTimeout(timer); socket.close(); };
}
