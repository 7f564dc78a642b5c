// Draws the charts of a report with Chart.js, in the colours of the page, and plays clips (an animation of report.css).
'use strict';
const colour = name => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const percent = value => `${(100 * value).toFixed(1)} %`;
const dashes = [[], [6, 3], [2, 2], [8, 2, 2, 2]];
const curveColour = i => colour(['accent', 'c1', 'c2', 'c3'][i % 4]);

function axis(title, more) {
  return {grid: {color: colour('grid')}, ticks: {color: colour('ink')}, title: {display: Boolean(title), text: title, color: colour('ink')}, ...more};
}
function hint(label) { return {displayColors: false, callbacks: {title: () => '', label}}; }

const chartOf = {
  bars({bars}) {
    const share = {min: 0, max: 1, ticks: {color: colour('ink'), stepSize: .25, callback: value => `${100 * value} %`}};
    const mark = half => bars.map(bar => bar.reference === undefined ? null : [bar.reference - half, bar.reference + half]);
    const words = bar => `${bar.name}: ${percent(bar.value)} ${bar.note}` +
      (bar.interval ? `, ${percent(bar.interval[0])} to ${percent(bar.interval[1])}` : '') +
      (bar.reference === undefined ? '' : `, published ${percent(bar.reference)}`);
    return {
      type: 'bar',
      data: {
        labels: bars.map(bar => bar.name),
        datasets: [
          {data: mark(.003), backgroundColor: colour('c1'), grouped: false, barPercentage: .95},
          {data: bars.map(bar => bar.interval || null), backgroundColor: colour('ink'), grouped: false, barThickness: 2},
          {data: bars.map(bar => bar.value), backgroundColor: `${colour('accent')}bf`, grouped: false, barPercentage: .7},
        ],
      },
      options: {
        indexAxis: 'y',
        scales: {
          x: axis('', share),
          y: axis('', {grid: {display: false}}),
          notes: axis('', {type: 'category', axis: 'y', position: 'right', offset: true, grid: {display: false},
                           labels: bars.map(bar => `${percent(bar.value)}  ${bar.note}`)}),
        },
        plugins: {tooltip: hint(item => words(bars[item.dataIndex]))},
      },
    };
  },
  lines({curves}) {
    return {
      type: 'line',
      data: {
        labels: curves[0].values.map((_, i) => i + 1),
        datasets: curves.map((curve, i) => ({
          label: curve.name, data: curve.values, spanGaps: true, pointRadius: curve.values.length < 2 ? 4 : 0, pointHitRadius: 8,
          borderColor: curveColour(i), backgroundColor: curveColour(i), borderDash: dashes[i % 4], borderWidth: 2,
        })),
      },
      options: {
        interaction: {mode: 'index', intersect: false},
        scales: {x: axis('epoch', {ticks: {color: colour('ink'), maxTicksLimit: 12, maxRotation: 0}}), y: axis('')},
        plugins: {legend: {display: true, position: 'right', labels: {color: colour('ink'), usePointStyle: true, pointStyle: 'line'}}},
      },
    };
  },
  reliability({bins}) {
    const most = Math.max(1, ...bins.map(bin => bin.clips));
    const unit = title => axis(title, {type: 'linear', min: 0, max: 1});
    return {
      type: 'scatter',
      data: {
        datasets: [
          {data: bins.map(bin => ({x: bin.confidence, y: bin.accuracy})), backgroundColor: `${colour('accent')}cc`,
           pointRadius: bins.map(bin => 3 + 6 * Math.sqrt(bin.clips / most)), clip: 12},
          {data: [{x: 0, y: 0}, {x: 1, y: 1}], type: 'line', borderColor: colour('soft'), borderDash: [4, 4], borderWidth: 1, pointRadius: 0, pointHitRadius: 0},
        ],
      },
      options: {
        scales: {x: unit('confidence'), y: unit('accuracy')},
        plugins: {tooltip: hint(item => {
          const bin = bins[item.dataIndex];
          return `${bin.clips} clips: confidence ${bin.confidence.toFixed(2)}, accuracy ${bin.accuracy.toFixed(2)}`;
        })},
      },
    };
  },
  weights({weights}) {
    const hidden = {display: false};
    return {
      type: 'bar',
      data: {labels: weights.map((_, i) => `frame ${i + 1}`), datasets: [{data: weights, backgroundColor: colour('accent'), barPercentage: 1, categoryPercentage: .85}]},
      options: {scales: {x: hidden, y: {display: false, min: 0}}, plugins: {tooltip: {enabled: false}}},
    };
  },
};

const charts = new Map();
function draw() {
  for (const canvas of document.querySelectorAll('canvas[data-chart]')) {
    if (charts.has(canvas)) charts.get(canvas).destroy();
    const described = JSON.parse(canvas.dataset.chart);
    const chart = chartOf[described.kind](described);
    // Sharp when the page is enlarged or printed.
    Object.assign(chart.options, {animation: false, maintainAspectRatio: false, devicePixelRatio: Math.max(2, window.devicePixelRatio)});
    chart.options.plugins = {legend: {display: false}, ...chart.options.plugins};
    charts.set(canvas, new Chart(canvas, chart));
  }
}

Chart.defaults.font.family = 'system-ui, sans-serif';
draw();
matchMedia('(prefers-color-scheme:dark)').addEventListener('change', draw);
// Paper is white, whatever the screen is.
addEventListener('beforeprint', () => { document.documentElement.classList.add('paper'); draw(); });
addEventListener('afterprint', () => { document.documentElement.classList.remove('paper'); draw(); });

for (const clip of document.querySelectorAll('.clip')) {
  clip.addEventListener('click', () => clip.setAttribute('aria-pressed', String(clip.getAttribute('aria-pressed') !== 'true')));
}
