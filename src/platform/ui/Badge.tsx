import { useFormats } from './theme.ts'

/** Somebody means you: `label` says what is counted, with the whole number ("104 mentions"). Nothing at zero. */
export function Badge({ count, label, plain }: { count: number; label: (count: string) => string; plain?: boolean }) {
  const formats = useFormats()
  if (count <= 0) return null
  return (
    <span className={plain ? 'badge plain' : 'badge'}>
      <span aria-hidden="true">{formats.badge(count)}</span>
      <span className="visually-hidden">{label(formats.count(count))}</span>
    </span>
  )
}
