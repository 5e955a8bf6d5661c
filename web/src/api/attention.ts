/** A page whose person did nothing for this long refreshes itself in the background, in milliseconds. */
const attentionMs = 60_000;

let lastAct = Date.now();
for (const kind of ['pointerdown', 'keydown', 'wheel']) {
  window.addEventListener(kind, () => (lastAct = Date.now()), { passive: true, capture: true });
}

/** Whether somebody is there: what a page asks by itself does not keep a session alive. */
export function isAttended(): boolean {
  return Date.now() - lastAct < attentionMs;
}
