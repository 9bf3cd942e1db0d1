// The search box over what the streams have shown; hidden where the server does not remember it.

import * as api from "/page/api.js";

export class Seen {
  constructor(form) {
    this.form = form;
    this.words = form.querySelector("#seenWords");
    this.answer = form.querySelector("#seenAnswer");
    this.things = form.querySelector("#seenThings");
    this.asked = 0;
    form.addEventListener("submit", event => { event.preventDefault(); this.search(); });
  }

  async begin() {
    try { this.tell(`${things((await api.getSeen()).remembered)} remembered.`); }
    catch { return; } // it says that it does not remember
    this.form.hidden = false;
  }

  async search() {
    // Of two questions the answer to the later one counts.
    const question = ++this.asked;
    this.tell("…");
    try {
      const { remembered, answers } = await api.getSeen(this.words.value);
      if (question !== this.asked) { return; }
      this.tell(`${answers.length ? `${answers.length} found` : "Nothing found"} among ${things(remembered)}.`);
      this.things.replaceChildren(...answers.map(row));
    } catch (fault) {
      if (question !== this.asked) { return; }
      this.tell(fault.message, true);
      this.things.replaceChildren();
    }
  }

  tell(words, bad = false) {
    this.answer.classList.toggle("bad", bad);
    this.answer.textContent = words;
  }
}

function row({ id, words, stream, from, to, score }) {
  const item = document.createElement("li"), frame = document.createElement("span"), picture = document.createElement("img"), begin = new Date(from), end = new Date(to);
  frame.className = "frame";
  picture.src = `/v1/seen/${id}.jpg`;
  picture.loading = "lazy";
  picture.alt = `${words} in ${stream}`;
  frame.append(picture);
  const span = begin.toLocaleTimeString() === end.toLocaleTimeString() ? begin.toLocaleTimeString() : `${begin.toLocaleTimeString()} – ${end.toLocaleTimeString()}`;
  item.append(frame, line("name", `${words} ${score.toFixed(2)}`), line("quiet", stream), line("quiet", begin.toLocaleDateString()), line("quiet", span));
  return item;
}

function line(className, words) {
  const element = document.createElement("span");
  element.className = className;
  element.textContent = words;
  return element;
}

function things(count) { return `${count.toLocaleString()} thing${count === 1 ? "" : "s"}`; }
