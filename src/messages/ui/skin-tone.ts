import { skinTones } from '#platform/contract/emoji.ts'
import { keep, readKept } from '#platform/ui/storage.ts'
import { createStore, type Store } from '#platform/ui/store.ts'

const key = 'skin-tone'

/** Empty: as emoji are without one. It is the device's, as its theme is. */
export const skinTone: Store<string> = createStore<string>(skinTones.find((tone) => tone === readKept(key)) ?? '')

export function chooseSkinTone(tone: string): void {
  skinTone.set(tone)
  keep(key, tone)
}

export const toneNames: readonly { tone: string; name: string }[] = [
  { tone: '', name: 'No skin tone' },
  ...['Light', 'Medium-light', 'Medium', 'Medium-dark', 'Dark'].map((name, at) => ({ tone: skinTones[at]!, name })),
]
