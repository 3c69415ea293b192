// The logo, three narrowing bars, as SVG for the tab and as PNG for the home screen and push messages.
import { deflateSync } from "node:zlib";

const BARS = [
  { top: 4.5, bottom: 7.7, left: 2, right: 22, slope: 0.5, alpha: 1 },
  { top: 10, bottom: 13.2, left: 5, right: 19, slope: 0.5, alpha: 0.72 },
  { top: 15.5, bottom: 18.7, left: 8.2, right: 15.8, slope: 0.5, alpha: 0.46 },
];
const INK = [52, 69, 196];
const PAPER = [244, 244, 241];

export const svgLogo = () =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="#3445c4"><style>@media(prefers-color-scheme:dark){svg{fill:#a3aeff}}</style>${BARS.map(
    ({ top, bottom, left, right, slope, alpha }) => {
      const inset = (bottom - top) * slope;
      return `<path d="M${left} ${top}H${right}L${right - inset} ${bottom}H${left + inset}z" opacity="${alpha}"/>`;
    },
  ).join("")}</svg>`;

const cover = (x, y) => {
  const bar = BARS.find(({ top, bottom }) => y >= top && y < bottom);
  if (!bar) return 0;
  const inset = (y - bar.top) * bar.slope;
  return x >= bar.left + inset && x < bar.right - inset ? bar.alpha : 0;
};

const pixel = (column, row, size) => {
  let alpha = 0;
  for (const dx of [0.25, 0.75]) {
    for (const dy of [0.25, 0.75]) {
      // the drawing takes the middle 60 %, so a round mask cuts nothing off
      alpha += cover((((column + dx) / size - 0.2) / 0.6) * 24, (((row + dy) / size - 0.2) / 0.6) * 24) / 4;
    }
  }
  return PAPER.map((paper, channel) => Math.round(paper + (INK[channel] - paper) * alpha));
};

const crcTable = Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});
const crc = (buffer) => {
  let value = 0xffffffff;
  for (const byte of buffer) value = crcTable[(value ^ byte) & 255] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
};
const chunk = (type, data) => {
  const body = Buffer.concat([Buffer.from(type), data]);
  const frame = Buffer.alloc(body.length + 8);
  frame.writeUInt32BE(data.length, 0);
  body.copy(frame, 4);
  frame.writeUInt32BE(crc(body), body.length + 4);
  return frame;
};

export const pngLogo = (size) => {
  const rows = Buffer.alloc(size * (size * 3 + 1));
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      rows.set(pixel(column, row, size), row * (size * 3 + 1) + 1 + column * 3);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk("IHDR", header), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
};
