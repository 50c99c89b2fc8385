import type { ReactNode } from 'react'
import { useTitle } from '#platform/ui/title.ts'
import { Whale } from '#platform/ui/Whale.tsx'
import './Harbour.css'

/** The pages without a window around them: the whale, one heading, one form, and waves at the foot. */
export function Harbour(props: { title: string; lede: ReactNode; children: ReactNode; aside?: ReactNode }) {
  const { title, lede, children, aside } = props
  useTitle(title)
  const form = (
    <>
      <Whale />
      <h1>{title}</h1>
      <p className="lede">{lede}</p>
      {children}
    </>
  )
  return (
    <main className="harbour">
      <svg className="waves" viewBox="0 0 1440 128" preserveAspectRatio="none" fill="currentColor" aria-hidden="true">
        <path opacity=".07" d="M0 46c120-30 240-30 360-6s240 30 360 6 240-30 360-6 240 28 360 4v84H0z" />
        <path opacity=".07" d="M0 74c140 26 260 22 380 0s220-26 360-4 240 26 360 2 220-26 340-4v60H0z" />
        <path opacity=".09" d="M0 100c120-18 260-18 400-2s260 16 380 0 260-18 380-2 180 14 280 4v28H0z" />
      </svg>
      {aside ? (
        <div className="card broad">
          <div>{form}</div>
          {aside}
        </div>
      ) : (
        <div className="card">{form}</div>
      )}
    </main>
  )
}
