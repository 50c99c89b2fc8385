/**
 * Copied as rich text, a drawing would go along by its address, which no document or letter that it is pasted into can
 * show, and which tells where this place is. For the moment of copying the characters stand where the drawings do, and
 * the browser fills the clipboard as ever: the plain text and everything else of the selection stay as they were.
 */
export function copyEmojiAsText(): void {
  const selection = getSelection()
  if (!selection || selection.isCollapsed) return
  const drawings = [...document.querySelectorAll<HTMLImageElement>('img.emoji')].filter((img) =>
    selection.containsNode(img),
  )
  // The drawings stay where React put them, unseen, so that whatever it draws meanwhile finds them.
  const characters = drawings.map((img) => {
    const character = document.createTextNode(img.alt)
    img.before(character)
    img.style.display = 'none'
    return character
  })
  // The clipboard is filled after the listeners and their microtasks.
  setTimeout(() => {
    for (const character of characters) character.remove()
    for (const img of drawings) img.style.removeProperty('display')
  })
}
