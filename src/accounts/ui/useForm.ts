import { useEffect, useRef, useState, type ChangeEvent } from 'react'
import { ApiProblem, explain } from '#platform/ui/api.ts'
import { keysAtHand } from '#platform/ui/keys-at-hand.ts'
import { ticks } from '#platform/ui/ticks.ts'
import { placeProblem, type Check } from './check.ts'

/**
 * One small form: what was typed stays through every failure; a field is judged on leaving it, never while typing;
 * a server that asks for patience is counted down. With `focus` the first empty field gets it when the form appears.
 */
export function useForm<Name extends string>(
  fields: Record<Name, { start?: string; check?: Check }>,
  options: { focus?: boolean } = {},
) {
  const names = Object.keys(fields) as Name[]
  const each = <T>(make: (name: Name) => T) =>
    Object.fromEntries(names.map((name) => [name, make(name)])) as Record<Name, T>
  const [values, setValues] = useState(() => each((name) => fields[name].start ?? ''))
  const [errors, setErrors] = useState<Partial<Record<Name, string | undefined>>>({})
  const [failure, setFailure] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const [wait, setWait] = useCountdown()
  const inputs = useRef<Partial<Record<Name, HTMLInputElement | null>>>({})

  const focus = useRef(options.focus ? names.find((name) => !fields[name].start) : undefined)
  useEffect(() => {
    // A screen's keyboard would cover half of what there is to read.
    if (focus.current && keysAtHand.get()) inputs.current[focus.current]?.focus()
  }, [])

  // After the form was drawn with what the server refused: the field may be there only since then.
  const [refused, setRefused] = useState<{ name: Name | undefined }>()
  useEffect(() => {
    if (refused?.name) inputs.current[refused.name]?.focus()
  }, [refused])

  const judge = (name: Name) => fields[name].check?.(values[name])
  const props = (name: Name) => ({
    name,
    value: values[name],
    error: errors[name],
    ref: (input: HTMLInputElement | null) => {
      inputs.current[name] = input
    },
    onChange: (event: ChangeEvent<HTMLInputElement>) => {
      const typed = event.target.value
      setValues((now) => ({ ...now, [name]: typed }))
      // A field that was wrong is right as soon as it is; it does not become wrong while somebody types.
      if (errors[name] && !fields[name].check?.(typed)) setErrors((now) => ({ ...now, [name]: undefined }))
    },
    onBlur: () => values[name] !== '' && setErrors((now) => ({ ...now, [name]: judge(name) })),
  })

  /** Runs `send` when every field is right; else goes to the first that is wrong. */
  const submit = async (send: (values: Record<Name, string>) => Promise<void>) => {
    if (busy || wait > 0) return
    const found = each(judge)
    setErrors(found)
    const firstWrong = names.find((name) => found[name])
    if (firstWrong) return inputs.current[firstWrong]?.focus()
    setBusy(true)
    setFailure(undefined)
    try {
      await send(values)
    } catch (error) {
      const placed = error instanceof ApiProblem ? placeProblem(error) : null
      if (placed) {
        setErrors(placed as Partial<Record<Name, string>>)
        setRefused({ name: names.find((name) => (placed as Partial<Record<Name, string>>)[name]) })
      } else setFailure(error)
      if (error instanceof ApiProblem && error.status === 429) setWait(error.retryAfterSeconds ?? 5)
    }
    setBusy(false)
  }

  const reset = () => {
    setValues(each((name) => fields[name].start ?? ''))
    setErrors({})
    setFailure(undefined)
  }
  return {
    values,
    errors,
    failure: failure === undefined ? undefined : explain(failure),
    busy,
    wait,
    props,
    submit,
    reset,
  }
}

/** Seconds that are left, and the way to start. Counts what has passed, so a sleeping tab is right when it wakes. */
function useCountdown(): [number, (seconds: number) => void] {
  const [until, setUntil] = useState(0)
  const [left, setLeft] = useState(0)
  useEffect(() => {
    if (until === 0) return undefined
    const tick = () => {
      const seconds = Math.max(0, Math.ceil((until - ticks()) / 1000))
      setLeft(seconds)
      if (seconds === 0) setUntil(0)
    }
    tick()
    const timer = setInterval(tick, 250)
    return () => clearInterval(timer)
  }, [until])
  return [left, (seconds) => setUntil(ticks() + seconds * 1000)]
}
