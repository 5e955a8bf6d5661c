// Before the first paint, so that a dark page never flashes light. A file of its own: the policy allows no inline code.
(() => {
  let chosen = 'auto';
  try {
    chosen = localStorage.getItem('meridian-scheme') ?? 'auto';
  } catch {
    // Storage is forbidden: the system decides.
  }
  const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
