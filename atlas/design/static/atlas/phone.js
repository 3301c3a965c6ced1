// What is typed while there is no signal rests on this telephone, encrypted with the page's own key, until it is kept on the server: at most
// twelve hours. Signing out takes all of it away.
const NAME = "atlas-typed", LIFE = 12 * 3600 * 1000;

const opened = () => new Promise((done, fail) => {
  const asked = indexedDB.open(NAME, 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("typed");
  asked.onsuccess = () => done(asked.result);
  asked.onerror = () => fail(asked.error);
});
const store = async (mode, act) => {
  const all = await opened();
  try {
    const all_or_nothing = all.transaction("typed", mode), asked = act(all_or_nothing.objectStore("typed"));
    // Done when it is committed: a page that reloads before takes back what it has only asked for.
    return await new Promise((done, fail) => {
      all_or_nothing.oncomplete = () => done(asked.result);
      all_or_nothing.onabort = all_or_nothing.onerror = () => fail(all_or_nothing.error);
    });
  } finally { all.close(); }
};
const key = (text) => crypto.subtle.importKey("raw", Uint8Array.from(atob(text), (one) => one.charCodeAt(0)), "AES-GCM", false, ["encrypt", "decrypt"]);

export const holder = (place, keys) => ({
  hold: async (typed) => {
    const iv = crypto.getRandomValues(new Uint8Array(12)), now = await key(keys.split(" ")[0]);
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, now, new TextEncoder().encode(typed));
    await store("readwrite", (held) => held.put({ iv, sealed, at: Date.now() }, place));
  },
  release: () => store("readwrite", (held) => held.delete(place)),
  held: async () => {
    const one = await store("readonly", (held) => held.get(place));
    if (!one || Date.now() - one.at > LIFE) return "";
    for (const text of keys.split(" ")) {
      try {
        return new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv: one.iv }, await key(text), one.sealed));
      } catch { /* typed under the other key, or by somebody else */ }
    }
    return "";
  },
});

// What is too old goes, whichever page is opened.
export const tidy = async () => {
  if (!(await indexedDB.databases()).some((one) => one.name === NAME)) return;
  const all = await opened(), held = all.transaction("typed", "readwrite").objectStore("typed");
  held.openCursor().onsuccess = ({ target: { result: cursor } }) => {
    if (!cursor) return all.close();
    if (Date.now() - cursor.value.at > LIFE) cursor.delete();
    cursor.continue();
  };
};
export const wipe = () => indexedDB.deleteDatabase(NAME);
