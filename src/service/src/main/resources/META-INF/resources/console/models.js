// The bundles: which serve, which are refused and why.
import * as api from './api.js';
import { element, number, percent, say } from './words.js';

const by = (id) => document.getElementById(id);
const open = new Set();

/** @param bundles as in the stream; @param models those that serve, as in /v1/models */
export function show(bundles, models) {
  by('bundles').replaceChildren(...bundles.map((bundle) => {
    const name = `${bundle.name}/${bundle.version}`;
    const model = models.find((one) => one.name === bundle.name && one.version === bundle.version);
    const box = element('article', { class: `bundle ${bundle.state}`, 'data-model': name },
      element('h3', {}, name),
      element('p', { class: 'state' }, bundle.detail));
    if (model) {
      box.append(
        element('p', {}, `${model.family}, ${model.shape.width}×${model.shape.height} ${model.shape.channels === 1 ? 'grey' : 'RGB'}, ${model.levels} levels, ${number(model.bitsPerDimension.test)} bits per dimension on its test images`),
        element('p', {}, `decides by ${model.statistic} at a false-positive rate of ${percent(model.falsePositiveRate)}`),
        element('p', { class: 'drift' }, `drift: ${bundle.drift}`),
        card(model, name));
    }
    return box;
  }));
}

/** Brings up to date what changes all the time. */
export function watch(bundles) {
  for (const bundle of bundles) {
    const drift = document.querySelector(`[data-model="${CSS.escape(`${bundle.name}/${bundle.version}`)}"] .drift`);
    if (drift) {
      say(drift, `drift: ${bundle.drift}`);
    }
  }
}

function card(model, name) {
  const text = element('pre', { tabindex: '0' });
  const details = element('details', {}, element('summary', {}, `Card of ${name}`), text);
  const load = async () => {
    try {
      text.textContent = await api.card(model);
    } catch (error) {
      text.textContent = error.message;
    }
  };
  details.addEventListener('toggle', () => {
    if (details.open) {
      open.add(name);
      load();
    } else {
      open.delete(name);
    }
  });
  details.open = open.has(name);
  return details;
}
