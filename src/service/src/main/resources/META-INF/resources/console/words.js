// Numbers as people read them.

const plain = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });
const whole = new Intl.NumberFormat('en');

export const number = (value) => (value == null ? '∞' : plain.format(value));

export const count = (value) => whole.format(value);

/** A share of 0..1 in per cent, with as many digits as small ones need. */
export const percent = (share) => `${new Intl.NumberFormat('en', { maximumSignificantDigits: 2 }).format(100 * share)} %`;

export const millis = (value) => `${plain.format(value)} ms`;

export const verdict = (flagged) => (flagged ? '⚑ flagged' : '✓ accepted');

export const time = (millisSince1970) => new Date(millisSince1970).toLocaleTimeString('en-GB');

/** Sets text only where it changes, so that a reader aloud is not told the same again. */
export function say(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** An element with attributes and children. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

/** Which stage of a cascade decided on an image; nothing where there is no screen. */
export const stage = (name) => ({
  cleared: ' The screen was sure that it is one of its images, and the model was not asked.',
  unsure: ' The screen was not sure, and the model decided.',
  suspect: ' The screen was sure that it is none of its images, and the model was not asked.',
})[name] ?? '';

/** The clean images that ended in a stage, which scores of the same density can be compared with. */
export const stageImages = (name, images) => `the ${images.toLocaleString('en')} clean images that ${({
  cleared: 'the screen cleared, by its scores',
  unsure: 'the model decided on, by its scores',
  suspect: 'the screen found suspicious, by its scores',
})[name]}`;
