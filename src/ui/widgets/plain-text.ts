// Text from programs as a screen can show it.

// The ESC and CSI sequences of ECMA-48, as terminals take them for colours, links and cursor moves.
const terminalCodes =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[ -/]*[0-~]/g
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/** Without terminal colours; other control characters, and those that turn the direction of text, as '·'. */
export function plainText(text: string): string {
  return text.replace(terminalCodes, '').replaceAll('\r\n', '\n').replace(controls, '·')
}
