import type { CutOffWords } from '#delivery/ui/ConnectionBanner.tsx'

// What being cut off means on the pages on which nobody writes messages, told by the banner at their top.

export const cutOffWords = {
  reading: {
    offline: 'What is new shows when the connection is back.',
    connecting: 'Newer messages may be missing until then.',
  },
  settings: {
    offline: 'Only what stays on this device can be changed.',
    connecting: 'What you change may not be saved until then.',
  },
  health: {
    offline: 'The figures stand still until the connection is back.',
    connecting: 'The figures may stand still until then.',
  },
} as const satisfies Record<string, CutOffWords>
