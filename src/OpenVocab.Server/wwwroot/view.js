// Draws a picture, and what was found in it, into the canvas. Coordinates are pixels of the picture.

const trailLength = 30;

export class View {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.trails = new Map();
    this.colors = new Map();
    this.regions = [];
    this.draft = null;
    this.shown = null;
  }

  // One pixel of the page in pixels of the picture: lines and letters have the same size on a phone and on a wall.
  get scale() { return Math.max(this.canvas.width / (this.canvas.clientWidth || this.canvas.width), 0.5); }

  setClasses(classes) { this.colors = new Map(classes.map(found => [found.name, found.color])); }

  colorOf(name) { return this.colors.get(name) ?? "#00a6a6"; }

  show(picture, result) {
    if (this.canvas.width !== picture.width || this.canvas.height !== picture.height) {
      [this.canvas.width, this.canvas.height] = [picture.width, picture.height];
    }
    this.remember(result.detections);
    this.shown?.picture.close?.();
    this.shown = { picture, result };
    this.draw();
  }

  forget() {
    this.shown?.picture.close?.();
    this.shown = null;
    this.trails.clear();
    this.context.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  draw() {
    if (!this.shown) { return; }
    const { picture, result } = this.shown, { context } = this;
    context.drawImage(picture, 0, 0);
    context.lineJoin = "round";
    this.labels = [];
    for (const region of this.regions) { this.drawRegion(region, result.counts?.find(counts => counts.name === region.name)); }
    for (const found of result.detections) { this.drawTrail(found); }
    // The best last: where boxes overlap it lies on top.
    for (const found of [...result.detections].reverse()) { this.drawBox(found); }
    for (const found of result.detections) { this.drawLabel(labelOf(found), found.box, this.colorOf(found.class)); }
    if (this.draft) { this.drawDraft(this.draft); }
    this.canvas.dataset.labels = result.detections.map(labelOf).join(", ");
  }

  drawBox(found) {
    const { context, scale } = this, [x1, y1, x2, y2] = found.box, color = this.colorOf(found.class);
    context.strokeStyle = color;
    context.lineWidth = 2.5 * scale;
    context.strokeRect(x1, y1, x2 - x1, y2 - y1);
  }

  drawLabel(text, box, color) {
    const { context, scale } = this, height = 19 * scale;
    context.font = `600 ${13 * scale}px system-ui, sans-serif`;
    const width = context.measureText(text).width + 8 * scale;
    const [left, top] = this.place(box, width, height);
    context.fillStyle = color;
    context.fillRect(left, top, width, height);
    context.fillStyle = isLight(color) ? "#000" : "#fff";
    context.textBaseline = "middle";
    context.fillText(text, left + 4 * scale, top + height / 2);
  }

  // Beside its box, inside the picture, not over another label where that can be had.
  place([x1, y1, x2, y2], width, height) {
    const { canvas, labels } = this;
    const places = [[x1, y1 - height], [x1, y1], [x1, y2], [x2 - width, y1 - height], [x2 - width, y2], [x1, y1 - 2 * height], [x1, y2 + height]]
      .filter(([, y]) => y >= 0 && y + height <= canvas.height)
      .map(([x, y]) => [Math.min(Math.max(x, 0), Math.max(canvas.width - width, 0)), y]);
    const free = ([x, y]) => !labels.some(other => x < other.x + other.width && x + width > other.x && y < other.y + height && y + height > other.y);
    const [x, y] = places.find(free) ?? places[0] ?? [0, 0];
    labels.push({ x, y, width });
    return [x, y];
  }

  drawTrail(found) {
    const points = this.trails.get(found.trackId)?.points;
    if (!points || points.length < 2) { return; }
    const { context } = this;
    context.strokeStyle = this.colorOf(found.class);
    context.lineWidth = 2 * this.scale;
    context.beginPath();
    points.forEach(([x, y], i) => i ? context.lineTo(x, y) : context.moveTo(x, y));
    context.stroke();
  }

  drawRegion(region, counts) {
    const points = pairs(region.points), zone = points.length > 2;
    this.drawPath(points, zone);
    if (!zone) { this.drawArrow(points); }
    let [into, out, inside] = [0, 0, 0];
    for (const found of Object.values(counts?.classes ?? {})) { into += found.in; out += found.out; inside += found.inside ?? 0; }
    this.drawLabel(`${region.name}: in ${into} out ${out}${zone ? ` inside ${inside}` : ""}`, [...points[0], ...points[0]], "#ffdc00");
  }

  // Where "in" leads to.
  drawArrow([[x1, y1], [x2, y2]]) {
    const { context, scale } = this, length = Math.hypot(x2 - x1, y2 - y1) || 1, reach = 24 * scale;
    const [dx, dy] = [-(y2 - y1) / length, (x2 - x1) / length], [mx, my] = [(x1 + x2) / 2, (y1 + y2) / 2], [tx, ty] = [mx + dx * reach, my + dy * reach];
    context.beginPath();
    context.moveTo(mx, my);
    context.lineTo(tx, ty);
    context.lineTo(tx - (dx + dy) * reach / 3, ty - (dy - dx) * reach / 3);
    context.moveTo(tx, ty);
    context.lineTo(tx - (dx - dy) * reach / 3, ty - (dy + dx) * reach / 3);
    context.stroke();
  }

  drawDraft({ points, cursor, closed }) {
    this.drawPath(cursor ? [...points, cursor] : points, closed && points.length > 1);
    const { context, scale } = this;
    for (const [x, y] of cursor ? [...points, cursor] : points) {
      context.beginPath();
      context.arc(x, y, 4 * scale, 0, 2 * Math.PI);
      context.stroke();
    }
  }

  drawPath(points, closed) {
    const { context } = this;
    context.strokeStyle = "#ffdc00";
    context.lineWidth = 2 * this.scale;
    context.beginPath();
    points.forEach(([x, y], i) => i ? context.lineTo(x, y) : context.moveTo(x, y));
    if (closed) { context.closePath(); }
    context.stroke();
  }

  remember(detections) {
    for (const trail of this.trails.values()) { trail.age++; }
    for (const { trackId, box: [x1, , x2, y2] } of detections) {
      if (!trackId) { continue; }
      const trail = this.trails.get(trackId) ?? { points: [] };
      trail.age = 0;
      trail.points.push([(x1 + x2) / 2, y2]);
      if (trail.points.length > trailLength) { trail.points.shift(); }
      this.trails.set(trackId, trail);
    }
    for (const [track, trail] of this.trails) { if (trail.age > trailLength) { this.trails.delete(track); } }
  }
}

function labelOf(found) { return `${found.trackId ? `#${found.trackId} ` : ""}${found.class} ${found.score.toFixed(2)}`; }

export function pairs(numbers) {
  return Array.from({ length: numbers.length / 2 }, (_, i) => [numbers[2 * i], numbers[2 * i + 1]]);
}

// Relative luminance, ITU-R BT.601.
function isLight(color) {
  const value = parseInt(color.slice(1), 16);
  return 0.299 * (value >> 16) + 0.587 * (value >> 8 & 255) + 0.114 * (value & 255) > 140;
}
