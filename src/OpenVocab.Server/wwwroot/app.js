import * as api from "/page/api.js";
import { Seen } from "/page/seen.js";
import { View } from "/page/view.js";
import { Drawing } from "/page/zones.js";

const $ = id => document.getElementById(id);
const view = new View($("picture"));
const drawing = new Drawing(view, $("drawHelp"), addRegion);

let stream = null;        // the last state of the stream that is shown
let stopWatching = null;
let vocabulary = 0;       // counts what the stream was looked at for
let classes = [];
let still = false;        // a picture of the user's is shown in place of the live one
let decoding = false;
let ownThreshold = 0.25;

// ---- words

$("words").addEventListener("submit", event => { event.preventDefault(); changeWords(); });
$("threshold").addEventListener("input", () => showThreshold(+$("threshold").value));
$("threshold").addEventListener("change", changeWords);

async function changeWords() {
  const answer = $("answer");
  try {
    answer.classList.remove("bad");
    answer.textContent = "…";
    const reply = await api.putClasses($("prompt").value, +$("threshold").value);
    showClasses(reply);
    const unknown = reply.unknownWords.length ? ` The text encoder has never seen ${reply.unknownWords.join(", ")}: that may find nothing.` : "";
    answer.textContent = `Looking for ${reply.classes.map(found => found.name).join(", ")}; in force after ${Math.round(reply.milliseconds)} ms.${unknown}`;
    if (still) { detectAgain(); }
  } catch (fault) { complain(answer, fault); }
}

// The words as they are in the server; typed words stay as they were typed.
function showClasses(reply) {
  classes = reply.classes;
  view.setClasses(classes);
  const thresholds = new Set(classes.map(found => found.threshold));
  if (thresholds.size === 1) { showThreshold([...thresholds][0]); $("threshold").value = ownThreshold; }
  showCounts([]);
}

function showThreshold(value) {
  ownThreshold = value;
  $("thresholdValue").textContent = value.toFixed(2);
}

async function fetchClasses(fillPrompt) {
  const reply = await api.getClasses();
  const same = new Set(reply.classes.map(found => found.threshold)).size === 1;
  if (fillPrompt) { $("prompt").value = same ? reply.classes.map(found => /[,:]/.test(found.name) ? `"${found.name}"` : found.name).join(", ") : reply.text; }
  showClasses(reply);
}

// ---- the live picture

async function onFrame({ result, framesPerSecond, latency, vocabulary: seen }, blob) {
  // While one picture is decoded the next ones pass by: only the newest counts.
  if (still || decoding) { return; }
  decoding = true;
  try {
    const picture = await createImageBitmap(blob);
    if (seen !== vocabulary) {
      const changedBySomebodyElse = vocabulary !== 0 && result.detections.some(found => !classes.some(known => known.name === found.class));
      vocabulary = seen;
      if (changedBySomebodyElse) { await fetchClasses(document.activeElement !== $("prompt")); }
    }
    if (still) { return; }
    view.show(picture, result);
    showCounts(result.detections);
    showRegions(result.counts ?? []);
    setState("live", `live · ${framesPerSecond.toFixed(1)} frames/s · ${Math.round(latency)} ms`);
  } finally { decoding = false; }
}

function onState(state) {
  const first = stream?.id !== state.id;
  stream = state;
  view.regions = state.follow.regions;
  if (document.activeElement !== $("track")) { $("track").checked = state.follow.track; }
  $("track").disabled = state.follow.regions.length > 0;
  $("switch").textContent = running() ? "Stop this stream" : "Start this stream";
  if (first) { showRegions([]); }
  showNumbers();
  const lost = { waiting: "lost", ended: "ended", stopped: "stopped", connecting: "connecting" }[state.state];
  if (lost) {
    setState(state.state === "waiting" || state.state === "ended" ? "bad" : "", lost);
    const retry = state.retryIn ? ` It is tried again within ${Math.ceil(state.retryIn)} s.` : "";
    overlay(state.state === "connecting" ? "Connecting …" : `${capital(lost)}${state.reason ? `: ${state.reason}` : ""}.${retry}`);
  } else { overlay(null); }
}

function onLost() {
  setState("bad", "server lost");
  overlay("The server does not answer. It is asked again and again.");
}

function running() { return stream && !["stopped", "ended"].includes(stream.state); }

function select(id) {
  stopWatching?.();
  stream = null;
  vocabulary = 0;
  backToLive();
  stopWatching = api.watch(id, { onFrame, onState, onLost });
}

$("stream").addEventListener("change", () => select($("stream").value));
$("switch").addEventListener("click", async () => {
  try { if (running()) { await api.stopStream(stream.id); } else { await api.startStream(stream.id); } }
  catch (fault) { complain($("answer"), fault); }
});

// ---- following and counting

$("track").addEventListener("change", () => follow({ ...stream.follow, track: $("track").checked }));
$("drawZone").addEventListener("click", () => drawing.start("zone"));
$("drawLine").addEventListener("click", () => drawing.start("line"));

function addRegion(kind, points) {
  const names = new Set(stream.follow.regions.map(region => region.name));
  let number = 1;
  while (names.has(`${kind} ${number}`)) { number++; }
  follow({ track: true, regions: [...stream.follow.regions, { name: `${kind} ${number}`, points }] });
}

