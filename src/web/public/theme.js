// Runs before the first paint, so that a chosen theme never flashes in the other one. It is a file of its own
// because the content security policy allows no inline script. platform/ui/theme.ts takes over from here.
;(function () {
  try {
    var kept = JSON.parse(localStorage.getItem('appearance')) || {}
    var root = document.documentElement
    if (kept.theme === 'light' || kept.theme === 'dark') root.dataset.theme = kept.theme
    if (kept.density === 'compact') root.dataset.density = 'compact'
    if (['13', '14', '16', '18', '20'].includes(kept.textSize)) root.dataset.textSize = kept.textSize
  } catch {
    // Nothing kept, or storage is forbidden: the page looks as designed.
  }
})()
