import { useLayoutEffect, useRef } from 'react'
import { Button, LinkButton } from './Button.tsx'
import { focusPage } from './focus-page.ts'

/**
 * After what could not be fetched, as a button or inside a sentence. What comes takes the place of this button; the page or
 * dialog around it gets the focus then, which would be lost otherwise.
 */
export function TryAgain({ onPress, inSentence }: { onPress: () => void; inSentence?: boolean }) {
  const button = useRef<HTMLButtonElement>(null)
  useLayoutEffect(() => {
    const own = button.current
    return () => {
      if (own && own === document.activeElement) focusPage(own.closest<HTMLElement>('[tabindex], main'))
    }
  }, [])
  const Kind = inSentence ? LinkButton : Button
  return (
    <Kind ref={button} onClick={onPress}>
      Try again
    </Kind>
  )
}
