// Starts the page and keeps it up to date.
import * as api from './api.js';
import * as decisions from './decisions.js';
import * as examine from './examine.js';
import * as models from './models.js';
import { say } from './words.js';

const connection = document.getElementById('connection');
let bundles = '';
let served = [];

function state(name, words) {
  connection.dataset.state = name;
  say(connection, words);
}

/** Asks for the models again when the bundles are no longer what they were. */
async function follow(update) {
  decisions.update(update);
  const seen = JSON.stringify(update.bundles.map(({ drift, ...bundle }) => bundle));
  if (seen !== bundles) {
    bundles = seen;
    served = await api.models().catch(() => []);
    examine.setModels(served);
    models.show(update.bundles, served);
  }
}

examine.start();
decisions.start();
const stream = new EventSource('v1/live');
stream.addEventListener('open', () => {
  decisions.reset();
  bundles = '';
  state('up', 'service is up');
});
stream.addEventListener('message', (event) => follow(JSON.parse(event.data)));
stream.addEventListener('error', () => {
  state('down', 'service does not answer; trying again');
  if (stream.readyState === EventSource.CLOSED) {
    setTimeout(() => location.reload(), 3000);
  }
});
