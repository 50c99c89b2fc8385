import Check from 'lucide-react/icons/check'
import Copy from 'lucide-react/icons/copy'
import { useEffect, useRef, useState } from 'react'
import { announce } from './announce.ts'
import { Button } from './Button.tsx'
import { FieldFrame } from './Field.tsx'
import { copy as copyToClipboard } from './insecure.ts'
import './LinkField.css'

/** A link that is to be given to somebody, and the way to copy it. */
export function LinkField({ link }: { link: string }) {
  const input = useRef<HTMLInputElement>(null)
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no')
  useEffect(() => {
    if (copied !== 'yes') return undefined
    const timer = setTimeout(() => setCopied('no'), 2500)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = async () => {
    try {
      await copyToClipboard(link)
      setCopied('yes')
      announce('Copied')
    } catch {
      // No permission, or not a secure page: the person copies what is marked.
      input.current?.select()
      setCopied('failed')
    }
  }
  return (
    <FieldFrame label="Link" error={copied === 'failed' ? 'The browser does not allow it. Press Ctrl C.' : undefined}>
      {({ id, describedBy }) => (
        <div className="link-field">
          <div className="input">
            <input
              ref={input}
              id={id}
              aria-describedby={describedBy}
              readOnly
              dir="ltr"
              value={link}
              onFocus={(event) => event.target.select()}
            />
          </div>
          <Button icon={copied === 'yes' ? Check : Copy} onClick={() => void copy()}>
            {copied === 'yes' ? 'Copied' : 'Copy'}
          </Button>
        </div>
      )}
    </FieldFrame>
  )
}
