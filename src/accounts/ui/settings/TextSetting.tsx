import { useEffect, useRef, useState, type ReactNode } from 'react'
import type { Check } from '../check.ts'
import { Setting, useSaving } from './Setting.tsx'

/** A text that is saved on leaving the field or with Enter; Esc gives back what was there. */
export function TextSetting(props: {
  title: string
  hint: ReactNode
  value: string
  check: Check
  save: (value: string) => Promise<void>
  autoComplete?: string
}) {
  const { title, hint, value, check, save, autoComplete } = props
  const [typed, setTyped] = useState(value)
  const [wrong, setWrong] = useState<string>()
  const saving = useSaving()
  const given = useRef(value)
  useEffect(() => {
    // Changed elsewhere: shown unless somebody is in the middle of writing something else.
    setTyped((now) => (now === given.current ? value : now))
    given.current = value
  }, [value])
  const leave = async () => {
    const next = typed.trim()
    if (next === value) return setTyped(value)
    const problem = check(next)
    setWrong(problem)
    if (!problem && !saving.busy) await saving.save(() => save(next))
  }
  return (
    <Setting
      title={title}
      saving={{ busy: saving.busy, failure: wrong ?? saving.failure }}
      renderControl={(describedBy) => (
        <div className={wrong || saving.failure ? 'input invalid' : 'input'}>
          <input
            aria-label={title}
            aria-describedby={describedBy}
            aria-invalid={wrong || saving.failure ? true : undefined}
            autoComplete={autoComplete}
            dir="auto"
            value={typed}
            onChange={(event) => {
              setTyped(event.target.value)
              if (wrong && !check(event.target.value)) setWrong(undefined)
            }}
            onBlur={() => void leave()}
            onKeyDown={(event) => {
              if (event.key === 'Enter') void leave()
              if (event.key !== 'Escape' || typed === value) return
              event.preventDefault()
              setTyped(value)
              setWrong(undefined)
              saving.forget()
            }}
          />
        </div>
      )}
    >
      {hint}
    </Setting>
  )
}
