// One image: verdict, surprisal map, statistics, purified version.
import * as api from './api.js';
import { histogram } from './charts.js';
import { channelsOf, drawImage, drawSurprisal, MOST_BITS, picker, scaleAsCss } from './pixels.js';
import { element, number, percent, say, stage as stageWords, stageImages, verdict as verdictWords } from './words.js';

const by = (id) => document.getElementById(id);
const place = histogram(by('histogram'));
const calibrations = new Map();

let served = [];
let current = null; // { file, model, explained, calibration }
let asked = 0;

const key = (model) => `${model.name}/${model.version}`;

const chosenModel = () => served.find((model) => key(model) === by('model').value);

const pick = picker([by('picture'), by('map')], ({ x, y }) => {
  const { explained } = current;
  const pixel = y * explained.shape.width + x;
  const names = explained.shape.channels === 1 ? [''] : ['red ', 'green ', 'blue '];
  const of = (list) => (list ? channelsOf(explained, list, pixel) : null);
  const [values, bits, expected, cdf] =
    [of(explained.values), of(explained.surprisalBits), of(explained.expectedBits), of(explained.cdf)];
  const told = names.map((name, i) => {
    const probability = bits[i] == null ? 0 : 2 ** -bits[i];
    return `${name}${values[i]}: probability ${percent(probability)}, surprisal ${number(bits[i])} bits`
      + (expected ? ` where ${number(expected[i])} were expected` : '')
      + (cdf ? `; ${percent(cdf[i])} of what could come here is darker` : '');
  });
  say(by('readout'), `Row ${y + 1}, column ${x + 1}. ${told.join('. ')}.`);
});

function refuse(error) {
  by('refusal').textContent = error.message;
  by('refusal').hidden = false;
}

async function examine(file) {
  const model = chosenModel();
  if (!model) {
    refuse(new Error('No model is being served.'));
    return;
  }
  const mine = ++asked;
  by('refusal').hidden = true;
  try {
    const calibration = calibrations.get(key(model)) ?? await api.calibration(model);
    calibrations.set(key(model), calibration);
    const explained = await api.explain(model, file);
    if (mine === asked) {
      current = { file, model, explained, calibration };
      show();
      await purify();
    }
  } catch (error) {
    if (mine === asked) {
      by('examined').hidden = true;
      current = null;
      refuse(error);
    }
  }
}

function show() {
  const { explained } = current;
  const { verdict } = explained;
  by('examined').hidden = false;
  by('verdict').classList.toggle('flagged', verdict.flagged);
  by('verdict').replaceChildren(
    element('strong', {}, verdictWords(verdict.flagged)),
    `: ${verdict.reason}. ${number(verdict.bitsPerDimension)} bits per dimension, p-value ${number(verdict.pValue)} at a false-positive rate of ${percent(verdict.falsePositiveRate)}.${stageWords(explained.stage)}`,
  );
  drawImage(by('picture'), explained);
  drawSurprisal(by('map'), explained);
  by('picture').setAttribute('aria-label', `The image, ${explained.shape.width} by ${explained.shape.height} pixels`);
  by('map').setAttribute('aria-label', `Surprisal of each pixel; from dark for 0 to bright for ${MOST_BITS} bits a channel and more`);
  by('readout').textContent = 'Point at a pixel, or walk over them with the arrow keys.';
  pick.reset(explained.shape);
  fillStatistics();
}

function fillStatistics() {
  const { explained: { verdict }, calibration } = current;
  const rows = verdict.statistics.map((statistic) => {
    const reference = calibration.statistics.find((one) => one.name === statistic.name);
    const button = element('button', { type: 'button', 'data-statistic': statistic.name }, reference.words);
    const row = element(
      'tr', {},
      element('td', {}, button, statistic.name === calibration.statistic ? ' (decides)' : ''),
      element('td', { class: 'number' }, number(statistic.value)),
      element('td', {}, element('meter', {
        min: 0, max: 4, value: Math.min(4, -Math.log10(statistic.pValue)), 'aria-label': `how rare: ${percent(statistic.pValue)}`,
      }), ` ${percent(statistic.pValue)}`),
    );
    button.addEventListener('click', () => locate(statistic, reference, row));
    return { row, statistic, reference };
  });
  document.querySelector('#statistics tbody').replaceChildren(...rows.map(({ row }) => row));
  const deciding = rows.find(({ statistic }) => statistic.name === calibration.statistic);
  locate(deciding.statistic, deciding.reference, deciding.row);
}

