import { readFileSync, readdirSync } from 'node:fs'
import { unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { crc32c } from '../../../src/base/crc32c.ts'
import {
  decodeJournal,
  encodeJournalEntry,
  journalMagic
} from '../../../src/collector/ingest/journal-entry.ts'
import type { JournalEntry } from '../../../src/collector/ingest/journal-entry.ts'
import { openJournalFile } from '../../../src/collector/ingest/journal-file.ts'
import type { JournalFile } from '../../../src/collector/ingest/journal-file.ts'
import { Journal } from '../../../src/collector/ingest/journal.ts'
import { temporaryFolder } from '../temporary-store.ts'

function entry(text: string, recordings = ['a'.repeat(26)]): Omit<JournalEntry, 'position'> {
  const body = Buffer.from(text)
  return { receivedMs: 1_000, signal: 'logs', encoding: 'json', coding: 'identity', recordings, body }
}

const textOf = ({ body }: JournalEntry): string => Buffer.from(body).toString()

function readEntries(folder: string): JournalEntry[] {
  const files = readdirSync(folder).sort()
  return files.flatMap(name => decodeJournal(readFileSync(join(folder, name))).entries)
}

describe('a journal file', () => {
  const parts = ['one', 'two', 'three'].map((text, i) =>
    Buffer.concat(encodeJournalEntry({ ...entry(text), position: i + 1 }))
  )
  const bytes = Buffer.concat([journalMagic, ...parts])

  test('gives back what was written', () => {
    const { entries, damagedBytes } = decodeJournal(bytes)
    expect(entries.map(textOf)).toEqual(['one', 'two', 'three'])
    expect(entries[1]).toMatchObject({
      position: 2,
      signal: 'logs',
      encoding: 'json',
      recordings: ['a'.repeat(26)]
    })
    expect(damagedBytes).toBe(0)
  })

  test('cut at every byte, keeps every entry before the cut', () => {
    const ends = parts.map((_, i) => journalMagic.length + Buffer.concat(parts.slice(0, i + 1)).length)
    for (let length = 0; length <= bytes.length; length++) {
      const { entries, damagedBytes } = decodeJournal(bytes.subarray(0, length))
      const whole = ends.filter(end => end <= length).length
      expect(entries.map(textOf)).toEqual(['one', 'two', 'three'].slice(0, whole))
      const good = whole > 0 ? ends[whole - 1]! : length >= journalMagic.length ? journalMagic.length : 0
      expect(damagedBytes).toBe(length - good)
    }
  })

  test('with any one bit flipped, loses at most the entries that the bit is in or before, and never gives a wrong one', () => {
    for (let at = 0; at < bytes.length * 8; at++) {
      const flipped = Uint8Array.from(bytes)
      flipped[at >> 3]! ^= 1 << (at & 7)
      const { entries, damagedBytes } = decodeJournal(flipped)
      expect(damagedBytes).toBeGreaterThan(0)
      for (const found of entries) expect(['one', 'two', 'three']).toContain(textOf(found))
      const first = journalMagic.length + parts[0]!.length
      if (at >> 3 >= first) expect(textOf(entries[0]!)).toBe('one')
    }
  })

  test('of before the first release is read by its own checksum', () => {
    const old = Buffer.concat([Buffer.from('MLJOURN0'), ...parts])
    for (let i = 0, at = 8; i < parts.length; at += parts[i++]!.length) {
      old.writeUInt32LE(crc32c(old.subarray(at + 8, at + parts[i]!.length)), at + 4)
    }
    expect(decodeJournal(old).entries.map(textOf)).toEqual(['one', 'two', 'three'])
    expect(decodeJournal(Buffer.concat([Buffer.from('MLJOURN0'), ...parts])).entries).toEqual([])
  })

  test('that is somebody else’s is all damage, and no error', () => {
    expect(decodeJournal(Buffer.from('hello, I am a text file'))).toEqual({ entries: [], damagedBytes: 23 })
    expect(decodeJournal(new Uint8Array())).toEqual({ entries: [], damagedBytes: 0 })
  })
})

describe('the journal', () => {
  test('answers an entry once it is on disk, and tells of it in the order of the entries', async () => {
    const folder = temporaryFolder()
    const journal = new Journal({ folder })
    const told: [string, number][] = []
    const append = async (text: string, slices: number): Promise<void> => {
      const recordings = Array.from({ length: slices }, () => 'b'.repeat(26))
      await journal.append(entry(text, recordings), position => told.push([text, position]))
      expect(readEntries(folder).map(textOf)).toContain(text)
    }
    await Promise.all([append('one', 1), append('two', 3), append('three', 1)])
    await append('four', 1)
    expect(told).toEqual([
      ['one', 1],
      ['two', 2],
      ['three', 5],
      ['four', 6]
    ])
    await journal.close()
  })

  test('puts what comes while one sync runs into the next one', async () => {
    const syncs: (() => void)[] = []
    const openFile = async (path: string): Promise<JournalFile> => {
      const file = await openJournalFile(path)
      return { ...file, sync: () => new Promise(resolve => syncs.push(resolve)) }
    }
    const journal = new Journal({ folder: temporaryFolder(), openFile })
    const answered: string[] = []
    const append = (text: string) =>
      journal.append(entry(text), () => undefined).then(() => answered.push(text))
    const first = append('one')
    await eventually(() => syncs.length === 1)
    const rest = [append('two'), append('three')]
    expect(answered).toEqual([])
    syncs[0]!()
    await first
    expect(answered).toEqual(['one'])
    await eventually(() => syncs.length === 2)
    syncs[1]!()
    await Promise.all(rest)
    expect(journal.statistics.commits).toBe(2)
    await journal.close()
  })

  test('never answers an entry whose sync failed, nor syncs that file again: the next entry gets a new file', async () => {
    const folder = temporaryFolder()
    const syncs: string[] = []
    let failing = true
    const openFile = async (path: string): Promise<JournalFile> => {
      const file = await openJournalFile(path)
      return {
        ...file,
        async sync() {
          syncs.push(path)
          if (failing) throw Object.assign(new Error('input/output error'), { code: 'EIO' })
          await file.sync()
        }
      }
    }
    const journal = new Journal({ folder, openFile })
    const durable: string[] = []
    const refused = journal.append(entry('lost'), () => durable.push('lost'))
    await expect(refused).rejects.toMatchObject({ code: 'unavailable' })
    expect(journal.problem).toContain('input/output error')
    failing = false
    await journal.append(entry('kept'), () => durable.push('kept'))
    expect(durable).toEqual(['kept'])
    expect(new Set(syncs).size).toBe(2)
    expect(syncs[0]).not.toBe(syncs[1])
    expect(journal.problem).toBeUndefined()
    await journal.close()
    expect(readEntries(folder).map(textOf)).toEqual(['kept'])
  })

  test('takes back what a failed sync left in a file, and keeps what that file had before', async () => {
    const folder = temporaryFolder()
    let failing = false
    const openFile = async (path: string): Promise<JournalFile> => {
      const file = await openJournalFile(path)
      return {
        ...file,
        sync: () => (failing ? Promise.reject(new Error('input/output error')) : file.sync())
      }
    }
    const journal = new Journal({ folder, openFile })
    await journal.append(entry('one'), () => undefined)
    await journal.append(entry('two'), () => undefined)
    failing = true
    await expect(journal.append(entry('lost'), () => undefined)).rejects.toThrow('input/output error')
    expect(readEntries(folder).map(textOf)).toEqual(['one', 'two'])
    await journal.close()
  })

  test('leaves no files behind while each commit fails', async () => {
    const folder = temporaryFolder()
    let full = true
    const openFile = async (path: string): Promise<JournalFile> => {
      const file = await openJournalFile(path)
      const append = async (parts: Uint8Array[]): Promise<void> => {
        // There is room for the first bytes of a file only.
        if (full && parts.length > 1) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' })
        await file.append(parts)
      }
      return { ...file, append }
    }
    const journal = new Journal({ folder, openFile })
    for (let i = 0; i < 3; i++)
      await expect(journal.append(entry('lost'), () => undefined)).rejects.toThrow(/no space left$/)
    expect(readdirSync(folder)).toEqual([])
    full = false
    await journal.append(entry('kept'), () => undefined)
    await journal.close()
    expect(readEntries(folder).map(textOf)).toEqual(['kept'])
  })

  test('refuses entries while no file can be opened, and takes them again afterwards', async () => {
    let full = true
    const openFile = async (path: string): Promise<JournalFile> => {
      if (full) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
      return openJournalFile(path)
    }
    const journal = new Journal({ folder: temporaryFolder(), openFile })
    await expect(journal.append(entry('one'), () => undefined)).rejects.toMatchObject({ code: 'unavailable' })
    full = false
    await journal.append(entry('one'), () => undefined)
    await journal.close()
  })

  test('deletes a file only when all of its places are covered and it is old enough', async () => {
    const folder = temporaryFolder()
    const journal = new Journal({ folder, rotateBytes: 1, keepMs: 10_000 })
    for (const text of ['one', 'two', 'three']) await journal.append(entry(text), () => undefined)
    const now = 1_000 + 10_000
    await journal.trim(2, now - 1)
    expect(readEntries(folder).map(textOf)).toEqual(['one', 'two', 'three'])
    await journal.trim(2, now)
    expect(readEntries(folder).map(textOf)).toEqual(['two', 'three'])
    await journal.close()
  })

  test('deletes later what it could not delete', async () => {
    const folder = temporaryFolder()
    let isFailing = true
    const removeFile = (path: string): Promise<void> =>
      isFailing ? Promise.reject(new Error('not now')) : unlink(path)
    const journal = new Journal({ folder, rotateBytes: 1, keepMs: 0, removeFile })
    for (const text of ['one', 'two', 'three']) await journal.append(entry(text), () => undefined)
    await expect(journal.trim(3, 2_000)).rejects.toThrow('not now')
    isFailing = false
    await journal.trim(3, 2_000)
    expect(readEntries(folder).map(textOf)).toEqual(['three'])
    await journal.close()
  })

  test('does not grow for as long as a clock was set back', async () => {
    const folder = temporaryFolder()
    const journal = new Journal({ folder, rotateAfterMs: 3_600_000, keepMs: 10_000 })
    const now = Date.now()
    await journal.append({ ...entry('before'), receivedMs: now }, () => undefined)
    await journal.trim(2, now)
    expect(readdirSync(folder)).toHaveLength(1)
    await journal.trim(2, now - 3_600_001)
    expect(readdirSync(folder)).toEqual([])
    await journal.close()
  })

  test('deletes a file of several entries only when the last of them is covered', async () => {
    const folder = temporaryFolder()
    const journal = new Journal({ folder, rotateBytes: 1, keepMs: 0 })
    const append = (text: string): Promise<void> => journal.append(entry(text), () => undefined)
    await Promise.all([append('one'), append('two')])
    await append('three')
    expect(readdirSync(folder)).toEqual(['000000001.journal', '000000002.journal'])
    await journal.trim(2, 2_000)
    expect(readEntries(folder).map(textOf)).toEqual(['one', 'two', 'three'])
    await journal.trim(3, 2_000)
    expect(readEntries(folder).map(textOf)).toEqual(['three'])
    await journal.close()
  })

  test('begins a new file when one is old enough, and lets an old one go though nothing comes any more', async () => {
    const folder = temporaryFolder()
    const aging = new Journal({ folder, rotateAfterMs: 0 })
    for (const text of ['one', 'two']) await aging.append(entry(text), () => undefined)
    expect(readdirSync(folder)).toHaveLength(2)
    await aging.close()

    const own = temporaryFolder()
    const quiet = new Journal({ folder: own, rotateAfterMs: 3_600_000, keepMs: 0 })
    await quiet.append(entry('last'), () => undefined)
    await quiet.trim(2, Date.now())
    expect(readdirSync(own)).toHaveLength(1)
    await quiet.trim(2, Date.now() + 3_600_001)
    expect(readdirSync(own)).toEqual([])
    await quiet.close()
  })

  test('begins a new file once one is as large as it may be', async () => {
    const folder = temporaryFolder()
    const one = Buffer.concat([journalMagic, ...encodeJournalEntry({ ...entry('one'), position: 1 })]).length
    const journal = new Journal({ folder, rotateBytes: one })
    for (const text of ['one', 'two']) await journal.append(entry(text), () => undefined)
    expect(readdirSync(folder)).toHaveLength(2)
    await journal.close()

    const own = temporaryFolder()
    const roomier = new Journal({ folder: own, rotateBytes: one + 1 })
    for (const text of ['one', 'two']) await roomier.append(entry(text), () => undefined)
    expect(readdirSync(own)).toHaveLength(1)
    await roomier.close()
  })

  test('commits no more often than it is told to: what comes meanwhile goes along', async () => {
    const commitEveryMs = 300
    const began: number[] = []
    const openFile = (path: string): Promise<JournalFile> => {
      began.push(performance.now())
      return openJournalFile(path)
    }
    const journal = new Journal({ folder: temporaryFolder(), openFile, commitEveryMs, rotateBytes: 1 })
    await journal.append(entry('one'), () => undefined)
    const two = journal.append(entry('two'), () => undefined)
    await new Promise(resolve => setImmediate(resolve))
    await Promise.all([two, journal.append(entry('three'), () => undefined)])
    expect(journal.statistics).toMatchObject({ commits: 2, entries: 3 })
    // A timer may be early by less than a millisecond.
    expect(began[1]! - began[0]!).toBeGreaterThan(commitEveryMs - 2)
    await journal.close()
  })

  test('knows the place of what waits as not taken yet, and is closed once all that waits is answered', async () => {
    const syncs: (() => void)[] = []
    const openFile = async (path: string): Promise<JournalFile> => {
      const file = await openJournalFile(path)
      return { ...file, sync: () => new Promise(resolve => syncs.push(resolve)) }
    }
    const folder = temporaryFolder()
    const journal = new Journal({ folder, openFile })
    const order: string[] = []
    const append = (text: string) => journal.append(entry(text), () => undefined).then(() => order.push(text))
    const first = append('one')
    await eventually(() => syncs.length === 1)
    const second = append('two')
    expect(journal.nextPosition).toBe(2)
    const closing = journal.close().then(() => order.push('closed'))
    syncs[0]!()
    await eventually(() => syncs.length === 2)
    syncs[1]!()
    await Promise.all([first, second, closing])
    expect(order).toEqual(['one', 'two', 'closed'])
    expect(readEntries(folder).map(textOf)).toEqual(['one', 'two'])
    expect(journal.nextPosition).toBe(3)
  })

  test('takes nothing after it was closed', async () => {
    const journal = new Journal({ folder: temporaryFolder() })
    await journal.close()
    await expect(journal.append(entry('late'), () => undefined)).rejects.toMatchObject({
      code: 'unavailable'
    })
  })
})

async function eventually(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(resolve => setImmediate(resolve))
}
