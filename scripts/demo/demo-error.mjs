/** Something the person at the terminal can do something about: shown as it is, without a stack. */
export class DemoError extends Error {}
