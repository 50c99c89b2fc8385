/**
 * Safari on an iPhone lays its keyboard over the page instead of shrinking it. Tells the page, as `--seen`, how high
 * what one sees of it is, so that the composer stands on the keyboard; unset wherever the page is as high as what one sees.
 */
export function followKeyboard(): void {
  const seen = window.visualViewport
  if (!seen) return
  const { style } = document.documentElement
  const fit = () => {
    // Somebody who zooms in looks at a part of the page: nothing may move then.
    const covered = seen.scale === 1 && innerHeight - seen.height > 1
    if (!covered) return style.removeProperty('--seen')
    style.setProperty('--seen', `${seen.height}px`)
    // It also scrolls the page up by what it thinks is hidden, and everything is in sight already.
    scrollTo(0, 0)
  }
  seen.addEventListener('resize', fit)
  seen.addEventListener('scroll', fit)
}
