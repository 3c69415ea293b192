// One SVG sprite with exactly the Tabler icons the product names.
// Templates and scripts name an icon as icon('name'), icon("name") or icon='name'; Python as icon="name" or "icon": "name",
// (there a name may also be a key of such a table, so an unknown one is left alone),
// and every string of a file called icons.py is a name (the tables channel → icon, kind → icon live there).
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const CALL = /\bicon(?:_name)?["']?\s*(?:\(|=|:)\s*["']([a-z][a-z0-9-]*)["']/g;
const WORD = /["']([a-z][a-z0-9-]*)["']/g;
const READ = /\.(html|py|js|yaml|yml|toml)$/;

const files = (folder) =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && READ.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((path) => !/\/(static|tests|node_modules|locale)\//.test(path));

const svgPath = (here, name) =>
  name.startsWith("filled-")
    ? join(here, "node_modules/@tabler/icons/icons/filled", `${name.slice(7)}.svg`)
    : join(here, "node_modules/@tabler/icons/icons/outline", `${name}.svg`);

// Every use of an icon is a tree of its own in the page: strokes of one kind are one element there, and the empty frame is none.
const FRAME = '<path stroke="none" d="M0 0h24v24H0z" fill="none" />';
const PATHS = /<path d="([^"]*)" \/>/g;
const joined = (inner) => {
  const lines = inner.replace(FRAME, "").trim();
  const strokes = [...lines.matchAll(PATHS)].map(([, line]) => line);
  return lines.replace(PATHS, "").trim() || strokes.some((line) => !line.startsWith("M")) ? lines : `<path d="${strokes.join("")}"/>`;
};

const symbol = (here, name) => {
  const filled = name.startsWith("filled-");
  const paint = filled ? 'fill="currentColor" stroke="none"' : 'stroke-linecap="round" stroke-linejoin="round"';
  const inner = readFileSync(svgPath(here, name), "utf8").match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1].replace(/\s+/g, " ").trim();
  return `<symbol id="${name}" viewBox="0 0 24 24" ${paint}>${filled ? inner : joined(inner)}</symbol>`;
};

export const sprite = (product, here) => {
  const used = new Map();
  for (const path of [...files(product), ...files(join(here, "src"))]) {
    const pattern = path.endsWith("/icons.py") ? WORD : CALL;
    for (const [, name] of readFileSync(path, "utf8").matchAll(pattern)) {
      if (existsSync(svgPath(here, name))) used.set(name, path);
      else if (!path.endsWith(".py")) throw new Error(`${path}: no Tabler icon is called ${name}`);
    }
  }
  return `<svg xmlns="http://www.w3.org/2000/svg">${[...used.keys()].sort().map((name) => symbol(here, name)).join("")}</svg>`;
};
