// What the page asks of the service. Every failure is an Error whose message is for people.

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Error('The service does not answer. What was on its way is lost; try again when it is back.');
  }
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    throw new Error(problem.detail ?? `The service answered with status ${response.status}.`);
  }
  return response;
}

const json = async (path, options) => (await ask(path, options)).json();

const posted = (path, file) =>
  json(path, { method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body: file });

const version = (model) => `v1/models/${encodeURIComponent(model.name)}/versions/${encodeURIComponent(model.version)}`;

const query = (model, more = {}) => new URLSearchParams({ model: model.name, version: model.version, ...more });

export const models = async () => (await json('v1/models')).models;

export const calibration = (model) => json(`${version(model)}/calibration`);

export const samples = (model) => json(`${version(model)}/samples`);

export const samplePath = (model, name) => `${version(model)}/samples/${encodeURIComponent(name)}`;

export const sample = async (model, name) => (await ask(samplePath(model, name))).blob();

export const card = async (model) => (await ask(`${version(model)}/card`)).text();

export const explain = (model, file) => posted(`v1/explain?${query(model)}`, file);

export const purify = (model, file, epsilon) => posted(`v1/purify?${query(model, { epsilon })}`, file);
