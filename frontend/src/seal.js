// What lies under an open card takes no key, no pointer and no reader. Sealing restyles every element there, so a page of
// thousands is sealed and opened part by part, a frame each.
const LOT = 3000;
const weightOf = (element) => element.getElementsByTagName("*").length;
const partsOf = (element) => (weightOf(element) > LOT ? [...element.children].flatMap(partsOf) : [element]);
const frame = () => new Promise(requestAnimationFrame);

const sealed = new Set();
let turn = 0;

const each = async (parts, change) => {
  const mine = (turn += 1);
  let weight = 0;
  for (const part of parts) {
    if (weight && weight + weightOf(part) > LOT) {
      await frame();
      if (mine !== turn) return;
      weight = 0;
    }
    change(part);
    weight += weightOf(part);
  }
};

export const seal = (element) =>
  each(partsOf(element), (part) => {
    part.inert = true;
    sealed.add(part);
  });

/** Open all that is sealed; what holds `first` is opened at once, so that it can take the focus. */
export const unseal = (first) =>
  each([...sealed].sort((one, other) => other.contains(first) - one.contains(first)), (part) => {
    part.inert = false;
    sealed.delete(part);
  });
