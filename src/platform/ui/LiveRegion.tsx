import { announced } from './announce.ts'
import { useStore } from './store.ts'

/** The one polite live region; once, in the shell. `announce(text)` fills it. */
export function LiveRegion() {
  const { text, at } = useStore(announced)
  return (
    <div className="visually-hidden" aria-live="polite">
      <span key={at}>{text}</span>
    </div>
  )
}
