// Pictures of one image: its pixels, and one number for each of them.

// Viridis, at ten places: told apart in grey and by colour-blind eyes.
const VIRIDIS = [
  [68, 1, 84], [72, 40, 120], [62, 73, 137], [49, 104, 142], [38, 130, 142],
  [31, 158, 137], [53, 183, 121], [110, 206, 88], [181, 222, 43], [253, 231, 37],
];

/** Bits a channel at which the scale ends, as in /v1/map: a uniform guess among 256 levels costs 8. */
export const MOST_BITS = 16;

function viridis(share) {
  const place = Math.min(1, Math.max(0, share)) * (VIRIDIS.length - 1);
  const below = Math.min(VIRIDIS.length - 2, Math.floor(place));
  return VIRIDIS[below].map((channel, i) => channel + (place - below) * (VIRIDIS[below + 1][i] - channel));
}

export const scaleAsCss = () =>
  `linear-gradient(to right, ${VIRIDIS.map((colour) => `rgb(${colour.join(' ')})`).join(', ')})`;

function draw(canvas, { width, height }, colourOf) {
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  const image = context.createImageData(width, height);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const [red, green, blue] = colourOf(pixel);
    image.data.set([red, green, blue, 255], 4 * pixel);
  }
  context.putImageData(image, 0, 0);
}

/** The channels of a pixel, out of a list in the order C, H, W. */
export const channelsOf = ({ shape }, list, pixel) =>
  Array.from({ length: shape.channels }, (_, channel) => list[channel * shape.width * shape.height + pixel]);

export function drawImage(canvas, explained) {
  const brightness = 255 / (explained.levels - 1);
  draw(canvas, explained.shape, (pixel) => {
    const [red, green = red, blue = red] = channelsOf(explained, explained.values, pixel).map((v) => v * brightness);
    return [red, green, blue];
  });
}

export function drawSurprisal(canvas, explained) {
  const most = MOST_BITS * explained.shape.channels;
  draw(canvas, explained.shape, (pixel) => {
    const bits = channelsOf(explained, explained.surprisalBits, pixel).reduce((sum, b) => sum + (b ?? Infinity), 0);
    return viridis(bits / most);
  });
}

/** Lets people walk over several pictures of the same image at once; tells which pixel they are at. */
export function picker(canvases, visit) {
  let shape = { width: 1, height: 1 };
  let at = null;

  function go(x, y) {
    at = { x: Math.min(shape.width - 1, Math.max(0, x)), y: Math.min(shape.height - 1, Math.max(0, y)) };
    for (const canvas of canvases) {
      const cursor = canvas.nextElementSibling;
      cursor.hidden = false;
      cursor.style.left = `${(100 * at.x) / shape.width}%`;
      cursor.style.top = `${(100 * at.y) / shape.height}%`;
      cursor.style.width = `${100 / shape.width}%`;
      cursor.style.height = `${100 / shape.height}%`;
    }
    visit(at);
  }

  const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  for (const canvas of canvases) {
    canvas.addEventListener('pointermove', (event) => {
      const box = canvas.getBoundingClientRect();
      go(
        Math.floor(((event.clientX - box.left) / box.width) * shape.width),
        Math.floor(((event.clientY - box.top) / box.height) * shape.height),
      );
    });
    canvas.addEventListener('keydown', (event) => {
      const step = STEPS[event.key];
      if (step) {
        event.preventDefault();
        go((at?.x ?? -step[0]) + step[0], (at?.y ?? -step[1]) + step[1]);
      }
    });
  }
  return {
    reset(newShape) {
      shape = newShape;
      at = null;
      canvases.forEach((canvas) => { canvas.nextElementSibling.hidden = true; });
    },
  };
}
