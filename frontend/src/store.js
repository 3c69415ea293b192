// What this device keeps without a line: unsent notes and the cards last open. IndexedDB, since the storage of drafts may be full.
const opened = () =>
  new Promise((resolve, reject) => {
    const asked = indexedDB.open("voronka", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("notes", { keyPath: "once" });
      asked.result.createObjectStore("recent", { keyPath: "url" });
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });

/** Run `act` on a store in one transaction; resolves with its result when that is written. */
const within = async (name, mode, act) => {
  const base = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = base.transaction(name, mode);
      const asked = act(transaction.objectStore(name));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
  } finally {
    base.close();
  }
};

export const all = (name) => within(name, "readonly", (store) => store.getAll());
export const put = (name, row) => within(name, "readwrite", (store) => store.put(row));
export const drop = (name, key) => within(name, "readwrite", (store) => store.delete(key));
export const empty = (name) => within(name, "readwrite", (store) => store.clear());
