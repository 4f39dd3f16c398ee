/** Paths on a grid of 16 by 16, stroked. */
export const icons = {
  sun: 'M8 5.2a2.8 2.8 0 1 0 0 5.6a2.8 2.8 0 0 0 0-5.6M8 1.2v1.3M8 13.5v1.3M1.2 8h1.3M13.5 8h1.3M3.2 3.2l.9.9M11.9 11.9l.9.9M3.2 12.8l.9-.9M11.9 4.1l.9-.9',
  moon: 'M13.5 9.5A5.8 5.8 0 0 1 6.5 2.5a5.8 5.8 0 1 0 7 7',
  chevron: 'M6 3.5L10.5 8L6 12.5',
  search: 'M7 2.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 0 0 0-9M10.3 10.3L14 14',
  trash: 'M2.5 4h11M6 4V2.5h4V4M4 4l.7 9.5h6.6L12 4M6.7 6.7v4.3M9.3 6.7v4.3',
  copy: 'M5.5 5.5h8v8h-8zM3 10.5h-.5v-8h8V3',
  check: 'M2.5 8.5L6.5 12L13.5 4',
  close: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  panel: 'M2.5 3h11v10h-11zM6.5 3v10',
  timeline: 'M1.5 12.5L5 7l3 3l3.5-6l3 4',
  stack: 'M2 4h12M2 8h8M2 12h5',
  upload: 'M8 10.5V2.5M4.8 5.5L8 2.5l3.2 3M2.5 10.5v3h11v-3',
  swap: 'M2.5 5.5h10M10 3l2.5 2.5L10 8M13.5 10.5h-10M6 8l-2.5 2.5L6 13',
  external: 'M9.5 2.5h4v4M13.5 2.5L8 8M11.5 9.5v4h-9v-9h4'
} as const

export type IconName = keyof typeof icons
