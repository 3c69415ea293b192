// An icon of the sprite that the page itself uses: icon("lock") here puts lock into it, as in a template.
const sprite = () => document.querySelector("svg.v-i use")?.getAttribute("href").split("#")[0] ?? "";

export const icon = (name, size = "s") => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", `v-i v-i-${size}`);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite()}#${name}`);
  svg.append(use);
  return svg;
};
