// What the viewer's page does with its data: `data` holds times of frames and, person by person, runs of frames with
// probabilities (a byte each), labels (255: uncertain) and boxes (left, top, width, height). Everything in sight is
// drawn anew whenever the moment shown changes.
'use strict';
const byId = id => document.getElementById(id);
const data = JSON.parse(byId('data').textContent);
const bytes = text => Uint8Array.from(atob(text), c => c.charCodeAt(0));
const times = new Float32Array(bytes(data.times).buffer);
const classCount = data.classes.length;
const film = byId('film'), boxes = byId('boxes');
const persons = data.persons.map(person => {
  let row = 0;
  return {
    id: person.id,
    runs: person.runs.map(([frame, count]) => ({frame, count, row: (row += count) - count})),
    probabilities: bytes(person.probabilities),
    labels: bytes(person.labels),
    boxes: new Int16Array(bytes(person.boxes).buffer),
    canvas: document.querySelector(`canvas[data-person="${person.id}"]`),
  };
});
let now = 0, span = 0;

function frameAt(time) {
  let low = 0, high = times.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (times[middle] <= time + 2e-3) low = middle; else high = middle - 1;
  }
  return low;
}
function rowAt(person, frame) {
  const run = person.runs.find(one => frame >= one.frame && frame < one.frame + one.count);
  return run ? run.row + frame - run.frame : -1;
}
function words(person, frame) {
  const row = rowAt(person, frame);
  if (row < 0) return '';
  const label = person.labels[row];
  return `person ${person.id} ` + (label === 255 ? 'uncertain' :
    `${data.classes[label]} ${Math.round(person.probabilities[row * classCount + label] / 2.55)} %`);
}
function sentence() {
  const frame = frameAt(now);
  const said = persons.map(person => words(person, frame)).filter(Boolean);
  return `${now.toFixed(2)} s: ` + (said.length ? said.join(', ') : 'no face');
}
function colour(name) { return getComputedStyle(document.documentElement).getPropertyValue(name); }
function sharp(canvas) {
  const ratio = window.devicePixelRatio || 1, width = canvas.clientWidth, height = canvas.clientHeight;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const pen = canvas.getContext('2d');
  pen.scale(ratio, ratio);
  return {pen, width, height};
}
function shownSpan() {
  if (!span || span >= data.duration) return [0, Math.max(data.duration, 1e-3)];
  const begin = Math.min(Math.max(0, now - span / 2), data.duration - span);
  return [begin, begin + span];
}
function drawBoxes() {
  const {pen, width, height} = sharp(boxes);
  if (!byId('show').checked) return;
  const frame = frameAt(now), x = width / data.width, y = height / data.height;
  pen.font = '600 14px system-ui,sans-serif';
  persons.forEach(person => {
    const row = rowAt(person, frame);
    if (row < 0) return;
    const [left, top, wide, high] = person.boxes.subarray(4 * row, 4 * row + 4);
    pen.lineWidth = 5; pen.strokeStyle = '#000';
    pen.strokeRect(left * x, top * y, wide * x, high * y);
    pen.lineWidth = 2; pen.strokeStyle = '#fff';
    pen.strokeRect(left * x, top * y, wide * x, high * y);
    const text = words(person, frame).replace('person ', '');
    const textTop = Math.max(0, top * y - 20);
    pen.fillStyle = '#000c';
    pen.fillRect(left * x - 2, textTop, pen.measureText(text).width + 12, 20);
    pen.fillStyle = '#fff';
    pen.fillText(text, left * x + 4, textTop + 15);
  });
}
const dashes = [[], [7, 3], [2, 3], [9, 3, 2, 3]];
function drawCurves(person) {
  if (!person.canvas || !person.canvas.clientWidth) return;
  const {pen, width, height} = sharp(person.canvas);
  const [begin, end] = shownSpan(), bottom = height - 18;
  const xOf = time => (time - begin) / (end - begin) * width, yOf = value => 4 + (bottom - 4) * (1 - value);
  pen.strokeStyle = colour('--grid');
  pen.lineWidth = 1;
  for (const value of [0, .5, 1]) { pen.beginPath(); pen.moveTo(0, yOf(value)); pen.lineTo(width, yOf(value)); pen.stroke(); }
  const first = frameAt(begin), last = Math.min(times.length - 1, frameAt(end) + 1);
  const stride = Math.max(1, Math.floor((last - first) / (2 * width)));
  for (const run of person.runs) {
    const from = Math.max(run.frame, first), to = Math.min(run.frame + run.count, last + 1);
    if (from >= to) continue;
    for (let k = 0; k < classCount; ++k) {
      pen.strokeStyle = colour(`--c${k % 8}`);
      pen.setLineDash(dashes[k % 4]);
      pen.lineWidth = 2;
      pen.beginPath();
      for (let frame = from; frame < to; frame += stride) {
        const y = yOf(person.probabilities[(run.row + frame - run.frame) * classCount + k] / 255);
        if (frame === from) pen.moveTo(xOf(times[frame]), y); else pen.lineTo(xOf(times[frame]), y);
      }
      pen.stroke();
    }
    pen.setLineDash([]);
    for (let frame = from; frame < to; frame += stride) {
      const label = person.labels[run.row + frame - run.frame];
      const next = frame + stride < times.length ? times[frame + stride] : data.duration;
      pen.fillStyle = label === 255 ? colour('--grid') : colour(`--c${label % 8}`);
      pen.fillRect(xOf(times[frame]), bottom + 6, Math.max(1, xOf(next) - xOf(times[frame]) + .5), 10);
    }
  }
  pen.strokeStyle = colour('--ink');
  pen.lineWidth = 2;
  pen.beginPath(); pen.moveTo(xOf(now), 0); pen.lineTo(xOf(now), height); pen.stroke();
  person.canvas.setAttribute('aria-valuenow', now.toFixed(2));
  person.canvas.setAttribute('aria-valuetext', `${now.toFixed(2)} s: ${words(person, frameAt(now)) || 'not in sight'}`);
}
function draw() {
  drawBoxes();
  persons.forEach(drawCurves);
  byId('now').textContent = sentence();
}
function seek(time) {
  now = Math.min(Math.max(0, time), data.duration);
  if (film.readyState > 0) film.currentTime = now;
  draw();
}
function follow() { now = film.currentTime; draw(); }
function playing() { follow(); if (!film.paused && !film.ended) requestAnimationFrame(playing); }
film.addEventListener('play', () => requestAnimationFrame(playing));
film.addEventListener('loadeddata', follow);
for (const event of ['seeked', 'pause'])
  film.addEventListener(event, () => { follow(); if (film.paused) byId('said').textContent = sentence(); });
const cannotPlay = () => { byId('problem').hidden = false; };
film.addEventListener('error', cannotPlay);
if (film.error) cannotPlay();
for (const person of persons) {
  const canvas = person.canvas;
  if (!canvas) continue;
  canvas.addEventListener('click', event => {
    const [begin, end] = shownSpan();
    seek(begin + event.offsetX / canvas.clientWidth * (end - begin));
  });
  canvas.addEventListener('keydown', event => {
    const steps = {ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10};
    if (event.key in steps) seek(now + steps[event.key]);
    else if (event.key === 'Home') seek(0);
    else if (event.key === 'End') seek(data.duration);
    else return;
    event.preventDefault();
  });
  canvas.closest('details').addEventListener('toggle', () => drawCurves(person));
}
document.addEventListener('click', event => {
  const button = event.target.closest('button[data-time]');
  if (button) { seek(Number(button.dataset.time)); film.scrollIntoView({block: 'nearest'}); }
});
byId('span').addEventListener('change', event => { span = Number(event.target.value); draw(); });
byId('show').addEventListener('change', draw);
matchMedia('(prefers-color-scheme:dark)').addEventListener('change', draw);
window.addEventListener('resize', draw);
draw();
