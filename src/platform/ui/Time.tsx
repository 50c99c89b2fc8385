import { useFormats } from './theme.ts'

/**
 * A moment that stays on screen: `time` is 16:05, `elsewhere` is 16:05, Wed, 6 Nov by how long ago it is. The tooltip
 * is exact to the second, with `more` behind it ("message 4,182").
 */
export function Time(props: { at: string; as?: 'time' | 'elsewhere' | 'date'; more?: string; className?: string }) {
  const formats = useFormats()
  const { at, as = 'time', more, className } = props
  return (
    <time dateTime={at} className={className} data-tooltip={[formats.exact(at), more].filter(Boolean).join('\n')}>
      {formats[as](at)}
    </time>
  )
}
