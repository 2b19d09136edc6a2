// Starts the page and keeps it up to date.
import * as api from './api.js';
import * as decisions from './decisions.js';
import * as examine from './examine.js';
import * as models from './models.js';
import { say } from './words.js';

const AGAIN_MILLIS = 3000;

const connection = document.getElementById('connection');
let bundles = '';
let asking = false;

function state(name, words) {
  connection.dataset.state = name;
  say(connection, words);
}

/** Asks for the models again when the bundles are no longer what they were; once more with the next update if that fails. */
async function follow(update) {
  decisions.update(update);
  models.watch(update.bundles);
  const seen = JSON.stringify(update.bundles.map(({ drift, ...bundle }) => bundle));
  if (seen === bundles || asking) {
    return;
  }
  asking = true;
  try {
    const served = await api.models();
    bundles = seen;
    examine.setModels(served);
    models.show(update.bundles, served);
  } catch {
    // The state of the connection says it.
  } finally {
    asking = false;
  }
}

function listen() {
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
      setTimeout(listen, AGAIN_MILLIS);
    }
  });
}

examine.start();
decisions.start();
listen();
