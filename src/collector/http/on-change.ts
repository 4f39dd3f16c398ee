/** Hears of what somebody did to the recordings. */
export type OnChange = (what: 'imported' | 'deleted', fields: Record<string, unknown>) => void
