// Drawing lines and zones, with the mouse, a finger or the keyboard.

export class Drawing {
  constructor(view, help, onDone) {
    [this.view, this.help, this.onDone] = [view, help, onDone];
    const { canvas } = view;
    canvas.addEventListener("pointermove", event => this.move(this.at(event)));
    canvas.addEventListener("pointerdown", event => { if (this.kind) { event.preventDefault(); this.move(this.at(event)); this.add(); } });
    canvas.addEventListener("dblclick", () => this.finish());
    document.addEventListener("keydown", event => this.press(event));
  }

  start(kind) {
    this.kind = kind;
    const { canvas } = this.view;
    this.view.draft = { points: [], cursor: [canvas.width / 2, canvas.height / 2], closed: kind === "zone" };
    this.help.hidden = false;
    this.help.textContent = kind === "line"
      ? "Click both ends. Keyboard: arrows move, Space sets a point, Escape ends it. Left to right: downwards is in."
      : "Click the corners, double-click the last. Keyboard: arrows move, Space sets a corner, Enter ends, Escape throws it away.";
    canvas.classList.add("drawing");
    canvas.focus();
    this.view.draw();
  }

  stop() {
    this.kind = this.view.draft = null;
    this.help.hidden = true;
    this.view.canvas.classList.remove("drawing");
    this.view.draw();
  }

  // From pixels of the page to pixels of the picture; the picture may be smaller than its element.
  at(event) {
    const { canvas } = this.view, box = canvas.getBoundingClientRect();
    const scale = Math.min(box.width / canvas.width, box.height / canvas.height);
    const left = box.left + (box.width - canvas.width * scale) / 2, top = box.top + (box.height - canvas.height * scale) / 2;
    return [clamp((event.clientX - left) / scale, canvas.width), clamp((event.clientY - top) / scale, canvas.height)];
  }

  move(point) {
    if (!this.kind) { return; }
    this.view.draft.cursor = point;
    this.view.draw();
  }

  add() {
    const { points, cursor } = this.view.draft, last = points.at(-1);
    if (last && Math.hypot(last[0] - cursor[0], last[1] - cursor[1]) < 3) { return; } // the second half of a double click
    points.push(cursor.map(Math.round));
    if (this.kind === "line" && points.length === 2) { this.finish(); } else { this.view.draw(); }
  }

  finish() {
    if (!this.kind || this.view.draft.points.length < (this.kind === "line" ? 2 : 3)) { return; }
    const [kind, points] = [this.kind, this.view.draft.points.flat()];
    this.stop();
    this.onDone(kind, points);
  }

  press(event) {
    if (!this.kind) { return; }
    const step = event.shiftKey ? 1 : 10, [x, y] = this.view.draft.cursor, { width, height } = this.view.canvas;
    const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    if (moves[event.key]) { this.move([clamp(x + moves[event.key][0], width), clamp(y + moves[event.key][1], height)]); }
    else if (event.key === " ") { this.add(); }
    else if (event.key === "Enter") { this.finish(); }
    else if (event.key === "Escape") { this.stop(); }
    else { return; }
    event.preventDefault();
  }
}

function clamp(value, most) { return Math.min(Math.max(value, 0), most); }
