import { showKeys } from './keyboard.ts'

/** Keys as people read them: `Ctrl K`, `⌘ K` on a Mac. */
export function Kbd({ keys }: { keys: string }) {
  return <kbd>{showKeys(keys)}</kbd>
}
