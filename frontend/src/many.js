// A set of check boxes that behaves as one input: `value` is the chosen keys with commas between.
export const makeMany = (options, value, label) => {
  const chosen = new Set(value.split(","));
  const group = document.createElement("div");
  group.className = "v-many form-control";
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", label);
  for (const [key, title] of options) {
    const box = Object.assign(document.createElement("input"), { type: "checkbox", className: "v-check", value: key, checked: chosen.has(key) });
    const line = Object.assign(document.createElement("label"), { className: "v-row v-row-1 v-m" });
    line.append(box, title);
    group.append(line);
  }
  Object.defineProperty(group, "value", { get: () => [...group.querySelectorAll(":checked")].map((box) => box.value).join(",") });
  group.focus = () => group.querySelector("input")?.focus();
  return group;
};
