// Sentences in the person's language, put into the page by layout/words.html.
let table;

export const say = (key, values = {}) => {
  table ??= JSON.parse(document.getElementById("words")?.textContent || "{}");
  return (table[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
};
