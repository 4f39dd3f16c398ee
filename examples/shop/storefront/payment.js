// A payment provider that isn't there: it takes its time, and the last four digits of the card decide what it says.
import { pbkdf2 } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Refusal } from '../service/refusal.js'

const derive = promisify(pbkdf2)
const ATTEMPTS = 3
const ALARM_FAILURES = 3
const ALARM_PERIOD_MS = 60_000
/** When charges failed lately, Unix ms. */
let failures = []

/** A receipt, or a Refusal: 402 where the card is declined, 503 where the provider doesn't answer after three attempts. */
export async function chargeCard(card, amountCents, log) {
  const fingerprint = (await derive(card, 'shop', 20_000, 16, 'sha256')).toString('hex')
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    try {
      const receipt = await askProvider(card, attempt)
      log.debug({ fingerprint, amountCents, attempt }, 'payment accepted')
      return { receipt, fingerprint }
    } catch (error) {
      if (error instanceof Refusal) throw error
      log.warn({ attempt, reason: error.message }, 'payment provider: trying again')
      await wait(5 * 2 ** attempt)
    }
  }
  reportFailure(log)
  throw new Refusal(503, 'the payment provider does not answer')
}

function reportFailure(log) {
  failures = [...failures, Date.now()].filter(time => Date.now() - time < ALARM_PERIOD_MS)
  if (failures.length < ALARM_FAILURES) return
  log.fatal({ failures: failures.length, periodMs: ALARM_PERIOD_MS }, 'payments are down')
  failures = []
}

async function askProvider(card, attempt) {
  await wait(15)
  const ending = card.slice(-4)
  if (ending === '0002') throw new Refusal(402, 'the card was declined')
  if (ending === '0119' && attempt < 3) throw new Error('connection reset')
  if (ending === '0341') throw new Error('timed out')
  return `receipt-${ending}-${attempt}`
}
