'use strict';
// Plots: which lines are shown, and what they are at the slider's place. All numbers are those of the table below a plot.
for (const plot of document.querySelectorAll('.plot')) {
  const slider = plot.querySelector('input[type=range]');
  const boxes = [...plot.querySelectorAll('.legend input')];
  const rows = [...plot.querySelectorAll('tbody tr')];
  const names = [...plot.querySelectorAll('thead th')].slice(1).map((cell) => cell.textContent);
  const chart = plot.querySelector('.chart');
  const cursor = plot.querySelector('.cursor');
  const places = slider ? slider.dataset.at.split(' ').map(Number) : [];
  const read = () => {
    const shown = boxes.map((box) => box.checked);
    plot.querySelectorAll('g[data-line]').forEach((line, i) => { line.style.display = shown[i] ? '' : 'none'; });
    if (!slider) return;
    const at = Number(slider.value);
    cursor.setAttribute('x1', places[at]);
    cursor.setAttribute('x2', places[at]);
    const [place, ...values] = [...rows[at].children].map((cell) => cell.textContent);
    const said = values.map((value, i) => (shown[i] ? `${names[i]} ${value}` : '')).filter(Boolean);
    plot.querySelector('.reading').textContent = `${place}: ${said.join(', ')}`;
    slider.setAttribute('aria-valuetext', place);
  };
  boxes.forEach((box) => box.addEventListener('change', read));
  if (slider) {
    slider.addEventListener('input', read);
    chart.addEventListener('pointermove', (event) => {
      const box = chart.getBoundingClientRect();
      const x = (event.clientX - box.left) / box.width * chart.viewBox.baseVal.width;
      const near = places.reduce((best, place, i) => (Math.abs(place - x) < Math.abs(places[best] - x) ? i : best), 0);
      if (near !== Number(slider.value)) { slider.value = near; read(); }
    });
  }
  read();
}
// The contact sheet: the voters of the cue that is pointed at, or that has the focus.
const voters = document.getElementById('voters');
if (voters) {
  const buttons = [...document.querySelectorAll('.sheet button')];
  const show = (button) => {
    if (button.getAttribute('aria-pressed') === 'true' && voters.childElementCount) return;
    buttons.forEach((one) => one.setAttribute('aria-pressed', String(one === button)));
    voters.replaceChildren(...[...button.nextElementSibling.children].map((child) => child.cloneNode(true)));
  };
  for (const button of buttons) for (const event of ['click', 'focus', 'pointerenter']) button.addEventListener(event, () => show(button));
  if (buttons.length) show(buttons[0]);
}
// On paper everything that can be opened is open.
addEventListener('beforeprint', () => document.querySelectorAll('details').forEach((one) => { one.open = true; }));