async function follow(settings) {
  if (!stream) { return; }
  try { onState(await api.putFollow(stream.id, settings)); }
  catch (fault) { complain($("answer"), fault); }
}

// ---- a picture of the user's

let ownFile = null;

document.addEventListener("dragover", event => { event.preventDefault(); document.body.classList.add("dropping"); });
document.addEventListener("dragleave", event => { if (!event.relatedTarget) { document.body.classList.remove("dropping"); } });
document.addEventListener("drop", event => {
  event.preventDefault();
  document.body.classList.remove("dropping");
  if (event.dataTransfer.files.length) { detectIn(event.dataTransfer.files[0]); }
});
$("file").addEventListener("change", () => { if ($("file").files.length) { detectIn($("file").files[0]); } $("file").value = ""; });
$("back").addEventListener("click", backToLive);

async function detectIn(file) {
  const answer = $("answer");
  try {
    const result = await api.detect(file), picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    [ownFile, still] = [file, true];
    view.trails.clear();
    view.regions = [];
    view.show(picture, result);
    showCounts(result.detections);
    overlay(null);
    $("back").hidden = !stream;
    setState("", "your picture");
    answer.classList.remove("bad");
    answer.textContent = `${file.name}: ${result.detections.length} found.`;
  } catch (fault) { complain(answer, fault); }
}

function detectAgain() { if (ownFile) { detectIn(ownFile); } }

function backToLive() {
  [still, ownFile] = [false, null];
  $("back").hidden = true;
  view.forget();
  if (stream) { onState(stream); }
}

// ---- what is shown beside the picture

function showCounts(detections) {
  const counts = new Map(classes.map(found => [found.name, 0]));
  for (const found of detections) { counts.set(found.class, (counts.get(found.class) ?? 0) + 1); }
  // With many classes those that are there come first; the list stays short.
  const rows = [...counts].sort((one, other) => counts.size > 12 ? other[1] - one[1] : 0).slice(0, 12);
  $("classes").replaceChildren(...rows.map(([name, count]) => {
    const row = document.createElement("li"), swatch = text("span", "swatch", "");
    swatch.style.background = view.colorOf(name);
    row.append(swatch, text("span", "name", name), text("span", "count", count));
    return row;
  }));
}

function showRegions(counts) {
  const regions = stream?.follow.regions ?? [];
  $("regions").replaceChildren(...regions.map(region => {
    const row = document.createElement("li"), found = Object.entries(counts.find(known => known.name === region.name)?.classes ?? {});
    const numbers = found.map(([name, count]) => `${name} ${count.in} in, ${count.out} out` + (count.inside === undefined ? "" : `, ${count.inside} inside, ${count.meanDwell.toFixed(1)} s`));
    const remove = text("button", "small", "✕");
    remove.type = "button";
    remove.setAttribute("aria-label", `Remove ${region.name}`);
    remove.onclick = () => follow({ ...stream.follow, regions: stream.follow.regions.filter(other => other.name !== region.name) });
    row.append(text("span", "name", [region.name, ...numbers].join("; ")), remove);
    return row;
  }));
}

function showNumbers() {
  const { stages, frames } = stream, rows = {
    "Frames a second": stream.framesPerSecond.toFixed(1),
    "Arrival to result": `${stream.latency.toFixed(0)} ms`,
    "Preparing": `${stages.preprocess.toFixed(1)} ms`,
    "Network": `${stages.inference.toFixed(1)} ms`,
    "Decoding": `${stages.postprocess.toFixed(1)} ms`,
    "Frames read": frames.read,
    "Dropped": frames.dropped,
    "Reconnects": stream.reconnects,
    "Words to first frame": stream.vocabularyLatency === null ? "–" : `${stream.vocabularyLatency.toFixed(0)} ms`,
    "Viewers": stream.viewers,
  };
  $("numbers").replaceChildren(...Object.entries(rows).flatMap(([name, value]) => [text("dt", "", name), text("dd", "", value)]));
}

function setState(kind, words) {
  const pill = $("state");
  pill.className = `pill ${kind}`;
  if (pill.textContent !== words) { pill.textContent = words; }
}

function overlay(words) {
  if (still && words) { return; } // a picture of the user's hides what the stream does
  $("overlay").hidden = !words;
  $("overlay").textContent = words ?? "";
}

function complain(where, fault) {
  where.classList.add("bad");
  where.textContent = fault.message;
}

function text(tag, className, words) {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = words;
  return element;
}

function capital(words) { return words[0].toUpperCase() + words.slice(1); }

// ---- begin

$("theme").addEventListener("click", () => {
  const dark = getComputedStyle(document.documentElement).colorScheme === "dark" || (!document.documentElement.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
  localStorage.theme = document.documentElement.dataset.theme = dark ? "light" : "dark";
});
if (localStorage.theme) { document.documentElement.dataset.theme = localStorage.theme; }

await fetchClasses(true);
new Seen($("seen")).begin();
const streams = await api.getStreams();
$("stream").replaceChildren(...streams.map(({ id }) => new Option(id, id)));
if (streams.length) { select(streams[0].id); }
else {
  setState("", "no stream");
  overlay("No stream is configured: start the server with --source, or drop a picture here.");
  for (const id of ["stream", "track", "drawZone", "drawLine", "switch"]) { $(id).disabled = true; }
}
