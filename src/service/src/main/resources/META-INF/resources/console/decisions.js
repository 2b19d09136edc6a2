// The last decisions as they come, and what they would be at another threshold.
import { shares, timeline } from './charts.js';
import { count, element, millis, number, percent, say, time, verdict } from './words.js';

const KEPT = 1000;
const SHOWN = 50;
const WINDOW = 20; // updates: ten seconds

const by = (id) => document.getElementById(id);
const drawTimeline = timeline(by('timeline'));
const drawShares = shares(by('shares'));

let decisions = []; // oldest first
let recent = []; // the last updates: { at, number, latencies }

/** Forgets everything: the service tells it all again at the start of a stream. */
export function reset() {
  decisions = [];
  recent = [];
  say(by('decided'), '0');
  say(by('remembered'), '0');
  say(by('flagged'), 'none');
  document.querySelector('#log tbody').replaceChildren();
  offerModels();
  explore();
}

export function update({ decisions: newer, queueImages, answered, latencies }) {
  const grown = newer.length > 0;
  decisions = decisions.concat(newer).slice(-KEPT);
  recent = recent.concat({ at: performance.now(), number: decisions.at(-1)?.number ?? 0, answered, latencies }).slice(-WINDOW);
  say(by('queue'), count(queueImages));
  showRates();
  if (grown) {
    showDecisions();
    offerModels();
    explore();
  }
}

function showRates() {
  const [first, last] = [recent[0], recent.at(-1)];
  const seconds = (last.at - first.at) / 1000;
  say(by('rate'), number(seconds > 0 ? (last.number - first.number) / seconds : 0));
  say(by('p50'), within(first, last, 0.5));
  say(by('p99'), within(first, last, 0.99));
}

/** The smallest bucket that holds a share of the requests between two updates; of all there were, when none came since. */
function within(before, now, share) {
  if (now.answered === 0) {
    return 'no request';
  }
  const quiet = now.answered === before.answered;
  const all = now.answered - (quiet ? 0 : before.answered);
  const found = now.latencies.find((bucket, i) => bucket.requests - (quiet ? 0 : before.latencies[i].requests) >= share * all);
  return found ? millis(found.millis) : `more than ${millis(now.latencies.at(-1).millis)}`;
}

function showDecisions() {
  const flagged = decisions.filter((decision) => decision.flagged).length;
  say(by('decided'), count(decisions.at(-1).number));
  say(by('remembered'), count(decisions.length));
  say(by('flagged'), `${count(flagged)} (${percent(flagged / decisions.length)})`);
  drawTimeline(decisions);
  by('timeline').setAttribute('aria-label', `p-values of the last ${decisions.length} decisions over time; ${flagged} were flagged`);
  const rows = decisions.slice(-SHOWN).reverse().map((decision) => element(
    'tr', {},
    element('td', {}, time(decision.atMillis)),
    element('td', {}, `${decision.model}/${decision.version}`),
    element('td', { class: decision.flagged ? 'flagged' : 'accepted' }, verdict(decision.flagged)),
    element('td', { class: 'number' }, number(decision.pValue)),
    element('td', { class: 'number' }, number(decision.bitsPerDimension)),
    element('td', {}, decision.reason),
  ));
  document.querySelector('#log tbody').replaceChildren(...rows);
}

function offerModels() {
  const names = [...new Set(decisions.map((decision) => `${decision.model}/${decision.version}`))].sort();
  const select = by('explorer-model');
  if ([...select.options].map((option) => option.value).join() !== ['', ...names].join()) {
    const before = select.value;
    select.replaceChildren(element('option', { value: '' }, 'all models'), ...names.map((name) => element('option', { value: name }, name)));
    select.value = names.includes(before) ? before : '';
  }
}

function explore() {
  const rate = 10 ** Number(by('rate-slider').value);
  by('rate-value').value = percent(rate);
  const model = by('explorer-model').value;
  const pValues = decisions
    .filter((decision) => !model || `${decision.model}/${decision.version}` === model)
    .map((decision) => decision.pValue);
  if (pValues.length === 0) {
    say(by('would'), 'There are no decisions yet.');
    return;
  }
  const flagged = pValues.filter((p) => p <= rate).length;
  const words = `At ${percent(rate)}, ${count(flagged)} of the last ${count(pValues.length)} decisions would be to flag (${percent(flagged / pValues.length)}).`;
  say(by('would'), words);
  by('shares').setAttribute('aria-label', words);
  drawShares(pValues, rate);
}

export function start() {
  offerModels();
  by('rate-slider').addEventListener('input', explore);
  by('explorer-model').addEventListener('change', explore);
}
