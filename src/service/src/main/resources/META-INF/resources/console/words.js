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
