import { useRef, useState } from 'react'
import { inTone } from '#platform/contract/emoji.ts'
import { EmojiOfMany } from '#platform/ui/EmojiPictures.tsx'
import { useStore } from '#platform/ui/store.ts'
import { chooseSkinTone, skinTone, toneNames } from './skin-tone.ts'

const handIn = (tone: string): string => (tone ? inTone('✋', tone) : '✋')

/** A hand in the chosen tone; pressed, a row of all six. */
export function SkinTones() {
  const chosen = useStore(skinTone)
  const [open, setOpen] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  const toneWord = toneNames.find(({ tone }) => tone === chosen)?.name ?? ''
  const close = () => {
    setOpen(false)
    opener.current?.focus()
  }
  return (
    <>
      <button
        ref={opener}
        type="button"
        className="icon-button"
        aria-label={`Skin tone: ${toneWord}`}
        aria-expanded={open}
        data-tooltip="Skin tone"
        onClick={() => setOpen(!open)}
      >
        <EmojiOfMany key={handIn(chosen)} emoji={handIn(chosen)} />
      </button>
      {open && (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the Escape of the buttons inside
        <fieldset
          className="emoji-tones"
          aria-label="Skin tone"
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return
            // It closes this row alone.
            event.stopPropagation()
            close()
          }}
        >
          {toneNames.map(({ tone, name }) => (
            <button
              key={tone}
              type="button"
              aria-label={name}
              aria-pressed={tone === chosen}
              data-tooltip={name}
              onClick={() => {
                chooseSkinTone(tone)
                close()
              }}
            >
              <EmojiOfMany emoji={handIn(tone)} />
            </button>
          ))}
        </fieldset>
      )}
    </>
  )
}