function locate(statistic, reference, row) {
  for (const other of row.parentElement.children) {
    other.toggleAttribute('aria-current', false);
  }
  row.setAttribute('aria-current', 'true');
  const { stage, verdict: { falsePositiveRate: rate } } = current.explained;
  const ended = reference.stages?.find((one) => one.stage === stage);
  const histogram = ended?.histogram ?? reference.histogram;
  // Thresholds are scores of the model: the screen's are of another density.
  const threshold = stage == null || stage === 'unsure'
    ? reference.thresholds.find((one) => one.falsePositiveRate === rate)?.score : undefined;
  const words = stage
    ? `The ${reference.words} of this image is ${number(statistic.value)}, here among ${stageImages(stage, ended?.images ?? 0)}; ${percent(statistic.pValue)} of all ${reference.images.toLocaleString('en')} are at least as suspicious.`
    : `The ${reference.words} of this image is ${number(statistic.value)}; ${percent(statistic.pValue)} of ${reference.images.toLocaleString('en')} clean images have at least that.`;
  by('place').textContent = words;
  by('histogram').setAttribute('aria-label', words);
  place({ histogram, threshold, score: statistic.value ?? histogram.to });
}

async function purify() {
  const mine = current;
  const { file, model } = mine;
  const epsilon = by('epsilon').value;
  const wanted = () => current === mine && by('epsilon').value === epsilon;
  say(by('purified-verdict'), 'purifying');
  for (const canvas of [by('purified-picture'), by('purified-map')]) {
    canvas.getContext('2d').clearRect(0, 0, canvas.width, canvas.height);
  }
  try {
    const purified = await api.purify(model, file, epsilon);
    const bytes = Uint8Array.from(atob(purified.image), (character) => character.charCodeAt(0));
    const explained = await api.explain(model, new Blob([bytes]));
    if (wanted()) {
      drawImage(by('purified-picture'), explained);
      drawSurprisal(by('purified-map'), explained);
      const [before, after] = [purified.before, purified.after];
      say(by('purified-verdict'), `${number(before.bitsPerDimension)} → ${number(after.bitsPerDimension)} bits per dimension, ${verdictWords(after.flagged)}${before.screened === after.screened ? '' : ' (one by the screen, one by the model: two densities)'}`);
    }
  } catch (error) {
    if (wanted()) {
      say(by('purified-verdict'), error.message);
    }
  }
}

async function offerSamples() {
  const model = chosenModel();
  if (!model) {
    return;
  }
  by('takes').textContent = `${model.name} takes PNG or JPEG of ${model.shape.width}×${model.shape.height} pixels, ${model.shape.channels === 1 ? 'grey' : 'RGB'}`;
  const names = await api.samples(model).catch(() => []);
  const buttons = names.map((name) => {
    const button = element('button', { type: 'button', 'aria-pressed': 'false', title: name },
      element('img', { src: api.samplePath(model, name), alt: `sample ${name}`, loading: 'lazy' }));
    button.addEventListener('click', async () => {
      buttons.forEach((other) => other.setAttribute('aria-pressed', String(other === button)));
      try {
        examine(await api.sample(model, name));
      } catch (error) {
        refuse(error);
      }
    });
    return button;
  });
  by('samples').replaceChildren(...buttons);
}

/** Takes the models that are being served now; keeps the choice where it is still there. */
export function setModels(models) {
  const before = by('model').value;
  served = models;
  calibrations.clear();
  by('model').replaceChildren(...models.map((model) => element('option', { value: key(model) }, key(model))));
  if (models.some((model) => key(model) === before)) {
    by('model').value = before;
  }
  offerSamples();
}

export function start() {
  by('scale').style.background = scaleAsCss();
  by('scale').title = `0 to ${MOST_BITS} bits a channel`;
  by('model').addEventListener('change', () => {
    offerSamples();
    if (current) {
      examine(current.file);
    }
  });
  by('epsilon').addEventListener('change', () => current && purify());
  by('file').addEventListener('change', () => by('file').files.length && examine(by('file').files[0]));
  const drop = by('drop');
  addEventListener('dragover', (event) => {
    event.preventDefault();
    drop.classList.add('over');
  });
  addEventListener('dragleave', () => drop.classList.remove('over'));
  addEventListener('drop', (event) => {
    event.preventDefault();
    drop.classList.remove('over');
    if (event.dataTransfer.files.length) {
      examine(event.dataTransfer.files[0]);
    }
  });
  addEventListener('paste', (event) => {
    const file = [...event.clipboardData.files].find((one) => one.type.startsWith('image/'));
    if (file) {
      examine(file);
    }
  });
}
