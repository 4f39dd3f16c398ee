// Coupon codes: words and numbers joined by dashes, such as SPRING25-FRIENDS.
// This is the shop's slow spot, on purpose, and of the kind that passes every review: when a long word ends in a wrong
// character, the pattern tries all the ways to cut the word into pieces before it gives up. 25 characters cost some
// 200 ms in which the process does nothing else; the limit on the length keeps it from costing minutes.
const COUPON = /^(?:[A-Z0-9]+-?)+$/
const MAX_LENGTH = 25

export function validateCoupon(code) {
  return code.length <= MAX_LENGTH && COUPON.test(code)
}

/** The discount in percent: the number in the code, 10 where it has none, never more than 50. */
export function discountOf(code) {
  return Math.min(50, Number(code.match(/[0-9]+/)?.[0] ?? 10))
}
